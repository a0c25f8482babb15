import { COMMUNITY_HOUSEHOLDS, GRID_HOUSEHOLDS } from "../../../../data/planning/household-band.ts";
import { type Figures, householdsOf, householdsOfGrid, sumOf } from "./figures.ts";
import { communityOfCode } from "./ground.ts";
import { gridOfCell } from "./sums.ts";

/** A number of households that somebody should look at; it blocks nothing. */
export interface HouseholdFlag {
  readonly kind: "many" | "few" | "community";
  /** Cells that it is about; the first one is flown to. */
  readonly cells: readonly string[];
  /** Name of the grid, or code of the area above. */
  readonly name: string;
  readonly count: number;
}

/**
 * Grids beyond 300–500 households and communities beyond 3,000. Only where the plan changes the number: what is so today is
 * no matter of the plan.
 */
export function householdFlags(base: Figures, now: Figures): HouseholdFlag[] {
  const { graph } = now;
  const flags: HouseholdFlag[] = [];
  const grids = new Map<string, string[]>();
  const communities = new Map<string, string[]>();
  const put = (map: Map<string, string[]>, key: string, id: string): void => {
    const list = map.get(key);
    if (list) list.push(id);
    else map.set(key, [id]);
  };
  for (const { id, code } of graph.cells.values()) {
    put(grids, gridOfCell(graph, id), id);
    if (code) put(communities, communityOfCode(code), id);
  }
  for (const [key, cells] of grids) {
    const first = cells[0] as string;
    const count = householdsOfGrid(now, first);
    const before = base.graph.cells.get(first) ? householdsOfGrid(base, first) : undefined;
    if (count === before || (count >= GRID_HOUSEHOLDS.from && count <= GRID_HOUSEHOLDS.to)) continue;
    const name = cells.length > 1 ? key : (graph.cells.get(first)?.name ?? key);
    flags.push({ kind: count > GRID_HOUSEHOLDS.to ? "many" : "few", cells, name, count });
  }
  for (const [name, cells] of communities) {
    const count = householdsOf(sumOf(now, name));
    if (count > COMMUNITY_HOUSEHOLDS && count !== householdsOf(sumOf(base, name)))
      flags.push({ kind: "community", cells, name, count });
  }
  return flags;
}
