/** A building that a total may be spread over. */
export interface SpreadPart {
  /** Storeys above ground; null when the source does not say. */
  readonly floors: number | null;
  /** Ground that it covers, m²; null when its outline was not drawn. */
  readonly footprintM2: number | null;
}

/** How a total was spread. */
export type SpreadBasis = "floor_area" | "even";

const meanOf = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;

const known = (values: readonly (number | null)[]): number[] =>
  values.filter((value): value is number => value !== null && value > 0);

/**
 * Weights of parts: floors × footprint. What one lacks is taken as the mean of the others (one floor where none says);
 * where neither floors nor footprints are known, all weigh the same.
 */
export function spreadWeights(parts: readonly SpreadPart[]): {
  readonly weights: number[];
  readonly basis: SpreadBasis;
} {
  const floors = meanOf(known(parts.map((part) => part.floors)));
  const footprint = meanOf(known(parts.map((part) => part.footprintM2)));
  if (floors === undefined && footprint === undefined) return { weights: parts.map(() => 1), basis: "even" };
  const weights = parts.map((part) => (part.floors || (floors ?? 1)) * (part.footprintM2 || (footprint ?? 1)));
  return { weights, basis: "floor_area" };
}

/**
 * Spreads a total over weights in whole numbers by largest remainder (Hamilton): each part gets its quota rounded down, what
 * is left goes one by one to the largest fractions, the earlier part first where they are equal. The parts sum to the total.
 *
 * @param total whole, ≥ 0
 * @param weights ≥ 0, at least one; all 0 counts as all equal
 */
export function largestRemainder(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const even = !(sum > 0);
  const quotas = weights.map((weight) => (even ? total / weights.length : (total * weight) / sum));
  const counts = quotas.map((quota) => Math.floor(quota));
  const order = quotas
    .map((quota, index) => ({ index, fraction: quota - Math.floor(quota) }))
    .sort((a, b) => b.fraction - a.fraction || a.index - b.index);
  let left = total - counts.reduce((all, count) => all + count, 0);
  for (let i = 0; left > 0; i = (i + 1) % order.length, left--) {
    const { index } = order[i] as (typeof order)[number];
    counts[index] = (counts[index] as number) + 1;
  }
  // Quotas that rounding lifted to the next whole number: taken back from the smallest fractions that have some.
  for (let i = order.length - 1; left < 0; i = i === 0 ? order.length - 1 : i - 1) {
    const { index } = order[i] as (typeof order)[number];
    if ((counts[index] as number) === 0) continue;
    counts[index] = (counts[index] as number) - 1;
    left++;
  }
  return counts;
}
