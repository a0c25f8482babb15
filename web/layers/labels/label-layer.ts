import type { SymbolLayerSpecification } from "maplibre-gl";
import type { MapPalette } from "../../map/palette.ts";

/**
 * Symbol layer for point features with `text`, `second` (a smaller line below, or ""), `rank` (smaller is placed first),
 * `size` (pixels at scale 1) and `colour`. MapLibre drops a name that would overlap another; glyphs are drawn by the
 * browser from local fonts, so nothing is fetched.
 */
export const labelLayer = (
  source: string,
  palette: MapPalette,
  scale: number,
  weight: "Regular" | "Bold" = "Regular",
): SymbolLayerSpecification => ({
  id: source,
  type: "symbol",
  source,
  layout: {
    "text-field": [
      "case",
      ["==", ["get", "second"], ""],
      ["get", "text"],
      ["format", ["get", "text"], {}, "\n", {}, ["get", "second"], { "font-scale": 0.86 }],
    ],
    "text-font": [`Noto Sans CJK SC ${weight}`],
    "text-size": ["*", ["get", "size"], scale],
    "text-max-width": 9,
    "text-line-height": 1.25,
    "text-padding": 3 * scale,
    // A name moves aside for a sign before it gives up.
    "text-variable-anchor": ["center", "bottom", "top", "left", "right"],
    "text-radial-offset": 1.3,
    "text-justify": "center",
    "symbol-sort-key": ["get", "rank"],
  },
  paint: {
    "text-color": ["get", "colour"],
    "text-halo-color": palette.halo,
    "text-halo-width": 1.6 * scale,
    "text-halo-blur": 0.4 * scale,
  },
});
