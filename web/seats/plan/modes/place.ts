import type { LatticePoint } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import { toLattice } from "../../../../data/model/geometry.ts";
import type { ToolPoint } from "../../../map/map-tool.ts";
import { settledGraph, useEditor } from "../state/editor.ts";
import { type Snap, snapTo, unitsOf } from "../state/snap.ts";

/** How near the pointer must come to a thing to mean it, CSS pixels. */
const REACH_PX: Readonly<Record<ToolPoint["by"], number>> = { mouse: 9, pen: 11, touch: 22, keyboard: 14 };

/** The same in lattice units of latitude. */
export const reachOf = (point: ToolPoint): number => unitsOf(REACH_PX[point.by] * point.metresPerPixel);

/** A pointer's place on the lattice. */
export const latticeOf = ({ at }: ToolPoint): LatticePoint => [toLattice(at[0]), toLattice(at[1])];

/**
 * A pointer's place, drawn to what is near; Alt draws to nothing.
 *
 * @param except the corner that is being moved
 */
export function snapped(point: ToolPoint, except?: LatticePoint): { readonly at: LatticePoint; readonly snap?: Snap } {
  const editor = useEditor.getState();
  const graph = settledGraph(editor);
  const at = latticeOf(point);
  const snap = point.alt || !graph ? undefined : snapTo(graph, editor.reference, at, reachOf(point), except);
  return snap ? { at: snap.at, snap } : { at };
}
