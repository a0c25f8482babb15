import { PATIENCE, type RandomBits } from "./anneal.ts";
import { connectionTest, packedBorders } from "./connection.ts";
import type { PartSums } from "./energy.ts";
import { exp, ln } from "./exp.ts";
import { ENERGY_UNIT, type Level } from "./level.ts";

/** What mending weighs, all in households moved. */
export interface MendWeights {
  /** A grid that was in range today and does not keep exactly its blocks. */
  readonly touched: number;
  /** As much border as the outline of a square grid. */
  readonly border: number;
  /** A grid out of range, and each household beyond the range: more than 1, or nothing would move. */
  readonly out: number;
  readonly excess: number;
}

export interface MendRun {
  readonly level: Level;
  readonly sums: PartSums;
  readonly range: { readonly min: number; readonly max: number };
  readonly weights: MendWeights;
  /** A grid with less than half of `min` is nearer to its end than to the range, and may go there. */
  readonly mayEnd: boolean;
  /** Temperatures in households. */
  readonly cooling: { readonly hot: number; readonly cold: number; readonly sweeps: number };
  /** Grids that neither give nor take: 1. */
  readonly frozen: Uint8Array;
  readonly fewestParts: number;
  readonly random: RandomBits;
  readonly onSweep: () => boolean;
}

/** Sweeps after which what lies far from any change is left out of the next ones. */
const SWEEPS_BETWEEN_LISTS = 8;

/**
 * Brings grids into range with few households moved and few good grids touched: simulated annealing as in `anneal`, of an
 * energy that counts households, over the blocks of grids that are out of range, changed, or beside one of these.
 */
export function mend(run: MendRun): void {
  const { level, sums, range, weights, mayEnd, cooling, frozen, fewestParts, random, onSweep } = run;
  const { offsets, households, load, home, part } = level;
  const { households: partHouseholds, load: partLoad, places } = sums;
  const { min, max } = range;
  const outCost = (total: number): number => {
    if (total < min) return weights.out + weights.excess * (mayEnd ? Math.min(min - total, total) : min - total);
    return total > max ? weights.out + weights.excess * (total - max) : 0;
  };
  const border = weights.border / ENERGY_UNIT;
  const connected = connectionTest(level);
  const borders = packedBorders(level);
  const changes = changesOf(level, sums.capacity);
  const touchCost = touchCosts(level, sums.capacity, range, weights.touched);
  const active = new Int32Array(level.count);
  let listed = 0;
  const factor = cooling.sweeps > 1 ? exp(ln(cooling.cold / cooling.hot) / (cooling.sweeps - 1)) : 1;
  let temperature = cooling.hot;
  let bits = random.state;

  for (let sweep = 0; sweep < cooling.sweeps; sweep++) {
    if (sweep % SWEEPS_BETWEEN_LISTS === 0) listed = listActive(run, changes, active);
    for (let at = 0; at < listed; at++) {
      const v = active[at] as number;
      const begin = (offsets[v] as number) << 1;
      const end = (offsets[v + 1] as number) << 1;
      bits ^= bits << 13;
      bits ^= bits >>> 17;
      bits ^= bits << 5;
      const p = part[v] as number;
      const pick = begin + ((((bits & 0xffff) * ((end - begin) >> 1)) >>> 16) << 1);
      let q = part[borders[pick] as number] as number;
      if (q === p) {
        q = part[borders[pick + 2 < end ? pick + 2 : begin] as number] as number;
        if (q === p) continue;
      }
      if (frozen[p] === 1 || frozen[q] === 1) continue;
      const h = households[v] as number;
      const own = home[v] as number;
      const single = places[p] === 1;
      const left = (partHouseholds[p] as number) - h;
      const joined = (partHouseholds[q] as number) + h;
      // A block without households stays as well unless something is won.
      let change = own === p ? h + 0.1 : own === q ? -h - 0.1 : 0;
      change += outCost(joined) - outCost(joined - h) - outCost(left + h) + (single ? 0 : outCost(left));
      if (own === p) {
        if (changes[p] === 0) change += touchCost[p] as number;
        if (changes[q] === 0) change += touchCost[q] as number;
      } else {
        if (changes[p] === 1) change -= touchCost[p] as number;
        if (own === q) {
          if (changes[q] === 1) change -= touchCost[q] as number;
        } else if (changes[q] === 0) change += touchCost[q] as number;
      }
      const patience = temperature * (PATIENCE[bits >>> 20] as number);
      // Most end here: what a border can win is little.
      if (change > patience + 4 * weights.border) continue;
      let longer = 0;
      for (let entry = begin; entry < end; entry += 2) {
        const r = part[borders[entry] as number] as number;
        if (r === p) longer += borders[entry + 1] as number;
        else if (r === q) longer -= borders[entry + 1] as number;
      }
      change += border * longer;
      if (change > 0 && change >= patience) continue;
      if (single ? sums.used <= fewestParts : !connected(v, p)) continue;
      const l = load[v] as number;
      part[v] = q;
      partHouseholds[p] = left;
      partHouseholds[q] = joined;
      partLoad[p] = (partLoad[p] as number) - l;
      partLoad[q] = (partLoad[q] as number) + l;
      places[p] = (places[p] as number) - 1;
      places[q] = (places[q] as number) + 1;
      changes[p] = (changes[p] as number) + (own === p ? 1 : -1);
      changes[q] = (changes[q] as number) + (own === q ? -1 : 1);
      if (single) sums.used--;
    }
    temperature *= factor;
    if (!onSweep()) break;
  }
  random.state = bits;
}

/** Blocks that each grid lacks of its own and has of others. */
function changesOf({ count, part, home }: Level, capacity: number): Int32Array {
  const changes = new Int32Array(capacity);
  for (let v = 0; v < count; v++) {
    const p = part[v] as number;
    const own = home[v] as number;
    if (p === own) continue;
    changes[p] = (changes[p] as number) + 1;
    if (own >= 0) changes[own] = (changes[own] as number) + 1;
  }
  return changes;
}

/** What the first change of each grid costs: nothing where it was out of range anyway. */
function touchCosts(
  { count, households, home }: Level,
  capacity: number,
  { min, max }: MendRun["range"],
  cost: number,
): Float64Array {
  const today = new Float64Array(capacity);
  for (let v = 0; v < count; v++)
    if ((home[v] as number) >= 0)
      today[home[v] as number] = (today[home[v] as number] as number) + (households[v] as number);
  return today.map((total) => (total >= min && total <= max ? cost : 0));
}

/** Lists the blocks of grids that are out of range or changed and of their neighbours. @returns how many */
function listActive({ level, sums, range, frozen }: MendRun, changes: Int32Array, active: Int32Array): number {
  const { count, offsets, neighbours, part } = level;
  const live = new Uint8Array(sums.capacity);
  for (let p = 0; p < sums.capacity; p++) {
    const total = sums.households[p] as number;
    if (sums.places[p] !== 0 && (total < range.min || total > range.max || changes[p] !== 0)) live[p] = 1;
  }
  const near = live.slice();
  for (let v = 0; v < count; v++) {
    const p = part[v] as number;
    for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++)
      if (live[part[neighbours[entry] as number] as number] === 1) near[p] = 1;
  }
  let listed = 0;
  for (let v = 0; v < count; v++) {
    const p = part[v] as number;
    if (near[p] === 1 && frozen[p] !== 1 && offsets[v] !== offsets[v + 1]) active[listed++] = v;
  }
  return listed;
}
