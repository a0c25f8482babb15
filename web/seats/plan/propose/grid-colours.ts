import type { PlanUnits } from "../../../../data/blocks/plan-units.ts";
import { colourGraph } from "../../../../data/metrics/graph-colouring.ts";

const known = new WeakMap<PlanUnits, readonly number[]>();

/**
 * Number of the colour of each grid of today: neighbours differ, and a grid keeps its colour in all stops. New grids take
 * colours by their number.
 */
export function colourOfGrid(units: PlanUnits, colours: number): (grid: number) => number {
  let list = known.get(units);
  if (!list) {
    list = colourNumbers(units, colours);
    known.set(units, list);
  }
  const today = list;
  return (grid) => today[grid] ?? (grid * 5) % colours;
}

function colourNumbers({ graph, grids }: PlanUnits, colours: number): readonly number[] {
  const adjacency = new Map(grids.map((grid) => [grid, new Set<string>()] as const));
  for (let v = 0; v < graph.count; v++)
    for (let entry = graph.offsets[v] as number; entry < (graph.offsets[v + 1] as number); entry++) {
      const [a, b] = [graph.current?.[v] ?? -1, graph.current?.[graph.neighbours[entry] as number] ?? -1];
      if (a !== b) adjacency.get(grids[a] ?? "")?.add(grids[b] ?? "");
    }
  const found = colourGraph(adjacency, colours);
  return grids.map((grid) => (found.get(grid) ?? 0) % colours);
}
