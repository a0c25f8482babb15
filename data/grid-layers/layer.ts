import type { MultiPolygonRings } from "../model/geometry.ts";

/** Whose layer: 党建 · 综治 · 城管 · 人社 · 市场监管 · 警务 · another's (domain.md 2.1). */
export const GRID_LAYER_KINDS = ["party", "governance", "urban", "hr", "market", "police", "other"] as const;
export type GridLayerKind = (typeof GRID_LAYER_KINDS)[number];

/** Words that tell whose a layer is, tried in this order. */
const KIND_WORDS: readonly (readonly [RegExp, GridLayerKind])[] = [
  [/党|party/i, "party"],
  [/城管|城市管理|urban/i, "urban"],
  [/人社|人力|社保|\bhr\b/i, "hr"],
  [/市场|工商|market/i, "market"],
  [/警|公安|police/i, "police"],
  [/综治|治理|政法|governance/i, "governance"],
];

/** Whose a layer is, by its name. */
export const layerKindOf = (name: string): GridLayerKind =>
  KIND_WORDS.find(([pattern]) => pattern.test(name))?.[1] ?? "other";

/** A grid: of a layer or a base grid. WGS 84 lon/lat. */
export interface GroundHolder {
  readonly id: string;
  readonly code: string;
  readonly geometry: MultiPolygonRings;
}

/** What decides which of a layer's grids answers for a base grid: most households, or most ground where none are known. */
export type MainBasis = "households" | "ground";

/** A layer's grid and a base grid that have ground in common. */
export interface LayerPair {
  readonly areaId: string;
  readonly gridId: string;
  /** Ground in common, m² on the ellipsoid. */
  readonly m2: number;
  /** Of it, what no other grid of the layer holds. */
  readonly soleM2: number;
  /** Of it, what is its own when ground of several goes to the lowest code, as points on a border do. */
  readonly ownedM2: number;
  /** The base grid's own ground. */
  readonly gridM2: number;
  /** True for the one that answers for the base grid. */
  readonly main: boolean;
  readonly basis: MainBasis;
  /** Households of the buildings on the ground in common; undefined where no building of the base grid is known. */
  readonly households: { readonly count: number; readonly exact: boolean } | undefined;
}

/** Shares of a base grid or of a layer's grid below this are where two hands drew one line, no overlap. */
export const SMALLEST_SHARE = 0.005;
