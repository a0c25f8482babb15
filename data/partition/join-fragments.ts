import type { Level } from "./level.ts";

/**
 * Makes every grid one piece: the fragment with most households keeps the grid, every other joins the neighbouring grid
 * that it shares most border with, until nothing is left to join.
 */
export function joinFragments(level: Level): void {
  const { count, offsets, neighbours, cost, households, part } = level;
  for (let round = 0; round < count; round++) {
    const fragments = fragmentsOf(level);
    const keeps = new Map<number, number>();
    for (let f = 0; f < fragments.count; f++) {
      const p = part[fragments.places[fragments.begin[f] as number] as number] as number;
      const rival = keeps.get(p);
      if (rival === undefined || (fragments.households[f] as number) > (fragments.households[rival] as number))
        keeps.set(p, f);
    }
    if (keeps.size === fragments.count) return;
    for (let f = 0; f < fragments.count; f++) {
      const places = fragments.places.subarray(fragments.begin[f], fragments.begin[f + 1]);
      const p = part[places[0] as number] as number;
      if (keeps.get(p) === f) continue;
      const shared = new Map<number, number>();
      for (const v of places)
        for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++) {
          const q = part[neighbours[entry] as number] as number;
          if (q !== p) shared.set(q, (shared.get(q) ?? 0) + (cost[entry] as number) + 1);
        }
      let best = -1;
      let most = 0;
      for (const [q, length] of shared) if (length > most) [best, most] = [q, length];
      if (best >= 0) for (const v of places) part[v] = best;
    }
  }
  /** Places of each fragment one after another. */
  function fragmentsOf({ count: all }: Level) {
    const fragment = new Int32Array(all).fill(-1);
    const places = new Int32Array(all);
    const begin = [0];
    const total: number[] = [];
    let end = 0;
    for (let start = 0; start < all; start++) {
      if (fragment[start] !== -1) continue;
      const id = total.length;
      let sum = 0;
      let head = end;
      places[end++] = start;
      fragment[start] = id;
      for (; head < end; head++) {
        const v = places[head] as number;
        sum += households[v] as number;
        for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++) {
          const u = neighbours[entry] as number;
          if (fragment[u] !== -1 || part[u] !== part[v]) continue;
          fragment[u] = id;
          places[end++] = u;
        }
      }
      begin.push(end);
      total.push(sum);
    }
    return { count: total.length, places, begin, households: total };
  }
}
