import type { BlockGraph } from "./block-graph.ts";
import type { PartSums } from "./energy.ts";
import type { BaseLevel } from "./level.ts";

/**
 * Begins with the grids of today: every connected remnant of one (after barriers, communities and blocks that stand alone)
 * is a grid of the search; the remnant with most households is the home of all its blocks. A grid most of which is a block
 * that stands alone is nobody's home: that block keeps its number. Blocks that are in no grid today begin as in the division
 * from scratch: a community that gets its first grids has nothing to change as little as possible.
 *
 * @param fresh grid of each block in a division from scratch
 */
export function startFromToday(graph: BlockGraph, level: BaseLevel, fresh: Int32Array): void {
  const { count, offsets, neighbours, households, part, home, blockOf } = level;
  const current = graph.current;
  if (!current) return;
  const gridOf = (block: number): number => {
    const grid = current[block] as number;
    return grid < 0 ? -1 - (fresh[block] as number) : grid;
  };
  const remnants: { readonly grid: number; readonly households: number }[] = [];
  const queue = new Int32Array(count);
  part.fill(-1);
  for (let start = 0; start < count; start++) {
    if (part[start] !== -1) continue;
    const grid = gridOf(blockOf[start] as number);
    let end = 0;
    let sum = 0;
    queue[end++] = start;
    part[start] = remnants.length;
    for (let head = 0; head < end; head++) {
      const v = queue[head] as number;
      sum += households[v] as number;
      for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++) {
        const u = neighbours[entry] as number;
        if (part[u] !== -1 || gridOf(blockOf[u] as number) !== grid) continue;
        part[u] = remnants.length;
        queue[end++] = u;
      }
    }
    remnants.push({ grid, households: sum });
  }
  const homeOf = new Map<number, number>();
  const largest = new Map<number, number>();
  const free = new Set(blockOf);
  for (let v = 0; v < graph.count; v++) {
    if (free.has(v)) continue;
    const grid = current[v] as number;
    largest.set(grid, Math.max(largest.get(grid) ?? -1, graph.households[v] as number));
  }
  remnants.forEach(({ grid, households: sum }, remnant) => {
    if (grid < 0 || sum <= (largest.get(grid) ?? -1)) return;
    largest.set(grid, sum);
    homeOf.set(grid, remnant);
  });
  for (let v = 0; v < count; v++) home[v] = homeOf.get(current[blockOf[v] as number] as number) ?? -1;
}

/** 1 for every grid that is in range and farther than `steps` from one that is not. */
export function freezeGood(
  level: BaseLevel,
  sums: PartSums,
  range: { min: number; max: number },
  steps: number,
): Uint8Array {
  const { count, offsets, neighbours, part } = level;
  const open = new Uint8Array(sums.capacity);
  for (let p = 0; p < sums.capacity; p++) {
    const households = sums.households[p] as number;
    if (sums.places[p] === 0 || households < range.min || households > range.max) open[p] = 1;
  }
  for (let step = 0; step < steps; step++) {
    const before = open.slice();
    for (let v = 0; v < count; v++) {
      if (before[part[v] as number] === 0) continue;
      for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++)
        open[part[neighbours[entry] as number] as number] = 1;
    }
  }
  return open.map((isOpen) => 1 - isOpen);
}
