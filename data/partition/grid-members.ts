import type { Level } from "./level.ts";

/** Places of each grid, one after another: those of grid p are `places[begin[p] … begin[p + 1] − 1]`, ascending. */
export interface GridMembers {
  readonly begin: Int32Array;
  readonly places: Int32Array;
}

export function gridMembers({ count, part }: Level, capacity: number): GridMembers {
  const begin = new Int32Array(capacity + 1);
  for (let v = 0; v < count; v++) begin[(part[v] as number) + 1] = (begin[(part[v] as number) + 1] as number) + 1;
  for (let p = 0; p < capacity; p++) begin[p + 1] = (begin[p + 1] as number) + (begin[p] as number);
  const places = new Int32Array(count);
  const next = begin.slice(0, capacity);
  for (let v = 0; v < count; v++) {
    const p = part[v] as number;
    places[next[p] as number] = v;
    next[p] = (next[p] as number) + 1;
  }
  return { begin, places };
}

export const membersOf = ({ begin, places }: GridMembers, p: number): Int32Array =>
  places.subarray(begin[p] as number, begin[p + 1] as number);

/** Border cost that the given places share with each grid around their own. */
export function neighbourGrids(level: Level, places: Int32Array, own: number): Map<number, number> {
  const { offsets, neighbours, cost, part } = level;
  const shared = new Map<number, number>();
  for (const v of places)
    for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++) {
      const q = part[neighbours[entry] as number] as number;
      if (q !== own) shared.set(q, (shared.get(q) ?? 0) + (cost[entry] as number));
    }
  return shared;
}
