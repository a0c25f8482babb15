import { anneal, type RandomBits } from "./anneal.ts";
import { type CoarseLevel, coarsen, refine } from "./coarsen.ts";
import {
  type EnergyTerms,
  type EnergyWeights,
  energyTerms,
  type PartSums,
  partSums,
  rangeCost,
  sumParts,
} from "./energy.ts";
import { ExactDivision } from "./exact-division.ts";
import { type BaseLevel, ENERGY_UNIT, type Level } from "./level.ts";
import { type MendWeights, mend } from "./mend.ts";
import { LUMPS_PER_GRID } from "./pieces.ts";
import { repartitionPass } from "./repartition-pass.ts";
import { splitAndMerge } from "./split-merge.ts";
import { freezeGood } from "./warm-start.ts";
import { windowPass } from "./window-pass.ts";

export interface SearchRange {
  readonly min: number;
  readonly max: number;
  readonly target: number;
  readonly loadTarget: number;
}

/** Above so many places to a grid the search begins on coarser ground. */
const PLACES_PER_GRID = 24;
/** One look at a window around every grid takes about as long as so many sweeps. */
const SWEEPS_PER_WINDOW_ROUND = 100;
/** A coarse place has at most this share of the target. */
const COARSE_SHARE = 1 / 8;
/** How far the range gives way on coarse ground, in the heaviest place. */
const COARSE_SLACK = 0.7;
const MEND_WEIGHTS: MendWeights = { touched: 8, border: 4, out: 60, excess: 1.4 };
const REPAIR_ROUNDS = 3;
/** Colder than this sweeps hardly change anything; a few of them at the end take what is left for the taking. */
const COLD = 0.28;
/** So small a share of grids out of range is mended around them alone. */
const FEW_BAD = 0.02;
/** Times that the ground around each grid out of range is divided anew, before all is annealed again and afterwards. */
const FIRST_ROUNDS = 12;
const BAD_ROUNDS = 60;

/**
 * What looks for a division of one level, anytime: `part` of the level holds what is best known so far after each step.
 * Temperatures are in units of the cost of a mean border between two places, so that they fit blocks of any size.
 */
export class Search {
  readonly level: BaseLevel;
  readonly sums: PartSums;
  readonly #range: SearchRange;
  readonly #random: RandomBits;
  readonly #fewestParts: number;
  readonly #onSweep: () => boolean;
  #going = true;

  constructor(level: BaseLevel, range: SearchRange, fewestParts: number, random: RandomBits, onSweep: () => boolean) {
    this.level = level;
    this.sums = partSums(level, level.count + 1);
    this.#range = range;
    this.#fewestParts = fewestParts;
    this.#random = random;
    this.#onSweep = onSweep;
  }

  get outOfRange(): number {
    const terms = this.#terms({ balance: 0, out: 1, excess: 0, leastChange: 0 });
    let bad = 0;
    for (let p = 0; p < this.sums.capacity; p++)
      if (this.sums.places[p] !== 0 && rangeCost(terms, this.sums.households[p] as number) > 0) bad++;
    return bad;
  }

