import type { PlanUnits } from "../../../../data/blocks/plan-units.ts";

/** What a proposal means for those who serve the grids. */
export interface Staffing {
  /** Grids that end: their workers are free. */
  readonly ended: readonly string[];
  /** How many grids are new and need a worker. */
  readonly fresh: number;
  /** Grids whose worker gets or gives households. */
  readonly changed: readonly string[];
  /** Grids that get households which another unit is responsible for today. */
  readonly otherUnit: readonly string[];
}

/** @param unitOf responsible unit of a grid of today, by its code */
export function staffingOf(
  { graph, grids }: PlanUnits,
  part: Int32Array,
  unitOf: (grid: string) => string | undefined,
): Staffing {
  const kept = new Set(part);
  const changed = new Set<number>();
  const otherUnit = new Set<number>();
  part.forEach((to, block) => {
    const from = graph.current?.[block] ?? -1;
    if (from === to || (graph.households[block] as number) === 0) return;
    if (grids[from] !== undefined) changed.add(from);
    if (grids[to] === undefined) return;
    changed.add(to);
    if (unitOf(grids[from] ?? "") !== unitOf(grids[to])) otherUnit.add(to);
  });
  const names = (numbers: Iterable<number>): string[] =>
    [...numbers].sort((a, b) => a - b).flatMap((grid) => grids[grid] ?? []);
  const today = new Set(graph.current ?? []);
  return {
    ended: names([...today].filter((grid) => grid >= 0 && !kept.has(grid))),
    fresh: [...kept].filter((grid) => grids[grid] === undefined).length,
    changed: names([...changed].filter((grid) => kept.has(grid))),
    otherUnit: names(otherUnit),
  };
}
