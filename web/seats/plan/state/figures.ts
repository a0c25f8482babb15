import {
  type Meter,
  type Meters,
  metersOf,
  sumMeters,
  updateMeters,
} from "../../../../data/coverage/plan-graph/meters.ts";
import { checkPlan, type PlanChecks, updateChecks } from "../../../../data/coverage/plan-graph/plan-checks.ts";
import type { CellId, PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { type Ground, gridOfCode } from "./ground.ts";

/** What a graph's figures and checks say; worked out from those of a graph before wherever there is one. */
export interface Figures {
  readonly graph: PlanGraph;
  readonly meters: Meters;
  readonly checks: PlanChecks;
}

/** Works out everything. */
export const figuresOf = (graph: PlanGraph, { points }: Pick<Ground, "points">): Figures => ({
  graph,
  meters: metersOf(graph, points),
  checks: checkPlan(graph),
});

/** Those of another graph of the same history, from what changed. */
export const updateFigures = (before: Figures, graph: PlanGraph): Figures =>
  before.graph === graph
    ? before
    : { graph, meters: updateMeters(before.meters, graph), checks: updateChecks(before.checks, graph) };

/** Households of a cell or a sum, however well they are known. */
export const householdsOf = (meter: Pick<Meter, "householdsExact" | "householdsEstimated"> | undefined): number =>
  meter ? meter.householdsExact + meter.householdsEstimated : 0;

/** Code of the grid that a cell is or lies in; its id where it has no code. */
export const gridOfCell = (graph: PlanGraph, id: CellId): string => {
  const code = graph.cells.get(id)?.code;
  return code ? gridOfCode(code) : id;
};

const grids = new WeakMap<Meters, ReadonlyMap<string, number>>();

/** Households of the grid that a cell is or lies in: micro-grids are held against the band together. */
export function householdsOfGrid({ meters, graph }: Figures, id: CellId): number {
  let sums = grids.get(meters);
  if (!sums) {
    const made = new Map<string, number>();
    for (const [cell, meter] of meters.cells) {
      const grid = gridOfCell(graph, cell);
      made.set(grid, (made.get(grid) ?? 0) + householdsOf(meter));
    }
    grids.set(meters, made);
    sums = made;
  }
  return sums.get(gridOfCell(graph, id)) ?? 0;
}

/** Figures of an area that cells make up: a grid of micro-grids, a community (their code), the whole plan (no code). */
export const sumOf = ({ meters }: Figures, area: string) => sumMeters(meters, area === "" ? undefined : area);
