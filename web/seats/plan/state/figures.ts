import {
  type Meter,
  type Meters,
  metersOf,
  type SumMeter,
  updateMeters,
} from "../../../../data/coverage/plan-graph/meters.ts";
import { checkPlan, type PlanChecks, updateChecks } from "../../../../data/coverage/plan-graph/plan-checks.ts";
import type { CellId, PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import type { Ground } from "./ground.ts";
import { gridOfCell, type Sums, sumIn, sumsOf, updateSums } from "./sums.ts";

/** What a graph's figures and checks say; worked out from those of a graph before wherever there is one. */
export interface Figures {
  readonly graph: PlanGraph;
  readonly meters: Meters;
  readonly sums: Sums;
  readonly checks: PlanChecks;
}

/** Works out everything. */
export function figuresOf(graph: PlanGraph, { points }: Pick<Ground, "points">): Figures {
  const meters = metersOf(graph, points);
  return { graph, meters, sums: sumsOf(meters), checks: checkPlan(graph) };
}

/** Those of another graph of the same history, from what changed. */
export function updateFigures(before: Figures, graph: PlanGraph): Figures {
  if (before.graph === graph) return before;
  const meters = updateMeters(before.meters, graph);
  const sums = updateSums(before.sums, before.meters, meters);
  return { graph, meters, sums, checks: updateChecks(before.checks, graph) };
}

/** Households of a cell or a sum, however well they are known. */
export const householdsOf = (meter: Pick<Meter, "householdsExact" | "householdsEstimated"> | undefined): number =>
  meter ? meter.householdsExact + meter.householdsEstimated : 0;

/** Households of the grid that a cell is or lies in: micro-grids are held against the band together. */
export const householdsOfGrid = ({ sums, graph }: Figures, id: CellId): number =>
  householdsOf(sums.get(gridOfCell(graph, id)));

/** Figures of an area that cells make up: a grid of micro-grids, a community (their code), the whole plan (no code). */
export const sumOf = ({ sums }: Figures, area: string): SumMeter => sumIn(sums, area);
