import type { BlockGraph } from "../../../data/partition/block-graph.ts";
import type { Proposal } from "../../../data/partition/proposal.ts";

/**
 * What each proposed grid is called: as the grid of today that it continues; new ones `new-1`, `new-2` … Where there is no
 * grid of today, grids are numbered from 1. Numbers run from west to east by each grid's westernmost block.
 */
export function nameGrids(
  { part, parts }: Proposal,
  { x, y }: BlockGraph,
  currentNames: readonly string[],
): ReadonlyMap<number, string | number> {
  const west = new Map<number, number>();
  part.forEach((grid, block) => {
    const best = west.get(grid);
    if (best === undefined || (x?.[block] ?? block) < (x?.[best] ?? best)) west.set(grid, block);
  });
  const place = (grid: number): readonly [number, number] => {
    const block = west.get(grid) ?? 0;
    return [x?.[block] ?? block, y?.[block] ?? 0];
  };
  const order = parts
    .map((one) => one.part)
    .sort((a, b) => {
      const [p, q] = [place(a), place(b)];
      return p[0] - q[0] || p[1] - q[1] || a - b;
    });
  const names = new Map<number, string | number>();
  const taken = new Set(currentNames);
  let number = 0;
  for (const grid of order) {
    const continued = currentNames[grid];
    if (continued !== undefined) {
      names.set(grid, continued);
      continue;
    }
    do number++;
    while (taken.has(`new-${number}`));
    names.set(grid, currentNames.length > 0 ? `new-${number}` : number);
  }
  return names;
}
