import type { EnergyTerms } from "./energy.ts";
import type { Level } from "./level.ts";

/** Places of a window at most: a set of them is one integer of 31 bits. */
export const MOST_WINDOW_PLACES = 30;
/** Grids that are weighed, and sets of places covered on the way, before a window is given up as too large. */
const MOST_GRIDS = 1 << 14;
const MOST_COVERED = 1 << 13;
const MOST_STEPS = 4 * MOST_GRIDS;
/** Slots of the table of sets, a power of two well above their number. */
const TABLE_BITS = 15;
/** 2^32 ÷ golden ratio (Knuth's multiplicative hashing). */
const HASH = 0x9e3779b1;

/** A division found by `ExactDivision.divide`: places of each grid. */
export type WindowDivision = readonly (readonly number[])[];

/**
 * The best division of the ground of a few neighbouring grids into grids in range, exactly: every connected set of places in
 * range is a grid that could be, and what is covered so far, always from the first place that is not, is reached by the
 * cheapest way. A bound from below, a price for each place that no grid's places exceed together, leaves out what cannot
 * become cheaper than what is there.
 */
export class ExactDivision {
  readonly #level: Level;
  readonly #terms: EnergyTerms;
  readonly #at: Int32Array;
  #n = 0;
  readonly #places = new Int32Array(MOST_WINDOW_PLACES);
  readonly #touching = new Int32Array(MOST_WINDOW_PLACES);
  readonly #outline = new Float64Array(MOST_WINDOW_PLACES);
  readonly #shared = new Float64Array(MOST_WINDOW_PLACES * MOST_WINDOW_PLACES);
  readonly #price = new Float64Array(MOST_WINDOW_PLACES);
  /** Grids that could be, those with the same first place side by side. */
  readonly #grid = new Int32Array(MOST_GRIDS);
  readonly #cost = new Float64Array(MOST_GRIDS);
  readonly #first = new Int32Array(MOST_WINDOW_PLACES + 1);
  #grids = 0;
  /** Sets of places covered so far, and how they are reached cheapest. */
  readonly #covered = new Int32Array(MOST_COVERED);
  readonly #reach = new Float64Array(MOST_COVERED);
  readonly #from = new Int32Array(MOST_COVERED);
  readonly #by = new Int32Array(MOST_COVERED);
  readonly #next = new Int32Array(MOST_COVERED);
  readonly #bucket = new Int32Array(MOST_WINDOW_PLACES + 1);
  readonly #table = new Int32Array(1 << TABLE_BITS);

  constructor(level: Level, terms: EnergyTerms) {
    this.#level = level;
    this.#terms = terms;
    this.#at = new Int32Array(level.count).fill(-1);
  }

