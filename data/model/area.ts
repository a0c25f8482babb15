import type { AreaLevel } from "./codes.ts";
import type { LonLat, MultiPolygonRings } from "./geometry.ts";
import type { Uuid } from "./ids.ts";

/**
 * Kind of an area within its level.
 * county: county · town: street | town | township · community: community | village · grid: basic | dedicated · micro: micro
 * (dedicated grids are parks, schools, malls: DB6101/T 3185).
 */
export const AREA_KINDS = [
  "county",
  "street",
  "town",
  "township",
  "community",
  "village",
  "basic",
  "dedicated",
  "micro",
] as const;
export type AreaKind = (typeof AREA_KINDS)[number];

/** Kinds that areas of a level can have. */
export const KINDS_OF_LEVEL: Readonly<Record<AreaLevel, readonly AreaKind[]>> = {
  county: ["county"],
  town: ["street", "town", "township"],
  community: ["community", "village"],
  grid: ["basic", "dedicated"],
  micro: ["micro"],
};

/** One version of an area as generated or imported; the database adds its validity. */
export interface AreaRecord {
  /** Immutable id of the area, not of the version. */
  readonly id: Uuid;
  readonly code: string;
  readonly level: AreaLevel;
  readonly kind: AreaKind;
  readonly name: string;
  readonly nameSort: string;
  readonly urban: boolean;
  /** Households living inside; null when unknown. Children sum to the parent. */
  readonly households: number | null;
  /** WGS 84 lon/lat, snapped to the 1e-7 degree lattice; children tile their parent exactly. */
  readonly geometry: MultiPolygonRings;
  /** A point inside, for the label. */
  readonly label: LonLat;
  /** The code or id it had in the source file. */
  readonly sourceRef?: string;
}

export const COMPOUND_KINDS = ["residential", "village_cluster", "institution", "commercial"] as const;
export type CompoundKind = (typeof COMPOUND_KINDS)[number];

export interface CompoundRecord {
  readonly id: Uuid;
  /** Community (12 digits) that it belongs to. */
  readonly communityCode: string;
  readonly kind: CompoundKind;
  readonly name: string;
  readonly nameSort: string;
  readonly households: number;
  readonly geometry: MultiPolygonRings;
}

/** Grid and compound are many-to-many; `share` is the part of the compound's households in the grid, 0 < share ≤ 1. */
export interface GridCompoundRecord {
  readonly gridId: Uuid;
  readonly compoundId: Uuid;
  readonly share: number;
}

export interface BuildingRecord {
  readonly id: Uuid;
  readonly compoundId: Uuid | null;
  /** Code of the deepest area that it stands in. */
  readonly scopeCode: string;
  readonly floors: number;
  readonly households: number;
  readonly geometry: MultiPolygonRings;
  readonly label: LonLat;
}

export const CONTEXT_KINDS = ["road", "water", "rail", "green", "block"] as const;
export type ContextKind = (typeof CONTEXT_KINDS)[number];

/** A line or area that gives the map its look, and that borders are snapped to: roads, water, railways, parks, street blocks. */
export interface ContextRecord {
  readonly id: Uuid;
  readonly kind: ContextKind;
  /** Roads: arterial | collector | local · water: river | lake · rail: rail · green: park | field · block: block. */
  readonly rank: string;
  readonly name: string | null;
  readonly geometry:
    | { readonly type: "MultiLineString"; readonly coordinates: readonly (readonly LonLat[])[] }
    | { readonly type: "MultiPolygon"; readonly coordinates: MultiPolygonRings };
}
