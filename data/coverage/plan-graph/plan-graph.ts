import type { AreaKind } from "../../model/area.ts";
import type { ArcIndex } from "./arc-index.ts";
import type { Chunked } from "./chunked.ts";
import type { Keyed } from "./keyed.ts";

/** Id of a cell for the life of a plan: the area's id for what exists, `new:<n>` for what the plan makes. */
export type CellId = string;

/** Number of an arc when it runs as stored, `~number` when it runs back; the face of a reference lies on its left. */
export type ArcRef = number;

/** The face around everything. */
export const OUTSIDE_FACE = 0;

/** A stretch of border between two nodes, stored once for both sides. */
export interface Arc {
  /** Lattice corners x0, y0, x1, y1 … from the first node to the last, ends included. Never written to. */
  readonly line: Int32Array;
  readonly from: number;
  readonly to: number;
  /** Faces on either side, as the arc runs. */
  readonly left: number;
  readonly right: number;
}

/** A point where arcs meet: three or more, or the one point at which a closed border begins. */
export interface PlanNode {
  readonly x: number;
  readonly y: number;
  /** References that leave the point, counter-clockwise from due east. */
  readonly out: readonly ArcRef[];
}

/** Ground that hangs together and belongs to one cell, or to nobody (a gap, and the outside). */
export interface Face {
  /** Null: nobody's. */
  readonly cell: CellId | null;
  /** Other cells that claimed the ground when the graph was built: an overlap until somebody decides. */
  readonly claims: readonly CellId[];
  /** One reference of each closed walk around the face; the outer walk first. The outside has no outer one. */
  readonly walks: readonly ArcRef[];
}

/** A grid (or an area of another level) with its ground. */
export interface PlanCell {
  readonly id: CellId;
  readonly code: string | null;
  readonly kind: AreaKind;
  readonly name: string;
  /** Code of the area above, whose ground it divides (a grid's community); null where codes do not say. */
  readonly parent: string | null;
  /** Faces that are its ground; more than one for a cell in parts. */
  readonly faces: readonly number[];
}

/** What edits may move. */
export interface PlanRules {
  /** Whether the outer border, and the border of gaps, may change. Default false. */
  readonly freeOutline: boolean;
  /** Whether ground may go from one community (area above) to another. Default false. */
  readonly freeParents: boolean;
}

/**
 * A coverage as nodes, arcs and faces on the lattice of 1e-7 degree. Immutable: an edit answers another graph that shares
 * all it did not touch. No two arcs meet elsewhere than at nodes, and no arc has one cell on both sides (but for claims):
 * so nothing can gape or overlap that did not when it was built.
 */
export interface PlanGraph {
  readonly arcs: Chunked<Arc | undefined>;
  readonly nodes: Chunked<PlanNode | undefined>;
  readonly faces: Chunked<Face | undefined>;
  readonly cells: Keyed<PlanCell>;
  readonly index: ArcIndex;
  readonly rules: PlanRules;
  /** Number of the next cell that is made. */
  readonly nextNew: number;
  /** Highest serial ever used in each community, so that a code never comes back. */
  readonly serials: Keyed<number>;
}

/** A corner of a cell that opening its layer added, because a neighbour has one there, or dropped. */
export interface CornerOfCell {
  readonly cell: CellId;
  /** Lattice units. */
  readonly at: readonly [x: number, y: number];
}
