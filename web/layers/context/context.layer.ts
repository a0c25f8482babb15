import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import type { FeatureCollection } from "../../../data/model/geojson.ts";
import type { GroundKind } from "../../app/view-state.ts";
import type { AreaIndex } from "../../map/area-index.ts";
import type { MapPalette } from "../../map/palette.ts";
import { memoLast, type Scene, type StylePart, type TileSource } from "../../map/scene.ts";
import { hasBaseMap } from "../basemap/basemap.layer.ts";
import { collection, feature, NO_FEATURES, styleZoom } from "../feature.ts";

/** From here on buildings are larger than a dot, and worth fetching. */
export const FOOTPRINTS_FROM_ZOOM = 14.5;

const land = memoLast((index: AreaIndex): FeatureCollection => {
  const counties = index.areas.filter((area) => area.level === "county");
  return collection(counties.map((area) => feature(area.geometry, { code: area.code })));
});

type RoadRank = "arterial" | "collector" | "local";
/** Width in pixels at scale 1 at zooms 10, 13, 16 and 19. */
const ROAD_WIDTHS: Readonly<Record<RoadRank, readonly [number, number, number, number]>> = {
  arterial: [1.2, 2.6, 9, 34],
  collector: [0.5, 1.4, 6, 24],
  local: [0, 0.7, 3.4, 15],
};
const BLOCKS_FROM_ZOOM = 12;
const ROAD_FROM_ZOOM: Readonly<Record<RoadRank, number>> = { arterial: 0, collector: 10, local: 12.5 };

const width = (rank: RoadRank, scale: number, extra: number): ExpressionSpecification => {
  const [z10, z13, z16, z19] = ROAD_WIDTHS[rank];
  const at = (zoom: number, px: number) => [styleZoom(zoom, scale), (px + extra) * scale] as const;
  return [
    "interpolate",
    ["exponential", 1.4],
    ["zoom"],
    ...at(10, z10),
    ...at(13, z13),
    ...at(16, z16),
    ...at(19, z19),
  ] as unknown as ExpressionSpecification;
};

const ranked = (...ranks: string[]): ExpressionSpecification => ["in", ["get", "rank"], ["literal", ranks]];

const POLYGON: ExpressionSpecification = ["==", ["geometry-type"], "Polygon"];
const LINE: ExpressionSpecification = ["==", ["geometry-type"], "LineString"];

function grounds(palette: MapPalette): LayerSpecification[] {
  return [
    { id: "land", type: "fill", source: "land", paint: { "fill-color": palette.land, "fill-antialias": false } },
    {
      id: "fields",
      type: "fill",
      source: "reference",
      "source-layer": "green",
      filter: ["all", POLYGON, ranked("field")],
      paint: { "fill-color": palette.field },
    },
    {
      id: "parks",
      type: "fill",
      source: "reference",
      "source-layer": "green",
      filter: ["all", POLYGON, ranked("park")],
      paint: { "fill-color": palette.green },
    },
  ];
}

function water(palette: MapPalette, scale: number): LayerSpecification[] {
  return [
    {
      id: "water-areas",
      type: "fill",
      source: "reference",
      "source-layer": "water",
      filter: POLYGON,
      paint: { "fill-color": palette.water, "fill-outline-color": palette.waterEdge },
    },
    {
      id: "water-lines",
      type: "line",
      source: "reference",
      "source-layer": "water",
      filter: LINE,
      layout: { "line-cap": "round", "line-join": "round" },
      paint: {
        "line-color": palette.water,
        "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 9, 1.5 * scale, 13, 4 * scale, 17, 22 * scale],
      },
    },
  ];
}

function roads(palette: MapPalette, scale: number): LayerSpecification[] {
  const ranks: readonly RoadRank[] = ["local", "collector", "arterial"];
  const line = (rank: RoadRank, part: "casing" | "road"): LayerSpecification => ({
    id: `road-${rank}-${part}`,
    type: "line",
    source: "reference",
    "source-layer": "roads",
    minzoom: styleZoom(ROAD_FROM_ZOOM[rank], scale),
    filter: ranked(rank),
    layout: { "line-cap": "round", "line-join": "round" },
    paint: {
      "line-color": part === "casing" ? palette.road.casing : palette.road[rank],
      "line-width": width(rank, scale, part === "casing" ? 1.6 : 0),
    },
  });
  // All casings under all roads, so that crossings look like crossings.
  return [...ranks.map((rank) => line(rank, "casing")), ...ranks.map((rank) => line(rank, "road"))];
}

