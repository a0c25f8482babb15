import type { Texture } from "@luma.gl/core";
import { INCIDENT_STATUSES, type IncidentStatus } from "../../../data/columns/status.ts";
import type { MapPalette } from "../../map/palette.ts";

/** Edge of an icon in the atlas, pixels; drawn at most half as large, so that 2× screens stay sharp. */
const ICON_PX = 64;
/** Steps of a ring's share. */
export const RING_STEPS = 24;

/** One picture that holds all signs, and where each stands in it. */
export interface IconAtlas {
  /** A canvas, which deck.gl makes a texture of; its types only name the texture. */
  readonly texture: Texture;
  readonly mapping: Readonly<Record<string, { x: number; y: number; width: number; height: number; mask: boolean }>>;
}

/**
 * Outlines on a 64 × 64 board, one shape per status: circle = in progress, triangle = due soon, diamond = late, square =
 * on hold, small dot = closed, dashed ring = doubtful position. SVG path data, the same in the legend.
 */
export const STATUS_PATHS: Readonly<Record<IncidentStatus, string>> = {
  open: "M32 10a22 22 0 1 0 .01 0z",
  due_soon: "M32 8 58 54H6z",
  late: "M32 3 61 32 32 61 3 32z",
  on_hold: "M12 12h40v40H12z",
  closed: "M32 19a13 13 0 1 0 .01 0z",
  suspicious: "M32 12a20 20 0 1 0 .01 0z",
};

/** Marks cut into the shape, in the colour of the ground. */
export const STATUS_GLYPHS: Readonly<Record<IncidentStatus, string>> = {
  open: "",
  due_soon: "M29 24h6v16h-6zM29 44h6v6h-6z",
  late: "M29 16h6v20h-6zM29 41h6v7h-6z",
  on_hold: "M22 21h7v22h-7zM35 21h7v22h-7z",
  closed: "",
  suspicious: "",
};

function drawStatus(context: CanvasRenderingContext2D, status: IncidentStatus, palette: MapPalette): void {
  const shape = new Path2D(STATUS_PATHS[status]);
  context.lineJoin = "round";
  if (status === "suspicious") {
    context.setLineDash([9, 7]);
    context.lineWidth = 6;
    context.strokeStyle = palette.status.suspicious;
    context.stroke(shape);
    context.setLineDash([]);
    context.fillStyle = palette.status.suspicious;
    context.font = "bold 28px sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText("?", 32, 33);
    return;
  }
  context.lineWidth = 7;
  context.strokeStyle = palette.halo;
  context.stroke(shape);
  context.fillStyle = palette.status[status];
  context.fill(shape);
  context.fillStyle = palette.theme === "dark" ? palette.halo : "#ffffff";
  context.fill(new Path2D(STATUS_GLYPHS[status]));
}

/** Ring around a cluster: white, tinted when drawn; clockwise from the top. */
function drawRing(context: CanvasRenderingContext2D, share: number): void {
  context.lineWidth = 5.5;
  context.strokeStyle = "#ffffff";
  context.beginPath();
  context.arc(32, 32, 27, -Math.PI / 2, -Math.PI / 2 + share * 2 * Math.PI);
  context.stroke();
}

const atlases = new Map<string, IconAtlas>();

/** The atlas of a theme; drawn once on a canvas of the page, nothing is fetched. */
export function incidentIcons(palette: MapPalette): IconAtlas {
  const known = atlases.get(palette.theme);
  if (known) return known;
  const names = [...INCIDENT_STATUSES, ...Array.from({ length: RING_STEPS }, (_, i) => `ring-${i + 1}`)];
  const across = 8;
  const canvas = document.createElement("canvas");
  canvas.width = across * ICON_PX;
  canvas.height = Math.ceil(names.length / across) * ICON_PX;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser cannot draw on a canvas");
  const mapping: Record<string, { x: number; y: number; width: number; height: number; mask: boolean }> = {};
  names.forEach((name, i) => {
    const [x, y] = [(i % across) * ICON_PX, Math.floor(i / across) * ICON_PX];
    const ring = name.startsWith("ring-");
    mapping[name] = { x, y, width: ICON_PX, height: ICON_PX, mask: ring };
    context.save();
    context.translate(x, y);
    if (ring) drawRing(context, Number(name.slice(5)) / RING_STEPS);
    else drawStatus(context, name as IncidentStatus, palette);
    context.restore();
  });
  const atlas = { texture: canvas as unknown as Texture, mapping };
  atlases.set(palette.theme, atlas);
  return atlas;
}

/** Ring of at least one step for a share above nothing, so that a single late case in a thousand still shows. */
export const ringName = (share: number): string =>
  `ring-${Math.min(RING_STEPS, Math.max(1, Math.round(share * RING_STEPS)))}`;
