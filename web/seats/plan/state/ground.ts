import type { Home } from "../../../../data/blocks/homes.ts";
import type { LatticePoint } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import type { MeteredPoints } from "../../../../data/coverage/plan-graph/metered-points.ts";
import type { AreaKind } from "../../../../data/model/area.ts";
import type { MultiPolygonRings } from "../../../../data/model/geometry.ts";

/** A grid as it is today. */
export interface GroundCell {
  /** Row id of the area. */
  readonly id: string;
  readonly code: string;
  readonly kind: AreaKind;
  readonly name: string;
  readonly geometry: MultiPolygonRings;
}

/** Code of the grid that a cell is, or lies in: a micro-grid's figures are judged with those of its grid. */
export const gridOfCode = (code: string): string => code.slice(0, 15);
/** Code of the community that a cell lies in. */
export const communityOfCode = (code: string): string => code.slice(0, 12);

/** Points with how many households each stands for. */
export interface GroundPoints {
  readonly x: Int32Array;
  readonly y: Int32Array;
  readonly count: Int32Array;
}

/** A line or the rim of a block that borders may follow. */
export interface ReferenceLine {
  readonly kind: string;
  readonly rank: string;
  readonly name: string | null;
  readonly line: readonly LatticePoint[];
}

/** A residential compound or a street block: ground that is handed over as a whole. */
export interface GroundBlock {
  readonly id: string;
  readonly name: string;
  readonly geometry: MultiPolygonRings;
}

/** All that a plan is drawn on. */
export interface Ground {
  readonly county: string;
  /** Code of the area that is planned. */
  readonly scope: string;
  readonly cells: readonly GroundCell[];
  /** Buildings with their households, as they are drawn. */
  readonly buildings: GroundPoints;
  /** All that is counted by place: households, cameras, open cases, staff. */
  readonly points: MeteredPoints;
  /** Whether anything is known of households; where nothing is, none is no answer. */
  readonly householdsKnown: boolean;
  readonly reference: readonly ReferenceLine[];
  readonly blocks: readonly GroundBlock[];
  /** Codes that areas inside had and no longer have: they are not given again. */
  readonly retired: readonly string[];
  /** Households by place, with the compound that each building belongs to. */
  readonly homes: readonly Home[];
}
