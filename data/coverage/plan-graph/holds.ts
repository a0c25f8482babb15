import { type Arc, OUTSIDE_FACE, type PlanGraph } from "./plan-graph.ts";
import type { RefusalKind } from "./refusals.ts";

/** Why an arc may not move; undefined for one that may. */
export function holdOf(graph: PlanGraph, { left, right }: Pick<Arc, "left" | "right">): RefusalKind | undefined {
  const [a, b] = [graph.faces.get(left)?.cell ?? null, graph.faces.get(right)?.cell ?? null];
  if (a === null || b === null) {
    if (graph.rules.freeOutline) return undefined;
    return left === OUTSIDE_FACE || right === OUTSIDE_FACE ? "outline" : "gap_border";
  }
  if (graph.rules.freeParents || a === b) return undefined;
  return graph.cells.get(a)?.parent === graph.cells.get(b)?.parent ? undefined : "other_parent";
}
