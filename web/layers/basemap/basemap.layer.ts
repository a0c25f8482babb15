import type { ExpressionSpecification, LayerSpecification, RasterLayerSpecification } from "maplibre-gl";
import type { BaseMapDescription } from "../../../data/basemap/base-map.ts";
import type { MapPalette } from "../../map/palette.ts";
import { memoLast, type Scene, type StylePart, type TileSource } from "../../map/scene.ts";
import { styleZoom } from "../feature.ts";

const NOTHING: StylePart = { sources: {}, layers: [] };

/** Is a base map under everything else? Grounds of our own would hide it. */
export const hasBaseMap = ({ view, data }: Pick<Scene, "view" | "data">): boolean =>
  view.layers.includes("basemap") && !!data.basemap;

/** How pictures are held back behind the data: dimmed on the dark wall, a little pale on the light desk. */
const HELD_BACK: Readonly<Record<MapPalette["theme"], RasterLayerSpecification["paint"]>> = {
  dark: {
    "raster-brightness-max": 0.42,
    "raster-saturation": -0.45,
    "raster-contrast": 0.12,
    "raster-fade-duration": 0,
  },
  light: { "raster-saturation": -0.25, "raster-opacity": 0.9, "raster-fade-duration": 0 },
};

/** One picture or vector layer per source layer that the common schemas (Protomaps, OpenMapTiles, Shortbread) name. */
function vectorLayers(source: string, palette: MapPalette, scale: number): LayerSpecification[] {
  const fill = (layer: string, colour: string): LayerSpecification => ({
    id: `${source}:${layer}`,
    type: "fill",
    source,
    "source-layer": layer,
    filter: ["==", ["geometry-type"], "Polygon"],
    paint: { "fill-color": colour, "fill-antialias": false },
  });
  const width = (thin: number, wide: number): ExpressionSpecification => [
    "interpolate",
    ["exponential", 1.5],
    ["zoom"],
    styleZoom(8, scale),
    thin * scale,
    styleZoom(17, scale),
    wide * scale,
  ];
  const line = (layer: string, colour: string, thin: number, wide: number): LayerSpecification => ({
    id: `${source}:${layer}:line`,
    type: "line",
    source,
    "source-layer": layer,
    filter: ["==", ["geometry-type"], "LineString"],
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": colour, "line-width": width(thin, wide) },
  });
  const { land, green, field, water, waterEdge, building, road } = palette;
  return [
    ...["earth", "land"].map((layer) => fill(layer, land)),
    ...["landcover", "landuse", "natural"].map((layer) => fill(layer, field)),
    fill("park", green),
    ...["water", "water_polygons", "ocean"].map((layer) => fill(layer, water)),
    ...["water", "waterway", "water_lines"].map((layer) => line(layer, waterEdge, 0.5, 4)),
    ...["buildings", "building"].map((layer) => fill(layer, building)),
    ...["roads", "transportation", "streets"].map((layer) => line(layer, road.arterial, 0.4, 9)),
  ];
}

const source = memoLast(
  (map: BaseMapDescription): TileSource => ({
    ...{ type: map.type, tiles: map.tiles, minzoom: map.minzoom, maxzoom: map.maxzoom },
    ...(map.type === "raster" ? { tileSize: map.tileSize } : {}),
    ...(map.bounds ? { bounds: map.bounds } : {}),
  }),
);

const layersOf = memoLast((map: BaseMapDescription, palette: MapPalette, scale: number): LayerSpecification[] => {
  const id = idOf(map);
  return map.type === "vector"
    ? vectorLayers(id, palette, scale)
    : [{ id: `${id}:pictures`, type: "raster", source: id, paint: { ...HELD_BACK[palette.theme] } }];
});

/** Another map is another source: its address, zooms and kind may all differ. */
const idOf = ({ county, tiles }: BaseMapDescription): string => `basemap:${county}:${tiles.split("v=")[1] ?? ""}`;

/**
 * The county's own base map under everything else. Names and borders of vector maps are not drawn: those of the county's
 * own areas are, and are the ones that were checked.
 */
export function basemapStyle(scene: Scene): StylePart {
  const map = scene.data.basemap;
  if (!map || !hasBaseMap(scene)) return NOTHING;
  return { sources: { [idOf(map)]: source(map) }, layers: layersOf(map, scene.palette, scene.scale) };
}
