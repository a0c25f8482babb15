import { METERED } from "../../../../data/coverage/plan-graph/metered-points.ts";
import type { Meter, Meters, SumMeter } from "../../../../data/coverage/plan-graph/meters.ts";
import type { CellId, PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { communityOfCode, gridOfCode } from "./ground.ts";

/** Key of the sum of all cells. */
export const WHOLE = "";

/** Sums of the cells' figures: of each grid (its code; a cell without a code by its id), each community, and the whole. */
export type Sums = ReadonlyMap<string, SumMeter>;

const NOTHING: SumMeter = {
  ...{ householdsExact: 0, householdsEstimated: 0, cameras: 0, openIncidents: 0, staff: 0 },
  ...{ areaM2: 0, cells: 0, apart: 0 },
};

/** Code of the grid that a cell is or lies in; its id where it has no code. */
export function gridOfCell(graph: PlanGraph, id: CellId): string {
  const code = graph.cells.get(id)?.code;
  return code ? gridOfCode(code) : id;
}

/** The cells of a grid. */
export const cellsOfGrid = (graph: PlanGraph, grid: string): CellId[] =>
  [...graph.cells.values()].flatMap(({ id }) => (gridOfCell(graph, id) === grid ? [id] : []));

function keysOf(graph: PlanGraph, id: CellId): ReadonlySet<string> {
  const code = graph.cells.get(id)?.code;
  return new Set(code ? [WHOLE, communityOfCode(code), gridOfCode(code)] : [WHOLE, id]);
}

/** Hundredths of a square metre, in which areas are summed exactly. */
const steps = (areaM2: number): number => Math.round(areaM2 * 100);

function add(sum: SumMeter, meter: Meter, sign: 1 | -1): SumMeter {
  const next = { ...sum };
  for (const key of METERED) next[key] = sum[key] + sign * meter[key];
  return {
    ...next,
    areaM2: (steps(sum.areaM2) + sign * steps(meter.areaM2)) / 100,
    cells: sum.cells + sign,
    apart: sum.apart + (meter.parts > 1 ? sign : 0),
  };
}

/** Works out all sums. */
export function sumsOf({ cells, graph }: Meters): Sums {
  const sums = new Map<string, SumMeter>([[WHOLE, NOTHING]]);
  for (const [id, meter] of cells)
    for (const key of keysOf(graph, id)) sums.set(key, add(sums.get(key) ?? NOTHING, meter, 1));
  return sums;
}

/** Sums after an edit, from those before: equal to `sumsOf`, and the same objects wherever nothing changed. */
export function updateSums(before: Sums, was: Meters, is: Meters): Sums {
  const sums = new Map(before);
  const put = (of: Meters, id: CellId, meter: Meter, sign: 1 | -1): void => {
    for (const key of keysOf(of.graph, id)) {
      const next = add(sums.get(key) ?? NOTHING, meter, sign);
      if (next.cells > 0 || key === WHOLE) sums.set(key, next);
      else sums.delete(key);
    }
  };
  for (const [id, meter] of is.cells) if (was.cells.get(id) !== meter) put(is, id, meter, 1);
  for (const [id, meter] of was.cells) if (is.cells.get(id) !== meter) put(was, id, meter, -1);
  return sums;
}

/** Keys of sums that differ. */
export function changedSums(before: Sums, after: Sums): string[] {
  const keys = [...after.keys()].filter((key) => before.get(key) !== after.get(key));
  return [...keys, ...[...before.keys()].filter((key) => !after.has(key))];
}

/** One of the sums; of nothing where no cell has the key. */
export const sumIn = (sums: Sums, key: string): SumMeter => sums.get(key) ?? NOTHING;
