import { VectorTile, type VectorTileFeature } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";

/** A feature of a tile as an outside reader sees it. */
export interface ReadFeature {
  readonly id: number | undefined;
  readonly type: "Unknown" | "Point" | "LineString" | "Polygon";
  readonly properties: Readonly<Record<string, number | string | boolean>>;
  /** Parts of the geometry in units of the tile. */
  readonly parts: readonly (readonly (readonly [x: number, y: number])[])[];
}

export interface ReadLayer {
  readonly name: string;
  readonly version: number;
  readonly extent: number;
  readonly features: readonly ReadFeature[];
}

const TYPES = ["Unknown", "Point", "LineString", "Polygon"] as const;

function readFeature(feature: VectorTileFeature): ReadFeature {
  return {
    id: feature.id,
    type: TYPES[feature.type],
    properties: { ...feature.properties },
    parts: feature.loadGeometry().map((part) => part.map(({ x, y }) => [x, y] as const)),
  };
}

/** Reads a tile with the readers that MapLibre uses. */
export function readTile(bytes: Uint8Array): ReadLayer[] {
  const tile = new VectorTile(new PbfReader(bytes));
  return Object.values(tile.layers).map((layer) => ({
    name: layer.name,
    version: layer.version,
    extent: layer.extent,
    features: Array.from({ length: layer.length }, (_, i) => readFeature(layer.feature(i))),
  }));
}

/** Features of one layer of a tile; none where the tile is empty. */
export const featuresOf = (bytes: Uint8Array, layer: string): readonly ReadFeature[] =>
  readTile(bytes).find(({ name }) => name === layer)?.features ?? [];