function railway(palette: MapPalette, scale: number): LayerSpecification[] {
  return [
    {
      id: "rail",
      type: "line",
      source: "reference",
      "source-layer": "railways",
      paint: { "line-color": palette.rail, "line-width": 2.4 * scale },
    },
    {
      id: "rail-ties",
      type: "line",
      source: "reference",
      "source-layer": "railways",
      paint: { "line-color": palette.land, "line-width": 1.1 * scale, "line-dasharray": [6, 6] },
    },
  ];
}

function buildings(palette: MapPalette, scale: number): LayerSpecification[] {
  const minzoom = styleZoom(FOOTPRINTS_FROM_ZOOM, scale);
  return [
    {
      id: "compounds",
      type: "fill",
      source: "compounds",
      minzoom,
      paint: { "fill-color": palette.compound, "fill-outline-color": palette.buildingEdge },
    },
    {
      id: "footprints",
      type: "fill",
      source: "footprints",
      minzoom,
      paint: { "fill-color": palette.building, "fill-outline-color": palette.buildingEdge },
    },
  ];
}

/** Names of roads run along them where there is room; the name of an area goes first. */
const NAMES_FROM_ZOOM: Readonly<Record<RoadRank, number>> = { arterial: 12.5, collector: 14, local: 15.5 };

const roadNames = (palette: MapPalette, scale: number): LayerSpecification[] =>
  (["local", "collector", "arterial"] as const).map((rank) => ({
    id: `road-${rank}-names`,
    type: "symbol",
    source: "reference",
    "source-layer": "roads",
    minzoom: styleZoom(NAMES_FROM_ZOOM[rank], scale),
    filter: ["all", ranked(rank), ["has", "name"]],
    layout: {
      "symbol-placement": "line",
      "symbol-spacing": 320 * scale,
      "text-field": ["get", "name"],
      "text-font": ["Noto Sans CJK SC Regular"],
      "text-size": (rank === "arterial" ? 12 : 11) * scale,
      "text-letter-spacing": 0.08,
      "text-padding": 6 * scale,
    },
    paint: {
      "text-color": palette.textMuted,
      "text-halo-color": palette.halo,
      "text-halo-width": 1.4 * scale,
    },
  }));

/** Blocks between streets: an outline to read a plan by, and nothing that competes with an area's fill. */
const blocks = (palette: MapPalette, scale: number): LayerSpecification[] => [
  {
    id: "blocks",
    type: "line",
    source: "reference",
    "source-layer": "blocks",
    minzoom: styleZoom(BLOCKS_FROM_ZOOM, scale),
    paint: { "line-color": palette.textMuted, "line-opacity": 0.6, "line-width": scale, "line-dasharray": [3, 2] },
  },
];

const layers = memoLast(
  (palette: MapPalette, scale: number, kinds: readonly GroundKind[], overMap: boolean): LayerSpecification[] => {
    const when = (kind: GroundKind, made: LayerSpecification[]): LayerSpecification[] =>
      kinds.includes(kind) ? made : [];
    return [
      ...(overMap ? [] : grounds(palette)),
      ...when("water", water(palette, scale)),
      ...buildings(palette, scale),
      ...when("blocks", blocks(palette, scale)),
      ...when("roads", roads(palette, scale)),
      ...when("railways", railway(palette, scale)),
      ...when("roads", roadNames(palette, scale)),
    ];
  },
);

/** Roads, water, railways, green and blocks of the county as tiles. @param _loads new with each load: asked for again */
const reference = memoLast(
  (county: string, _loads: number): TileSource => ({
    type: "vector",
    tiles: `/tiles/reference/{z}/{x}/{y}.mvt?county=${county}`,
    minzoom: 0,
    maxzoom: 16,
  }),
);

/** The look of the place under everything else: subdued, so that data stands out. */
export function contextStyle(scene: Scene): StylePart {
  const { data, palette, scale, view } = scene;
  return {
    sources: {
      land: land(scene.index),
      ...(data.county ? { reference: reference(data.county, data.loads) } : {}),
      compounds: data.compounds ?? NO_FEATURES,
      footprints: data.footprints ?? NO_FEATURES,
    },
    layers: data.county ? layers(palette, scale, view.ground, hasBaseMap(scene)) : [],
  };
}
