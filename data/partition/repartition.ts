import type { RandomBits } from "./anneal.ts";
import { contractUnion, MOST_SUPER_BLOCKS, type Union } from "./contract-union.ts";
import { type EnergyTerms, type PartSums, rangeCost } from "./energy.ts";
import type { Level } from "./level.ts";

/** A set of super-blocks heavier than this, in `max`, is not looked at unless it is one alone. */
const HEAVIEST = 1.6;

/**
 * The best division of the ground of two to four neighbouring grids: their places are joined to a few super-blocks, every set
 * of which is weighed, and every way to cut the whole into such sets (dynamic programming over subsets).
 */
export class Repartition {
  readonly #level: Level;
  readonly #sums: PartSums;
  readonly #terms: EnergyTerms;
  readonly #random: RandomBits;
  readonly #cost = new Float64Array(1 << MOST_SUPER_BLOCKS);
  readonly #best = new Float64Array(1 << MOST_SUPER_BLOCKS);
  readonly #choice = new Int32Array(1 << MOST_SUPER_BLOCKS);
  readonly #households = new Int32Array(1 << MOST_SUPER_BLOCKS);
  readonly #load = new Int32Array(1 << MOST_SUPER_BLOCKS);
  readonly #border = new Float64Array(1 << MOST_SUPER_BLOCKS);
  readonly #fewestParts: number;

  constructor(level: Level, sums: PartSums, terms: EnergyTerms, random: RandomBits, fewestParts: number) {
    this.#level = level;
    this.#sums = sums;
    this.#terms = terms;
    this.#random = random;
    this.#fewestParts = fewestParts;
  }

