/** Cases that share one exact position. */
export interface Pile {
  /** WGS 84 degrees on the lattice. */
  readonly lon: number;
  readonly lat: number;
  readonly count: number;
}

/** A default point holds at least this share of all rows … */
const MIN_SHARE = 0.01;
/** … and at least this many … */
const MIN_COUNT = 200;
/** … and stands out from the largest ordinary pile by this factor. */
const MIN_RATIO = 10;
/** At most this many default points a file: several offices may each have their own. */
const MAX_POINTS = 8;
/** With fewer distinct positions nobody can tell what an ordinary pile is. */
const MIN_DISTINCT = 20;

/** How many rows a position needs to be a default point. */
export interface PileLimits {
  readonly minCount: number;
  readonly minShare: number;
}

/**
 * Finds the positions that a source system writes when it knows none (a town hall, the centre of a city): piles of a
 * size that no real place reaches.
 *
 * The rule knows nothing of any one source. Piles are ordered by size; the cut is the last place among the first eight
 * where the pile before it is at least ten times the one after. All before the cut that hold ≥ 200 rows and ≥ 1 % of
 * them are default points. A true hot spot, even the busiest junction, is one of a falling series and survives; two
 * default points of like size are found together. (Boston 2011: 4,775 on one point, then 154, 30, 30, 29 …)
 *
 * @param largest the largest piles, any order, at least nine where there are so many
 * @param rows all rows of the source
 * @param distinct distinct positions among them
 * @param limits rows that a default point holds at least, in number and as a share; absent = those above, for cases
 */
export function findDefaultPoints(
  largest: readonly Pile[],
  rows: number,
  distinct: number,
  { minCount, minShare }: PileLimits = { minCount: MIN_COUNT, minShare: MIN_SHARE },
): Pile[] {
  if (distinct < MIN_DISTINCT) return [];
  const piles = [...largest].sort((a, b) => b.count - a.count);
  let cut = 0;
  for (let i = 0; i < Math.min(MAX_POINTS, piles.length - 1); i++) {
    const [before, after] = [piles[i] as Pile, piles[i + 1] as Pile];
    if (before.count < minCount || before.count < rows * minShare) break;
    if (before.count >= MIN_RATIO * after.count) cut = i + 1;
  }
  return piles.slice(0, cut);
}

/** Piles that `findDefaultPoints` needs to see. */
export const PILES_TO_READ = MAX_POINTS + 1;
