import { connectionTest, packedBorders } from "./connection.ts";
import { type EnergyTerms, type PartSums, rangeCost } from "./energy.ts";
import { exp, ln } from "./exp.ts";
import type { Level } from "./level.ts";

export interface Cooling {
  /** Temperatures of the first and the last sweep, in the energy's millionths. */
  readonly hot: number;
  readonly cold: number;
  readonly sweeps: number;
}

export interface AnnealRun {
  readonly level: Level;
  readonly sums: PartSums;
  readonly terms: EnergyTerms;
  readonly cooling: Cooling;
  /** Grids that neither give nor take: 1. */
  readonly frozen?: Uint8Array;
  /** No fewer grids than this: the last place of a grid stays then. */
  readonly fewestParts: number;
  readonly random: RandomBits;
  /** After each sweep; false stops. */
  readonly onSweep?: () => boolean;
}

/** State of xorshift32 (Marsaglia 2003), never 0; drawn in line by the loops that need a number per step. */
export interface RandomBits {
  state: number;
}

const LOG_STEPS = 4096;
/** −ln of the middles of 4,096 equal steps of (0, 1): what a worse move may cost in units of temperature. In single precision it leaves the cache's first level to the blocks. */
export const PATIENCE = Float32Array.from({ length: LOG_STEPS }, (_, i) => -ln((i + 0.5) / LOG_STEPS));

/**
 * Simulated annealing (Metropolis) that visits the places in turn: each may join the grid of a random neighbour if that costs
 * no more than chance allows and its own grid stays in one piece without it. The last place may leave a grid, which then
 * ends. Time: sweeps × borders.
 */
export function anneal(run: AnnealRun): void {
  const { level, sums, terms, cooling, frozen, fewestParts, random, onSweep } = run;
  const { count, offsets, households, load, home, part } = level;
  const { households: partHouseholds, load: partLoad, places } = sums;
  const { min, max, moved, loadTarget } = terms;
  const span = max - min;
  const quadratic = terms.balance / (loadTarget * loadTarget);
  const connected = connectionTest(level);
  const borders = packedBorders(level);
  const factor = cooling.sweeps > 1 ? exp(ln(cooling.cold / cooling.hot) / (cooling.sweeps - 1)) : 1;
  let temperature = cooling.hot;
  let bits = random.state;

  for (let sweep = 0; sweep < cooling.sweeps; sweep++) {
    for (let v = 0; v < count; v++) {
      const low = offsets[v] as number;
      const high = offsets[v + 1] as number;
      bits ^= bits << 13;
      bits ^= bits >>> 17;
      bits ^= bits << 5;
      if (low === high) continue;
      const p = part[v] as number;
      const width = (high - low) << 1;
      const begin = low << 1;
      // Where the neighbour that chance picked is of the same grid, the one after it has its turn.
      const pick = ((bits & 0xffff) * (high - low)) >>> 16;
      let q = part[borders[begin + (pick << 1)] as number] as number;
      if (q === p) {
        q = part[borders[begin + (pick + 1 < high - low ? (pick + 1) << 1 : 0)] as number] as number;
        if (q === p) continue;
      }
      if (frozen !== undefined && (frozen[p] === 1 || frozen[q] === 1)) continue;
      // Without branches, since which grid a neighbour is in cannot be foreseen: −1 where the numbers differ, else 0.
      let toP = 0;
      let toQ = 0;
      for (let entry = begin; entry < begin + width; entry += 2) {
        const r = part[borders[entry] as number] as number;
        const c = borders[entry + 1] as number;
        const notP = r ^ p;
        const notQ = r ^ q;
        toP += c & ~((notP | -notP) >> 31);
        toQ += c & ~((notQ | -notQ) >> 31);
      }
      const h = households[v] as number;
      const l = load[v] as number;
      const left = (partHouseholds[p] as number) - h;
      const joined = (partHouseholds[q] as number) + h;
      let change = toP - toQ;
      const single = places[p] === 1;
      if (single) {
        if (sums.used <= fewestParts) continue;
        const before = (partLoad[p] as number) - loadTarget;
        change += quadratic * (l * (2 * ((partLoad[q] as number) - loadTarget) + l) - before * before);
        change += rangeCost(terms, joined) - rangeCost(terms, joined - h) - rangeCost(terms, h);
      } else {
        change += 2 * quadratic * l * ((partLoad[q] as number) - (partLoad[p] as number) + l);
        if (
          (left - min) >>> 0 > span ||
          (joined - min) >>> 0 > span ||
          (left + h - min) >>> 0 > span ||
          (joined - h - min) >>> 0 > span
        )
          change +=
            rangeCost(terms, left) +
            rangeCost(terms, joined) -
            rangeCost(terms, left + h) -
            rangeCost(terms, joined - h);
      }
      if (moved !== 0) {
        // A block without households stays as well unless something is won.
        if (home[v] === p) change += moved * (h + 0.01);
        else if (home[v] === q) change -= moved * (h + 0.01);
      }
      if (change > 0 && change >= temperature * (PATIENCE[bits >>> 20] as number)) continue;
      if (!single && !connected(v, p)) continue;
      part[v] = q;
      partHouseholds[p] = left;
      partHouseholds[q] = joined;
      partLoad[p] = (partLoad[p] as number) - l;
      partLoad[q] = (partLoad[q] as number) + l;
      places[p] = (places[p] as number) - 1;
      places[q] = (places[q] as number) + 1;
      if (single) sums.used--;
    }
    temperature *= factor;
    if (onSweep !== undefined && !onSweep()) break;
  }
  random.state = bits;
}
