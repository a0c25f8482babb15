import { cornerOfFace, patchGraph } from "../patch/patch.ts";
import type { PlanFix } from "../plan-checks.ts";
import type { PlanGraph } from "../plan-graph.ts";
import { type ActionResult, refuse } from "../refusals.ts";

/** Repairs an issue by one of its fixes: the ground at fault goes to one cell, and to it alone. */
export function repairIssue(graph: PlanGraph, { face, to }: Pick<PlanFix, "face" | "to">): ActionResult {
  const at = cornerOfFace(graph, face) ?? [0, 0];
  if (!graph.faces.get(face)) return refuse("cannot_repair", at);
  if (!graph.cells.has(to)) return refuse("unknown_cell", at);
  return patchGraph(graph, {
    faces: [face],
    receivers: [to],
    give: ({ pieces }, piece) => (pieces[piece]?.source === face ? to : undefined),
    partsAllowed: "any",
    idle: "cannot_repair",
    at,
  });
}
