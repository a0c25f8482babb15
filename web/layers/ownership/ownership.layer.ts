import type { LayerSpecification } from "maplibre-gl";
import type { FeatureCollection } from "../../../data/model/geojson.ts";
import type { AreaIndex } from "../../map/area-index.ts";
import type { MapPalette } from "../../map/palette.ts";
import { memoLast, type Scene, type StylePart } from "../../map/scene.ts";
import { collection, feature } from "../feature.ts";
import { labelLayer } from "../labels/label-layer.ts";
import { ownershipColour, ownershipUnits, showsUnits, unitNameFits } from "./ownership.ts";

const areas = memoLast((index: AreaIndex, palette: MapPalette, byUnit: boolean): FeatureCollection => {
  const units = ownershipUnits(index);
  return collection(
    index.lowest.map((area) =>
      feature(area.geometry, {
        code: area.code,
        unit: area.owner?.id ?? "",
        status: area.owner?.status ?? "unowned",
        fill: ownershipColour(palette, units, area.owner, byUnit),
      }),
    ),
  );
});

const NAME_SIZE = 12;
/** One name per unit and patch of touching grids would need a union; one per grid is what a leader reads off the map. */
const names = memoLast((index: AreaIndex, palette: MapPalette, zoom: number): FeatureCollection => {
  return collection(
    index.lowest.flatMap((area) =>
      area.owner && unitNameFits(index, area.code, area.owner.name, NAME_SIZE, zoom)
        ? [
            feature(
              { type: "Point", coordinates: area.label },
              { text: area.owner.name, second: "", rank: 3, size: NAME_SIZE, colour: palette.text },
            ),
          ]
        : [],
    ),
  );
});

const layers = memoLast((palette: MapPalette, scale: number, byUnit: boolean, chosen: string): LayerSpecification[] => {
  const usual = palette.theme === "dark" ? (byUnit ? 0.5 : 0.42) : byUnit ? 0.6 : 0.5;
  return [
    {
      id: "ownership-fill",
      type: "fill",
      source: "ownership",
      paint: {
        "fill-color": ["get", "fill"],
        "fill-opacity": chosen
          ? ["case", ["==", ["get", "unit"], chosen], 0.85, 0.16]
          : ["match", ["get", "status"], "unowned", 0.4, usual],
      },
    },
    {
      id: "ownership-expired",
      type: "fill",
      source: "ownership",
      filter: ["==", ["get", "status"], "expired"],
      paint: { "fill-pattern": hatchName(palette, scale), "fill-opacity": 0.6 },
    },
    {
      id: "ownership-border",
      type: "line",
      source: "ownership",
      paint: { "line-color": palette.land, "line-width": (byUnit ? 1 : 0.4) * scale, "line-opacity": 0.7 },
    },
    {
      id: "ownership-chosen",
      type: "line",
      source: "ownership",
      filter: ["all", ["!=", ["get", "unit"], ""], ["==", ["get", "unit"], chosen]],
      layout: { "line-join": "round" },
      paint: { "line-color": palette.text, "line-width": 2 * scale },
    },
  ];
});

/** Who answers for each of the lowest grids. */
export function ownershipStyle(scene: Scene): StylePart {
  const { index, palette, scale, view } = scene;
  const byUnit = showsUnits(scene);
  // With the names layer on, a grid's name and its unit are one label and cannot be parted.
  const ownNames = byUnit && !view.layers.includes("labels");
  return {
    sources: {
      ownership: areas(index, palette, byUnit),
      ...(ownNames ? { "ownership-names": names(index, palette, scene.zoom) } : {}),
    },
    layers: [
      ...layers(palette, scale, byUnit, view.organisationId ?? ""),
      ...(ownNames ? [labelLayer("ownership-names", palette, scale)] : []),
    ],
  };
}

/** Name under which the map knows the hatch of a theme and scale. */
export const hatchName = (palette: MapPalette, scale: number): string => `hatch-${palette.theme}-${scale}`;

/** Edge of the hatch's tile in pixels; it repeats without a seam. */
const HATCH_PX = 12;

/** Diagonal hatch as RGBA pixels: the sign of an expired contract that needs no colour. */
export function hatch(colour: readonly [number, number, number], scale: number) {
  const size = Math.round(HATCH_PX * scale);
  const data = new Uint8ClampedArray(size * size * 4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      // Distance from the closest diagonal, in pixels across it; half a pixel of soft edge.
      const across = Math.abs(((((x + y) % size) + size) % size) - size / 2) / Math.SQRT2;
      const alpha = Math.max(0, Math.min(1, 1.15 * scale + 0.5 - across));
      data.set([...colour, Math.round(alpha * 255)], (y * size + x) * 4);
    }
  }
  return { width: size, height: size, data };
}
