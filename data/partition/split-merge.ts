import type { EnergyTerms, PartSums } from "./energy.ts";
import { sumParts } from "./energy.ts";
import { gridMembers, membersOf, neighbourGrids } from "./grid-members.ts";
import type { Level } from "./level.ts";

/** A half may miss the range by this share of the target: annealing mends that afterwards. */
const TOLERANCE = 0.6;

/**
 * Puts the number of grids right where annealing alone cannot: a grid above the range is cut in two where both halves then
 * are (nearly) in range; one below joins the neighbour with most common border that has room. Returns how many changed.
 */
export function splitAndMerge(
  level: Level,
  sums: PartSums,
  terms: EnergyTerms,
  frozen: Uint8Array | undefined,
): number {
  const { part } = level;
  const { min, max } = terms;
  const members = gridMembers(level, sums.capacity);
  let free = sums.capacity - 1;
  let changed = 0;
  const touched = new Set<number>();
  for (let p = 0; p < sums.capacity; p++) {
    const total = sums.households[p] as number;
    const places = membersOf(members, p);
    if (places.length === 0 || frozen?.[p] === 1 || touched.has(p)) continue;
    if (total > max && places.length > 1) {
      while (free >= 0 && sums.places[free] !== 0) free--;
      const half = free < 0 ? undefined : bestHalf(level, places, total, terms);
      if (!half) continue;
      for (const v of half) part[v] = free;
      free--;
      changed++;
    } else if (total < min && sums.used > 1) {
      let best = -1;
      let longest = -1;
      for (const [q, shared] of neighbourGrids(level, places, p))
        if (frozen?.[q] !== 1 && !touched.has(q) && (sums.households[q] as number) + total <= max && shared > longest)
          [best, longest] = [q, shared];
      if (best < 0) continue;
      for (const v of places) part[v] = best;
      touched.add(best);
      changed++;
    }
  }
  if (changed > 0) sumParts(level, sums);
  return changed;
}

/** The smaller part of the best cut into two connected halves: beginnings of walks from far ends. */
function bestHalf(level: Level, places: Int32Array, total: number, terms: EnergyTerms): number[] | undefined {
  const { min, max, target } = terms;
  const { households } = level;
  const lacking = (sum: number): number => Math.max(0, min - sum) + Math.max(0, sum - max);
  let best: number[] | undefined;
  let least = TOLERANCE * target;
  let start = places[0] as number;
  for (let attempt = 0; attempt < 4; attempt++) {
    const walk = walkFrom(level, start);
    let sum = 0;
    for (let i = 0; i < walk.length - 1; i++) {
      sum += households[walk[i] as number] as number;
      const fault = lacking(sum) + lacking(total - sum) + 0.1 * Math.abs(total - 2 * sum);
      if (fault >= least || !isConnected(level, walk, i + 1)) continue;
      least = fault;
      best = 2 * sum <= total ? walk.slice(0, i + 1) : walk.slice(i + 1);
    }
    start = walk[walk.length - 1 - (attempt >> 1)] as number;
  }
  return best;
}

/** Places of the grid of `start`, nearest first. */
function walkFrom({ offsets, neighbours, part }: Level, start: number): number[] {
  const seen = new Set([start]);
  const walk = [start];
  for (let head = 0; head < walk.length; head++) {
    const v = walk[head] as number;
    for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++) {
      const u = neighbours[entry] as number;
      if (part[u] !== part[start] || seen.has(u)) continue;
      seen.add(u);
      walk.push(u);
    }
  }
  return walk;
}

/** Whether the places from `from` on are one piece. */
function isConnected({ offsets, neighbours }: Level, walk: readonly number[], from: number): boolean {
  const left = new Set(walk.slice(from));
  const stack = [walk[from] as number];
  left.delete(stack[0] as number);
  for (let v = stack.pop(); v !== undefined; v = stack.pop())
    for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++)
      if (left.delete(neighbours[entry] as number)) stack.push(neighbours[entry] as number);
  return left.size === 0;
}
