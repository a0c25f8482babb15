import type { Level } from "./level.ts";

export interface CoarseLevel extends Level {
  /** Coarse place of each place of the finer level. */
  readonly coarseOf: Int32Array;
}

/**
 * Joins neighbours of the same grid in pairs, those first that share most of their border (heavy-edge matching), as long
 * as a pair has at most `cap` households. Undefined if hardly anything can be joined.
 */
export function coarsen(level: Level, cap: number): CoarseLevel | undefined {
  const { count, offsets, neighbours, cost, households, part } = level;
  const outline = new Float64Array(count);
  for (let v = 0; v < count; v++)
    for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++)
      outline[v] = (outline[v] as number) + (cost[entry] as number);
  const coarseOf = new Int32Array(count).fill(-1);
  let coarse = 0;
  for (let v = 0; v < count; v++) {
    if (coarseOf[v] !== -1) continue;
    let best = -1;
    let highest = 0;
    for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++) {
      const u = neighbours[entry] as number;
      const together = (households[v] as number) + (households[u] as number);
      if (coarseOf[u] !== -1 || part[u] !== part[v] || together > cap) continue;
      const share =
        (cost[entry] as number) / Math.min(outline[v] as number, outline[u] as number) / (1 + together / cap);
      if (share > highest) [best, highest] = [u, share];
    }
    coarseOf[v] = coarse;
    if (best >= 0) coarseOf[best] = coarse;
    coarse++;
  }
  return coarse > 0.92 * count ? undefined : contract(level, coarseOf, coarse);
}

function contract(level: Level, coarseOf: Int32Array, coarse: number): CoarseLevel {
  const { count, offsets, neighbours, cost, households, load, home, part } = level;
  const one = new Int32Array(coarse).fill(-1);
  const two = new Int32Array(coarse).fill(-1);
  for (let v = 0; v < count; v++) {
    const c = coarseOf[v] as number;
    if (one[c] === -1) one[c] = v;
    else two[c] = v;
  }
  const result: CoarseLevel = {
    count: coarse,
    coarseOf,
    offsets: new Int32Array(coarse + 1),
    neighbours: new Int32Array(neighbours.length),
    cost: new Int32Array(neighbours.length),
    households: new Int32Array(coarse),
    load: new Int32Array(coarse),
    home: new Int32Array(coarse),
    part: new Int32Array(coarse),
  };
  const slotOf = new Int32Array(coarse).fill(-1);
  let end = 0;
  for (let c = 0; c < coarse; c++) {
    const begin = end;
    const first = one[c] as number;
    result.home[c] = home[first] as number;
    result.part[c] = part[first] as number;
    for (const v of [first, two[c] as number]) {
      if (v === -1) continue;
      result.households[c] = (result.households[c] as number) + (households[v] as number);
      result.load[c] = (result.load[c] as number) + (load[v] as number);
      for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++) {
        const u = coarseOf[neighbours[entry] as number] as number;
        if (u === c) continue;
        let slot = slotOf[u] as number;
        if (slot < begin) {
          slot = end++;
          slotOf[u] = slot;
          result.neighbours[slot] = u;
        }
        result.cost[slot] = (result.cost[slot] as number) + (cost[entry] as number);
      }
    }
    result.offsets[c + 1] = end;
  }
  return { ...result, neighbours: result.neighbours.subarray(0, end), cost: result.cost.subarray(0, end) };
}

/** Gives each place the grid of its coarse place. */
export function refine(level: Level, { coarseOf, part }: CoarseLevel): void {
  for (let v = 0; v < level.count; v++) level.part[v] = part[coarseOf[v] as number] as number;
}