  /**
   * Divides the ground of the grids anew if that costs less. `grids` hang together, `places` are all of theirs.
   * @returns the places of each new grid by number, or undefined if what is there is as good
   */
  improve(grids: readonly number[], places: readonly number[]): Map<number, number[]> | undefined {
    const union = contractUnion(this.#level, places, this.#terms, this.#random);
    if (!union) return undefined;
    this.#weigh(union);
    const full = (1 << union.count) - 1;
    const now = grids.reduce((sum, p) => sum + this.#costNow(p, places), 0);
    this.#cut(full);
    if ((this.#best[full] as number) >= now - 1) return undefined;
    const sets: number[][] = [];
    for (let rest = full; rest !== 0; rest ^= this.#choice[rest] as number)
      sets.push(union.placesOf(this.#choice[rest] as number));
    if (this.#sums.used + sets.length - grids.length < this.#fewestParts) return undefined;
    return this.#name(grids, sets);
  }

  /** Cost of every set of super-blocks as a grid; Infinity where it is in pieces or far too heavy. */
  #weigh(union: Union): void {
    const { count, touching } = union;
    const { max } = this.#terms;
    this.#households[0] = 0;
    this.#load[0] = 0;
    this.#border[0] = 0;
    for (let set = 1; set < 1 << count; set++) {
      const lowest = 31 - Math.clz32(set & -set);
      const rest = set & (set - 1);
      const households = (this.#households[rest] as number) + (union.households[lowest] as number);
      this.#households[set] = households;
      this.#load[set] = (this.#load[rest] as number) + (union.load[lowest] as number);
      let border = (this.#border[rest] as number) + (union.outline[lowest] as number);
      for (let others = rest & (touching[lowest] as number); others !== 0; others &= others - 1)
        border -= 2 * (union.shared[lowest * count + (31 - Math.clz32(others & -others))] as number);
      this.#border[set] = border;
      const tooHeavy = rest !== 0 && households > HEAVIEST * max;
      this.#cost[set] =
        tooHeavy || !isOnePiece(set, touching)
          ? Number.POSITIVE_INFINITY
          : this.#energy(households, this.#load[set] as number, border) + this.#moved(union.placesOf, set);
    }
  }

  /** Borders are weighed from both sides, so a border's cost counts half on each. */
  #energy(households: number, load: number, border: number): number {
    const { balance, loadTarget } = this.#terms;
    const off = (load - loadTarget) / loadTarget;
    return balance * off * off + border / 2 + rangeCost(this.#terms, households);
  }

  #moved(placesOf: (set: number) => number[], set: number): number {
    return this.#terms.moved === 0 ? 0 : this.#movedOf(placesOf(set));
  }

  /** Households that are not of the grid of today that most are of. */
  #movedOf(places: readonly number[]): number {
    const { home, households } = this.#level;
    if (this.#terms.moved === 0) return 0;
    const byHome = new Map<number, number>();
    let total = 0;
    let most = 0;
    for (const v of places) {
      total += households[v] as number;
      const grid = home[v] as number;
      if (grid < 0) continue;
      const sum = (byHome.get(grid) ?? 0) + (households[v] as number);
      byHome.set(grid, sum);
      if (sum > most) most = sum;
    }
    return this.#terms.moved * (total - most);
  }

  #costNow(p: number, places: readonly number[]): number {
    const { offsets, neighbours, cost, part } = this.#level;
    const own = places.filter((v) => part[v] === p);
    let border = 0;
    for (const v of own)
      for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++)
        if (part[neighbours[entry] as number] !== p) border += cost[entry] as number;
    return this.#energy(this.#sums.households[p] as number, this.#sums.load[p] as number, border) + this.#movedOf(own);
  }

  /** Cheapest way to cut every set into grids: the one with its lowest super-block, and the best of what is left. */
  #cut(full: number): void {
    const [cost, best, choice] = [this.#cost, this.#best, this.#choice];
    best[0] = 0;
    for (let set = 1; set <= full; set++) {
      const lowest = set & -set;
      const rest = set ^ lowest;
      let least = Number.POSITIVE_INFINITY;
      let chosen = 0;
      for (let sub = rest; ; sub = (sub - 1) & rest) {
        const grid = sub | lowest;
        const sum = (cost[grid] as number) + (best[set ^ grid] as number);
        if (sum < least) {
          least = sum;
          chosen = grid;
        }
        if (sub === 0) break;
      }
      best[set] = least;
      choice[set] = chosen;
    }
  }

  /** Each new grid keeps the number of the old one that it shares most households with; further ones get free numbers. */
  #name(grids: readonly number[], sets: readonly number[][]): Map<number, number[]> | undefined {
    const { part, home, households } = this.#level;
    const overlaps: { set: number; grid: number; shared: number }[] = [];
    sets.forEach((places, set) => {
      for (const grid of grids) {
        let shared = 0;
        for (const v of places)
          if (this.#terms.moved !== 0 && (home[v] as number) >= 0 ? home[v] === grid : part[v] === grid)
            shared += (households[v] as number) + 0.001;
        if (shared > 0) overlaps.push({ set, grid, shared });
      }
    });
    overlaps.sort((a, b) => b.shared - a.shared || a.set - b.set || a.grid - b.grid);
    const named = new Map<number, number[]>();
    const done = new Set<number>();
    for (const { set, grid } of overlaps) {
      if (done.has(set) || named.has(grid)) continue;
      done.add(set);
      named.set(grid, sets[set] as number[]);
    }
    const spare = grids.filter((grid) => !named.has(grid));
    let free = this.#sums.capacity - 1;
    for (let set = 0; set < sets.length; set++) {
      if (done.has(set)) continue;
      let grid = spare.pop();
      if (grid === undefined) {
        while (free >= 0 && (this.#sums.places[free] !== 0 || named.has(free))) free--;
        if (free < 0) return undefined;
        grid = free;
      }
      named.set(grid, sets[set] as number[]);
    }
    return named;
  }
}

function isOnePiece(set: number, touching: Int32Array): boolean {
  let reached = set & -set;
  for (let fresh = reached; fresh !== 0; ) {
    let around = 0;
    for (let bits = fresh; bits !== 0; bits &= bits - 1) around |= touching[31 - Math.clz32(bits & -bits)] as number;
    fresh = around & set & ~reached;
    reached |= fresh;
  }
  return reached === set;
}
