import { cellPolygons } from "./cell-polygons.ts";
import type { CellInput, GraphOptions } from "./graph-of.ts";
import type { LatticePoint, LatticePolygons } from "./lattice-polygons.ts";
import type { PlanGraph } from "./plan-graph.ts";

type Listeners = Pick<GraphOptions, "onAddedNode" | "onDroppedNode"> & {
  /** Whether borders fitted as they came: then no corner was added. */
  readonly exactly: boolean;
};

/** Tells which corners cells have and their input had not, and the other way about; nothing is done without listeners. */
export function tellChangedCorners(
  graph: PlanGraph,
  cells: readonly CellInput[],
  { onAddedNode, onDroppedNode, exactly }: Listeners,
): void {
  if (!onDroppedNode && (!onAddedNode || exactly)) return;
  for (const { id, geometry } of cells) {
    const was = cornersIn(geometry);
    const now = cornersIn(cellPolygons(graph, id));
    for (const [key, at] of now) if (!was.has(key)) onAddedNode?.({ cell: id, at });
    for (const [key, at] of was) if (!now.has(key)) onDroppedNode?.({ cell: id, at });
  }
}

const cornersIn = (polygons: LatticePolygons): ReadonlyMap<string, LatticePoint> =>
  new Map(polygons.flatMap((rings) => rings.flatMap((ring) => ring.map((at) => [at.join(), at] as const))));
