import type { BaseMapDescription } from "../../data/basemap/base-map.ts";
import type { AreaKind } from "../../data/model/area.ts";
import type { AreaLevel } from "../../data/model/codes.ts";
import type { FeatureCollection } from "../../data/model/geojson.ts";
import type { LonLat, MultiPolygonRings } from "../../data/model/geometry.ts";

/** An area as the map knows it (`/columns/areas`). */
export interface AreaFeature {
  readonly code: string;
  readonly id: string;
  readonly name: string;
  readonly level: AreaLevel;
  readonly kind: AreaKind;
  readonly urban: boolean;
  readonly households: number | null;
  /** False: an estimate, shown with ≈. */
  readonly householdsExact: boolean;
  readonly areaM2: number;
  readonly label: LonLat;
  /** Responsible unit of the lowest grids; null on the levels above. */
  readonly owner: {
    readonly id: string;
    readonly name: string;
    readonly status: "owned" | "expired";
  } | null;
  readonly geometry: { readonly type: "MultiPolygon"; readonly coordinates: MultiPolygonRings };
}

/** Cameras as columns: azimuth in tenths of a degree (65535 = all-round), angle in degrees, range in metres. */
export interface CameraColumns {
  readonly rows: number;
  readonly lon: Int32Array;
  readonly lat: Int32Array;
  readonly azimuth: Uint16Array;
  readonly angle: Uint16Array;
  readonly range: Uint16Array;
  readonly network: Uint8Array;
  readonly status: Uint8Array;
  readonly grid: Uint32Array;
  readonly grids: readonly string[];
  /** Global id and name of each row. */
  readonly ids: readonly string[];
  readonly names: readonly string[];
}

/** Buildings as columns: centre, households, deepest area. */
export interface BuildingColumns {
  readonly rows: number;
  readonly lon: Int32Array;
  readonly lat: Int32Array;
  readonly households: Uint16Array;
  readonly grid: Uint32Array;
  readonly grids: readonly string[];
}

export type LoadState = "idle" | "loading" | "ready" | "error";

/** Parts of a county that are fetched on their own. */
export const COUNTY_PARTS = [
  "areas",
  "incidents",
  "cameras",
  "buildings",
  "basemap",
  "context",
  "footprints",
  "compounds",
] as const;
export type CountyPart = (typeof COUNTY_PARTS)[number];

/** What the page holds of one county. Parts arrive one by one; each has its own state. */
export interface CountyData {
  readonly county: string;
  readonly areas: readonly AreaFeature[];
  readonly cameras: CameraColumns | undefined;
  readonly buildings: BuildingColumns | undefined;
  /** Roads, water, railways and green as features: what borders are snapped to. The map draws them from tiles. */
  readonly context: FeatureCollection | undefined;
  /** The county's own base map; null = it has none. */
  readonly basemap: BaseMapDescription | null | undefined;
  /** How often its areas came anew: what is drawn from tiles is asked for again then. */
  readonly loads: number;
  /** Outlines of buildings and of compounds: only fetched when the map is close enough to show them. */
  readonly footprints: FeatureCollection | undefined;
  readonly compounds: FeatureCollection | undefined;
  readonly states: Readonly<Record<CountyPart, LoadState>>;
  /** First error in words; undefined when all is well. */
  readonly error: string | undefined;
}
