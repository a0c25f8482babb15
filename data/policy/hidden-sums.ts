import { bugError } from "../model/errors.ts";

/**
 * Which totals of areas that hold suppressed cells may be published (complementary suppression: Willenborg and de Waal,
 * Elements of Statistical Disclosure Control, 2001, chapters 4 and 6; Hundepool et al., Handbook on Statistical
 * Disclosure Control, 2010, section 4.4).
 *
 * A suppressed cell holds 1, 2, 3 or 4. A total gives away the sum of the suppressed cells beneath it. It is published
 * only where every one of them keeps all four values for everybody who
 * - has read this file (a rule that is secret is no protection), so that also what is hidden says something: its sum
 *   was not a safe one;
 * - and may see the records of one area, one community or one town, and takes these away (the contributor who knows
 *   his own part). Two such people who put their records together are beyond this, as they are beyond any rule that
 *   publishes totals at all.
 *
 * **A town** with `k` suppressed cells that sum to `s`. Knowing the sum alone, a cell keeps 1…4 when `k + 3 ≤ s ≤ 4k − 3`.
 * Who knows one cell, whatever it holds, faces `k − 1` cells with the sum `s − 1` … `s − 4`: `k + 6 ≤ s ≤ 4k − 6`. The
 * condition reads only `k` and `s`, so every filling with that sum would have been published alike: knowing the rule
 * adds nothing. A hidden total leaves `s` in `k … k + 5` or `4k − 5 … 4k`: each cell may be 1, 2 or 3 while all others
 * are 1 (and one that is known is anything), or 4 while all others are 4; so it keeps 1…4 too.
 *
 * **The county** has the published towns' totals beside its own: the difference is the sum over the other groups of
 * cells, which are the suppressed cells of each town whose total is hidden, and the one outside all towns. `safeSums` works
 * out by enumeration of sums which ones are safe; it reads only the groups' sizes, as above. Where it hides, the same two
 * fillings show that nothing is narrowed: with all others at 1 a cell of 1, 2 or 3 is the largest, the one of 4 is
 * impossible, so the sum is not safe and the total hidden; with all others at 4 the same from above.
 */
export const LEAST = 1;
export const MOST = 4;

/** May a town's total be published, whose `k` suppressed cells sum to `sum`? */
export const isSafeTownSum = (k: number, sum: number): boolean => k === 0 || (sum >= k + 6 && sum <= 4 * k - 6);

/** Sets of sums, as bits: bit `s` stands for the sum `s`. */
type Sums = bigint;
const range = (from: number, to: number): Sums =>
  to < from ? 0n : ((1n << BigInt(to - from + 1)) - 1n) << BigInt(Math.max(0, from));

const hiddenSets = new Map<number, Sums>();
/** What `k` suppressed cells under one hidden total may sum to. */
function hiddenSums(k: number): Sums {
  let sums = hiddenSets.get(k);
  if (sums === undefined) {
    sums = range(k * LEAST, k * MOST) & ~range(k + 6, 4 * k - 6);
    hiddenSets.set(k, sums);
  }
  return sums;
}

/** The same with some of the cells known. */
const withKnown = (k: number, known: readonly number[]): Sums => {
  const sum = known.reduce((total, value) => total + value, 0);
  const others = k - known.length;
  return hiddenSums(k) & range(sum + others * LEAST, sum + others * MOST);
};

function bitsOf(sums: Sums): number[] {
  const bits: number[] = [];
  for (let s = 0, left = sums; left > 0n; s++, left >>= 1n) if (left & 1n) bits.push(s);
  return bits;
}

/** All sums of one number of each set. */
function plus(a: Sums, b: Sums): Sums {
  let sums = 0n;
  for (const bit of bitsOf(b)) sums |= a << BigInt(bit);
  return sums;
}

const VALUES = [1, 2, 3, 4] as const;

/** Sums of several groups, with some left out; remembered by their sizes. */
function sumsWithout(sizes: readonly number[]): (without: readonly number[]) => Sums {
  const known = new Map<string, Sums>();
  return (without) => {
    const key = [...without].sort((a, b) => a - b).join();
    const found = known.get(key);
    if (found !== undefined) return found;
    const left = [...sizes];
    for (const size of without) left.splice(left.indexOf(size), 1);
    const sums = left.reduce((total, size) => plus(total, hiddenSums(size)), 1n);
    known.set(key, sums);
    return sums;
  };
}

const safeSets = new Map<string, Sums>();

/**
 * The sums over several groups of suppressed cells that may be published, given that no group's own sum is.
 *
 * @param groups number of suppressed cells in each group, each at least 1
 * @returns bits: bit `s` is set when the sum `s` may be published
 */
export function safeSums(groups: readonly number[]): bigint {
  if (groups.some((size) => size < 1)) throw bugError("a group without suppressed cells");
  const sizes = [...groups].sort((a, b) => a - b);
  const key = sizes.join();
  let safe = safeSets.get(key);
  if (safe === undefined) {
    safe = computeSafeSums(sizes);
    safeSets.set(key, safe);
  }
  return safe;
}

function computeSafeSums(sizes: readonly number[]): Sums {
  const without = sumsWithout(sizes);
  const distinct = [...new Set(sizes)];
  const possible = without([]);
  let unsafe = 0n;
  /** Sums at which what somebody knows is possible, but one value of a cell is not. */
  const need = (known: Sums, target: Sums): void => {
    unsafe |= known & ~target;
  };
  for (const j of distinct) for (const value of VALUES) need(possible, plus(withKnown(j, [value]), without([j])));
  for (const i of distinct) {
    const others = distinct.filter((j) => j !== i || sizes.filter((size) => size === i).length > 1);
    for (const mine of VALUES) {
      // One community's cell is known: the rest of its group, then the other groups.
      const known = plus(withKnown(i, [mine]), without([i]));
      for (const value of VALUES) {
        if (i > 1) need(known, plus(withKnown(i, [mine, value]), without([i])));
        for (const j of others) need(known, plus(plus(withKnown(i, [mine]), withKnown(j, [value])), without([i, j])));
      }
    }
    for (const sum of bitsOf(hiddenSums(i))) {
      // A whole town is known.
      const known = without([i]) << BigInt(sum);
      for (const j of others)
        for (const value of VALUES) need(known, plus(withKnown(j, [value]), without([i, j])) << BigInt(sum));
    }
  }
  return possible & ~unsafe;
}
