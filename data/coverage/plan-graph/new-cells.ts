import { type AreaKind, KINDS_OF_LEVEL } from "../../model/area.ts";
import type { PlanCell, PlanGraph } from "./plan-graph.ts";
import { nextCode } from "./serials.ts";

/** What somebody says of a cell that is made; the rest comes from the ground that it is made of. */
export interface CellWords {
  readonly name?: string;
  readonly kind?: AreaKind;
}

/**
 * A graph with the numbers for one more cell taken: its id, and the next unused code of its community. The cell has no
 * ground and is not in the graph yet; `full` when the community has no code left.
 */
export function takeCell(
  graph: PlanGraph,
  like: Pick<PlanCell, "kind" | "parent">,
  words: CellWords = {},
): { readonly graph: PlanGraph; readonly cell: PlanCell } | "full" {
  const next = nextCode(graph.serials, like.parent);
  if (next === "full") return "full";
  const id = `new:${graph.nextNew}`;
  const cell: PlanCell = {
    id,
    code: next.code,
    // Ground of a community that has no grids yet makes ordinary grids.
    kind: words.kind ?? (KINDS_OF_LEVEL.community.includes(like.kind) ? "basic" : like.kind),
    name: words.name ?? next.code?.slice(-3) ?? id,
    parent: like.parent,
    faces: [],
  };
  return { graph: { ...graph, nextNew: graph.nextNew + 1, serials: next.serials }, cell };
}
