import type { IncidentStatus } from "../../data/columns/status.ts";
import type { CameraNetwork } from "../../data/model/camera.ts";
import type { Theme } from "../app/view-state.ts";

/** Red, green, blue 0–255. */
export type Rgb = readonly [number, number, number];

/** Colours of everything drawn with WebGL, which cannot read CSS variables; `web/theme/tokens.css` holds the same hues. */
export interface MapPalette {
  readonly theme: Theme;
  /** Outside the county. */
  readonly void: string;
  /** Inside the county. */
  readonly land: string;
  readonly water: string;
  readonly waterEdge: string;
  readonly green: string;
  readonly field: string;
  readonly road: {
    readonly arterial: string;
    readonly collector: string;
    readonly local: string;
    readonly casing: string;
  };
  readonly rail: string;
  readonly building: string;
  readonly buildingEdge: string;
  readonly compound: string;
  readonly outline: string;
  readonly outlineStrong: string;
  readonly accent: string;
  readonly text: string;
  readonly textMuted: string;
  readonly halo: string;
  readonly panel: string;
  /** Ground of status at county zoom: owned, expired, nobody. */
  readonly owned: string;
  readonly expired: string;
  readonly unowned: string;
  /** Fill per responsible unit; neighbours differ by graph colouring, the name stands beside it. */
  readonly units: readonly string[];
  readonly status: Readonly<Record<IncidentStatus, string>>;
  readonly network: Readonly<Record<CameraNetwork, string>>;
  readonly offline: string;
}

/**
 * Twelve hues in OKLCH at equal chroma and two alternating lightnesses, 30° apart, starting at blue. Blue-cyan of the
 * accent and the vermilion of "late" are left out, so that an owner never looks like an alarm.
 */
const UNITS_DARK = [
  "#4f7fd6",
  "#3fa7a0",
  "#8a6fd1",
  "#6fa84f",
  "#b565b8",
  "#2f8f6b",
  "#c07f9e",
  "#8c9a3a",
  "#6a94b8",
  "#a8874a",
  "#7f7fb0",
  "#5f9a86",
];
const UNITS_LIGHT = [
  "#7ba3ea",
  "#6cc4bd",
  "#ab96e3",
  "#97c57b",
  "#cf92d2",
  "#66b596",
  "#d9a5bd",
  "#b5c168",
  "#96b8d4",
  "#cbb07c",
  "#a6a6cf",
  "#90bfae",
];

/**
 * Status hues follow Okabe and Ito (Color Universal Design, 2008), which stay apart under protanopia, deuteranopia and
 * tritanopia; every status has a shape of its own besides.
 */
export const PALETTES: Readonly<Record<Theme, MapPalette>> = {
  dark: {
    theme: "dark",
    void: "#050912",
    land: "#0a121f",
    water: "#10304d",
    waterEdge: "#1b4a72",
    green: "#0d231f",
    field: "#0c1a1d",
    road: { arterial: "#33455f", collector: "#223149", local: "#1a2638", casing: "#070d17" },
    rail: "#33415a",
    building: "#1b2a42",
    buildingEdge: "#2b3f5e",
    compound: "#131f33",
    outline: "#3c5879",
    outlineStrong: "#7fa3cc",
    accent: "#4cc2ff",
    text: "#e6eef8",
    textMuted: "#9db2cc",
    halo: "#070d18",
    panel: "#0d1728",
    owned: "#2b6cb0",
    expired: "#d9a441",
    unowned: "#7d8794",
    units: UNITS_DARK,
    status: {
      open: "#56b4e9",
      due_soon: "#f2c14e",
      late: "#ff7a52",
      closed: "#6f8097",
      on_hold: "#c58fc4",
      suspicious: "#8b94a1",
    },
    network: { xueliang: "#4fd1a5", tianwang: "#7aa7ff", huiyan: "#e3b34c", unit: "#a6b4c6" },
    offline: "#727d8c",
  },
  light: {
    theme: "light",
    void: "#dfe5ec",
    land: "#f5f7f9",
    water: "#b9d5ea",
    waterEdge: "#94bcd9",
    green: "#d8e8d3",
    field: "#ebefdf",
    road: { arterial: "#ffffff", collector: "#ffffff", local: "#fdfdfd", casing: "#ccd4de" },
    rail: "#a9b3c0",
    building: "#dde2e9",
    buildingEdge: "#c2cad5",
    compound: "#edf0f4",
    outline: "#8fa3ba",
    outlineStrong: "#41597a",
    accent: "#0060a8",
    text: "#152238",
    textMuted: "#4a5c74",
    halo: "#ffffff",
    panel: "#ffffff",
    owned: "#6fa3d8",
    expired: "#e0a52e",
    unowned: "#a4aeba",
    units: UNITS_LIGHT,
    status: {
      open: "#0072b2",
      due_soon: "#a87400",
      late: "#c8431a",
      closed: "#7f8c9d",
      on_hold: "#a0559d",
      suspicious: "#78828f",
    },
    network: { xueliang: "#00805e", tianwang: "#2f62c9", huiyan: "#9a6a00", unit: "#5b6a7d" },
    offline: "#8a94a1",
  },
};

/** `#rrggbb` to numbers. */
export function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** `#rrggbb` to red, green, blue, alpha 0–255. */
export const rgba = (hex: string, alpha: number): [number, number, number, number] => [...rgb(hex), alpha];

/** Colour of a unit by its index of `colourGraph`; beyond the palette hues repeat one step darker. */
export function unitColour(palette: MapPalette, index: number): string {
  const base = palette.units[index % palette.units.length] as string;
  const rounds = Math.floor(index / palette.units.length);
  if (rounds === 0) return base;
  const factor = 0.72 ** rounds;
  return `#${rgb(base)
    .map((part) =>
      Math.round(part * factor)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}