  /** Draws anew: hot enough to forget the first division. */
  fresh(sweeps: number, balance: number): void {
    const weights = { balance, out: 0.6, excess: 4, leastChange: 0 };
    const levels = this.#coarser(sweeps > 0);
    for (const coarse of levels.toReversed()) {
      const relaxed = this.#relaxed(coarse, weights);
      const sums = partSums(coarse, this.sums.capacity);
      const top = coarse === levels.at(-1);
      this.#anneal(coarse, sums, relaxed, top ? [2.8, 0.25, sweeps] : [0.6, 0.11, Math.max(10, sweeps >> 2)]);
      const finer: Level = levels[levels.indexOf(coarse) - 1] ?? this.level;
      refine(finer, coarse);
    }
    const terms = this.#terms(weights);
    sumParts(this.level, this.sums);
    this.#anneal(
      this.level,
      this.sums,
      terms,
      levels.length > 0 ? [0.6, COLD, Math.max(10, sweeps >> 2)] : [1.25, COLD, sweeps],
    );
    this.#anneal(this.level, this.sums, terms, [0.12, 0.04, Math.ceil(sweeps / 20)]);
    if (this.outOfRange <= FEW_BAD * this.sums.used) this.#repartition(terms, FIRST_ROUNDS, undefined);
    this.#repair(terms, [0.55, 0.11, Math.max(20, sweeps >> 2)], undefined);
    const lumpy = this.level.count < LUMPS_PER_GRID * this.sums.used;
    if (lumpy) this.#exactWindows(terms, Math.ceil(sweeps / SWEEPS_PER_WINDOW_ROUND));
  }

  /** Mends what is out of range and leaves the rest as it is as far as `leastChange` says. */
  keep(sweeps: number, balance: number, leastChange: number, frozen: Uint8Array | undefined): void {
    const shape = 1 / (1 + leastChange);
    const weights = { balance: balance * shape, out: 3, excess: 20, leastChange };
    const terms = this.#terms(weights);
    this.#anneal(this.level, this.sums, terms, [0.7, 0.03, sweeps], frozen);
    this.#repair(terms, [0.7, 0.03, Math.max(20, sweeps >> 1)], frozen);
  }

  /**
   * Brings the grids that are not frozen into range and moves as few households as it can; the rest stays block for block.
   * `mayEnd`: what is far too small may end in its neighbours.
   */
  mend(sweeps: number, leastChange: number, frozen: Uint8Array, mayEnd: boolean): void {
    const terms = this.#terms({ balance: 0, out: 3, excess: 20, leastChange });
    this.#mend([20, 1, sweeps], frozen, mayEnd);
    for (let round = 0; round < REPAIR_ROUNDS && this.#going && this.outOfRange > 0; round++) {
      const near = freezeGood(this.level, this.sums, this.#range, 2).map((far, p) => far | (frozen[p] as number));
      splitAndMerge(this.level, this.sums, terms, frozen);
      this.#mend([12, 1, Math.max(20, sweeps >> 1)], near, false);
    }
    if (this.#going && this.outOfRange > 0) this.#repartition(terms, BAD_ROUNDS, frozen);
  }

  #mend([hot, cold, sweeps]: readonly [number, number, number], frozen: Uint8Array, mayEnd: boolean): void {
    if (!this.#going || sweeps === 0) return;
    mend({
      level: this.level,
      sums: this.sums,
      range: this.#range,
      weights: MEND_WEIGHTS,
      mayEnd,
      cooling: { hot, cold, sweeps },
      frozen,
      fewestParts: this.#fewestParts,
      random: this.#random,
      onSweep: () => this.#sweep(),
    });
  }

  #terms(weights: EnergyWeights): EnergyTerms {
    return energyTerms(this.#range, weights);
  }

  #coarser(wanted: boolean): CoarseLevel[] {
    const levels: CoarseLevel[] = [];
    let level: Level = this.level;
    while (wanted && level.count > PLACES_PER_GRID * this.sums.used) {
      const coarse = coarsen(level, this.#range.target * COARSE_SHARE);
      if (!coarse) break;
      levels.push(coarse);
      level = coarse;
    }
    return levels;
  }

  #relaxed({ households }: Level, weights: EnergyWeights): EnergyTerms {
    const heaviest = households.reduce((most, h) => Math.max(most, h), 0);
    const { min, max, target } = this.#range;
    const slack = Math.ceil(Math.max(max - target, target - min, COARSE_SLACK * heaviest));
    const range = { ...this.#range, min: Math.max(0, Math.floor(target) - slack), max: Math.ceil(target) + slack };
    return energyTerms(range, { ...weights, out: 0 });
  }

  /** Temperatures in borders of a mean place. */
  #anneal(
    level: Level,
    sums: PartSums,
    terms: EnergyTerms,
    [hot, cold, sweeps]: readonly [number, number, number],
    frozen?: Uint8Array,
  ): void {
    if (!this.#going || sweeps === 0 || sums.used === 0) return;
    const border = ENERGY_UNIT / (4 * Math.sqrt(Math.max(1, level.count / sums.used)));
    anneal({
      level,
      sums,
      terms,
      cooling: { hot: hot * border, cold: cold * border, sweeps },
      frozen,
      fewestParts: this.#fewestParts,
      random: this.#random,
      onSweep: () => this.#sweep(),
    });
  }

  #sweep(): boolean {
    this.#going = this.#onSweep();
    return this.#going;
  }

  /** Right number of grids, then the last ones out of range by subsets; annealed after each. */
  #repair(terms: EnergyTerms, cooling: readonly [number, number, number], frozen: Uint8Array | undefined): void {
    for (let round = 0; round < REPAIR_ROUNDS && this.#going && this.outOfRange > 0; round++) {
      if (splitAndMerge(this.level, this.sums, terms, frozen) === 0) break;
      this.#anneal(this.level, this.sums, terms, cooling, frozen);
    }
    if (!this.#going || this.outOfRange === 0) return;
    this.#repartition(terms, BAD_ROUNDS, frozen);
  }

  /** Windows of neighbouring grids divided anew exactly, until a round finds nothing better. */
  #exactWindows(terms: EnergyTerms, rounds: number): void {
    const { level, sums } = this;
    const exact = new ExactDivision(level, terms);
    const pass = { level, sums, terms, random: this.#random, fewestParts: this.#fewestParts, exact };
    for (let round = 0; round < rounds && this.#going; round++) {
      const better = windowPass(pass);
      if (!this.#sweep() || better === 0) break;
    }
  }

  #repartition(terms: EnergyTerms, rounds: number, frozen: Uint8Array | undefined): void {
    repartitionPass({
      level: this.level,
      sums: this.sums,
      terms,
      random: this.#random,
      fewestParts: this.#fewestParts,
      frozen,
      rounds,
    });
  }
}
