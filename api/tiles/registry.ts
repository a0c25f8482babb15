import { AREAS, BUILDINGS, COMPOUNDS, GRIDS } from "./area-layers.ts";
import { CAMERAS } from "./camera-layer.ts";
import { INCIDENTS } from "./incident-layer.ts";
import { REFERENCE } from "./reference-layer.ts";
import type { CountyQuery, TileLayer } from "./tile-layer.ts";

/** Layers by their address under `/tiles`. */
export const TILE_LAYERS = {
  incidents: INCIDENTS,
  cameras: CAMERAS,
  areas: AREAS,
  grids: GRIDS,
  compounds: COMPOUNDS,
  buildings: BUILDINGS,
  reference: REFERENCE,
} as const;
export type TileLayerName = keyof typeof TILE_LAYERS;

/** A layer whose query is whatever its own `parameters` gave. */
export const tileLayer = (name: string): TileLayer<CountyQuery> | undefined =>
  Object.hasOwn(TILE_LAYERS, name)
    ? (TILE_LAYERS[name as TileLayerName] as unknown as TileLayer<CountyQuery>)
    : undefined;
