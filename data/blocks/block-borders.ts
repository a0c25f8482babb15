/** Nobody's side of a border: the outside, or a gap. */
export const NOBODY = -1;

/** Borders of blocks as straight edges on the lattice of 1e-7 degree; each edge once, for both its sides. */
export interface BlockBorders {
  readonly blocks: number;
  /** Corners, lattice units: longitude and latitude. */
  readonly xs: Int32Array;
  readonly ys: Int32Array;
  /** Corners at the ends of each edge. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Block on either side as the edge runs from → to; `NOBODY` where none is. */
  readonly left: Int32Array;
  readonly right: Int32Array;
}
