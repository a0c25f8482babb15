import type { PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { COMMUNITY_HOUSEHOLDS, GRID_HOUSEHOLDS } from "./band.ts";
import { communityOfCode } from "./ground.ts";
import { gridOfCell, type Meters } from "./meters.ts";

/** Something about a plan that somebody should look at. */
export interface PlanIssue {
  readonly kind: "parts" | "many" | "few" | "community";
  /** A fault keeps the plan from being published; a flag does not. */
  readonly severity: "fault" | "flag";
  /** Cells that it is about; the first one is flown to. */
  readonly cells: readonly string[];
  /** Name of the grid, or code of the area above. */
  readonly name: string;
  readonly count: number;
}

/**
 * What the figures say of a plan: grids in parts, grids beyond 300–500 households, communities beyond 3,000. Only of what
 * the plan changes: what is so today is no matter of the plan.
 */
export function issuesOf(graph: PlanGraph, base: Meters, now: Meters): PlanIssue[] {
  const issues: PlanIssue[] = [];
  const grids = new Map<string, string[]>();
  const communities = new Map<string, string[]>();
  const put = (map: Map<string, string[]>, key: string, id: string): void => {
    const list = map.get(key);
    if (list) list.push(id);
    else map.set(key, [id]);
  };
  for (const { id, name, code } of graph.cells.values()) {
    put(grids, gridOfCell(graph, id), id);
    if (code) put(communities, communityOfCode(code), id);
    const parts = now.get(id)?.parts ?? 0;
    if (parts > 1 && parts > (base.get(id)?.parts ?? 1))
      issues.push({ kind: "parts", severity: "fault", cells: [id], name, count: parts });
  }
  for (const [key, cells] of grids) {
    const [first] = cells;
    if (first === undefined) continue;
    const count = now.householdsOfGrid(first);
    if (count === base.householdsOfGrid(first) || (count >= GRID_HOUSEHOLDS.from && count <= GRID_HOUSEHOLDS.to))
      continue;
    const name = cells.length > 1 ? key : (graph.cells.get(first)?.name ?? key);
    issues.push({ kind: count > GRID_HOUSEHOLDS.to ? "many" : "few", severity: "flag", cells, name, count });
  }
  for (const [name, cells] of communities) {
    const count = now.sum(cells).households;
    const before = base.sum(
      [...base.graph.cells.values()].flatMap(({ id, code }) => (code?.startsWith(name) ? [id] : [])),
    ).households;
    if (count > COMMUNITY_HOUSEHOLDS && count !== before)
      issues.push({ kind: "community", severity: "flag", cells, name, count });
  }
  return issues.sort((a, b) => (a.severity === b.severity ? 0 : a.severity === "fault" ? -1 : 1));
}
