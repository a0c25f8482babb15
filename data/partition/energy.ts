import { ENERGY_UNIT, type Level } from "./level.ts";

/**
 * What makes a division good, as one number to be made small, a sum over grids:
 *   BALANCE·((load − mean) ÷ mean)² + border ÷ outline of a square grid
 *   + out of range: OUT + EXCESS·(households beyond the range ÷ target)
 *   + leastChange·(households away from their grid of today ÷ target)
 */
export interface EnergyTerms {
  readonly min: number;
  readonly max: number;
  readonly target: number;
  /** Load that a grid should have. */
  readonly loadTarget: number;
  /** In millionths; each as above. */
  readonly balance: number;
  readonly out: number;
  /** Per household beyond the range, and per household moved. */
  readonly excess: number;
  readonly moved: number;
}

export interface EnergyWeights {
  readonly balance: number;
  readonly out: number;
  readonly excess: number;
  readonly leastChange: number;
}

export function energyTerms(
  range: { readonly min: number; readonly max: number; readonly target: number; readonly loadTarget: number },
  weights: EnergyWeights,
): EnergyTerms {
  return {
    ...range,
    balance: weights.balance * ENERGY_UNIT,
    out: weights.out * ENERGY_UNIT,
    excess: (weights.excess * ENERGY_UNIT) / range.target,
    moved: (weights.leastChange * ENERGY_UNIT) / range.target,
  };
}

/** What a grid of so many households costs for being out of range. */
export function rangeCost({ min, max, out, excess }: EnergyTerms, households: number): number {
  if (households < min) return out + excess * (min - households);
  return households > max ? out + excess * (households - max) : 0;
}

/** Sums over the grids of a level, kept up to date by whoever moves a place. */
export interface PartSums {
  /** Grids that can exist: numbers below. */
  readonly capacity: number;
  readonly households: Int32Array;
  readonly load: Int32Array;
  readonly places: Int32Array;
  /** Grids that have places. */
  used: number;
}

export function partSums(level: Level, capacity: number): PartSums {
  const sums: PartSums = {
    capacity,
    households: new Int32Array(capacity),
    load: new Int32Array(capacity),
    places: new Int32Array(capacity),
    used: 0,
  };
  sumParts(level, sums);
  return sums;
}

/** Counts anew. */
export function sumParts({ count, part, households, load }: Level, sums: PartSums): void {
  sums.households.fill(0);
  sums.load.fill(0);
  sums.places.fill(0);
  sums.used = 0;
  for (let v = 0; v < count; v++) {
    const p = part[v] as number;
    sums.households[p] = (sums.households[p] as number) + (households[v] as number);
    sums.load[p] = (sums.load[p] as number) + (load[v] as number);
    if (sums.places[p] === 0) sums.used++;
    sums.places[p] = (sums.places[p] as number) + 1;
  }
}