  /** The places divided anew if that costs less than `now`; undefined if nothing does, or the window is too large. */
  divide(places: readonly number[], now: number): WindowDivision | undefined {
    if (places.length > MOST_WINDOW_PLACES) return undefined;
    this.#enter(places);
    if (!this.#listGrids()) return undefined;
    this.#setPrices();
    return this.#cover(now);
  }

  /** Places in the order of a walk from a far end, so that what is covered has a short border to what is not. */
  #enter(places: readonly number[]): void {
    const { offsets, neighbours, cost } = this.#level;
    const at = this.#at;
    const n = places.length;
    this.#n = n;
    for (const v of places) at[v] = n;
    const walk = (start: number, stamp: number): void => {
      let end = 0;
      this.#places[end++] = start;
      at[start] = stamp;
      for (let head = 0; head < end; head++) {
        const v = this.#places[head] as number;
        for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++) {
          const u = neighbours[entry] as number;
          if ((at[u] as number) < 0 || at[u] === stamp) continue;
          at[u] = stamp;
          this.#places[end++] = u;
        }
      }
    };
    walk(places[0] as number, n + 1);
    walk(this.#places[n - 1] as number, n + 2);
    for (let i = 0; i < n; i++) at[this.#places[i] as number] = i;
    this.#shared.fill(0, 0, n * n);
    for (let i = 0; i < n; i++) {
      const v = this.#places[i] as number;
      let touching = 0;
      let outline = 0;
      for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++) {
        outline += cost[entry] as number;
        const j = at[neighbours[entry] as number] as number;
        if (j < 0) continue;
        touching |= 1 << j;
        this.#shared[i * n + j] = cost[entry] as number;
      }
      this.#touching[i] = touching;
      this.#outline[i] = outline;
    }
    for (let i = 0; i < n; i++) at[this.#places[i] as number] = -1;
  }

  /** Every connected set in range, each once: the next place beside it is either taken or shut out for good. */
  #listGrids(): boolean {
    const { households, load } = this.#level;
    const { min, max, balance, loadTarget } = this.#terms;
    const n = this.#n;
    const touching = this.#touching;
    let end = 0;
    let steps = 0;
    const grow = (set: number, around: number, shut: number, sum: number, work: number, border: number): boolean => {
      if (++steps > MOST_STEPS) return false;
      if (sum >= min) {
        if (end === MOST_GRIDS) return false;
        const off = (work - loadTarget) / loadTarget;
        this.#grid[end] = set;
        this.#cost[end++] = balance * off * off + border / 2;
      }
      let closed = shut;
      for (let left = around & ~shut; left !== 0; left &= left - 1) {
        const i = lowestOf(left);
        const v = this.#places[i] as number;
        closed |= 1 << i;
        const together = sum + (households[v] as number);
        if (together > max) continue;
        let outline = border + (this.#outline[i] as number);
        for (let bits = set & (touching[i] as number); bits !== 0; bits &= bits - 1)
          outline -= 2 * (this.#shared[i * n + lowestOf(bits)] as number);
        if (
          !grow(
            set | (1 << i),
            (around | (touching[i] as number)) & ~(set | (1 << i)),
            closed,
            together,
            work + (load[v] as number),
            outline,
          )
        )
          return false;
      }
      return true;
    };
    for (let i = 0; i < n; i++) {
      this.#first[i] = end;
      const v = this.#places[i] as number;
      const below = (2 << i) - 1;
      if (
        !grow(
          1 << i,
          touching[i] as number,
          below,
          households[v] as number,
          load[v] as number,
          this.#outline[i] as number,
        )
      )
        return false;
    }
    this.#first[n] = end;
    this.#grids = end;
    return true;
  }

  /** Prices that no grid's places exceed together: each place's share, by households, of the cheapest grid it could be in. */
  #setPrices(): void {
    const price = this.#price;
    price.fill(Number.POSITIVE_INFINITY, 0, this.#n);
    for (let g = 0; g < this.#grids; g++) {
      let sum = 0;
      for (let bits = this.#grid[g] as number; bits !== 0; bits &= bits - 1) sum += this.#weight(lowestOf(bits));
      const each = (this.#cost[g] as number) / sum;
      for (let bits = this.#grid[g] as number; bits !== 0; bits &= bits - 1) {
        const i = lowestOf(bits);
        const share = each * this.#weight(i);
        if (share < (price[i] as number)) price[i] = share;
      }
    }
  }

  /** More than 0, so that ground without households has a share as well. */
  #weight(i: number): number {
    return (this.#level.households[this.#places[i] as number] as number) + 1;
  }

  #cover(now: number): WindowDivision | undefined {
    const n = this.#n;
    const full = (1 << n) - 1;
    const price = this.#price;
    let lowest = 0;
    for (let i = 0; i < n; i++) lowest += price[i] as number;
    const bound = now - 1;
    if (!(lowest < bound)) return undefined;
    // What a way costs beyond the prices of what it covers: only that is counted, and it must stay below what is left over.
    for (let g = 0; g < this.#grids; g++) {
      let over = this.#cost[g] as number;
      for (let bits = this.#grid[g] as number; bits !== 0; bits &= bits - 1) over -= price[lowestOf(bits)] as number;
      this.#cost[g] = over;
    }
    let spare = bound - lowest;
    const mask = (1 << TABLE_BITS) - 1;
    const [covered, reach, from, by, next, bucket, table] = [
      this.#covered,
      this.#reach,
      this.#from,
      this.#by,
      this.#next,
      this.#bucket,
      this.#table,
    ];
    table.fill(0);
    bucket.fill(-1, 0, n + 1);
    covered[0] = 0;
    reach[0] = 0;
    bucket[0] = 0;
    next[0] = -1;
    let end = 1;
    let last = -1;
    for (let i = 0; i < n; i++)
      for (let s = bucket[i] as number; s >= 0; s = next[s] as number) {
        const set = covered[s] as number;
        const sofar = reach[s] as number;
        if (sofar >= spare) continue;
        for (let g = this.#first[i] as number; g < (this.#first[i + 1] as number); g++) {
          const grid = this.#grid[g] as number;
          if ((grid & set) !== 0) continue;
          const sum = sofar + (this.#cost[g] as number);
          if (sum >= spare) continue;
          const all = set | grid;
          let slot = Math.imul(all, HASH) >>> (32 - TABLE_BITS);
          let known = table[slot] as number;
          while (known !== 0 && covered[known] !== all) {
            slot = (slot + 1) & mask;
            known = table[slot] as number;
          }
          if (known === 0) {
            if (end === MOST_COVERED) return undefined;
            known = end++;
            table[slot] = known;
            covered[known] = all;
            const free = ~all & full;
            const to = free === 0 ? n : lowestOf(free);
            next[known] = bucket[to] as number;
            bucket[to] = known;
          } else if (sum >= (reach[known] as number)) continue;
          reach[known] = sum;
          from[known] = s;
          by[known] = g;
          if (all === full) {
            spare = sum;
            last = known;
          }
        }
      }
    if (last < 0) return undefined;
    const division: number[][] = [];
    for (let s = last; s !== 0; s = from[s] as number) {
      const grid: number[] = [];
      for (let bits = this.#grid[by[s] as number] as number; bits !== 0; bits &= bits - 1)
        grid.push(this.#places[lowestOf(bits)] as number);
      division.push(grid);
    }
    return division;
  }
}

const lowestOf = (bits: number): number => 31 - Math.clz32(bits & -bits);
