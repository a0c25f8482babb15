import { bugError } from "../../model/errors.ts";

/**
 * Splits `total` over the weights by largest remainder: each part is at least `minimum`, parts sum to `total` exactly,
 * ties go to the earlier part. Integer result, no transcendental function, so that every engine agrees.
 */
export function allocate(total: number, weights: readonly number[], minimum = 0): number[] {
  const free = total - minimum * weights.length;
  if (free < 0) throw bugError(`cannot give ${weights.length} parts at least ${minimum} of ${total}`);
  let sum = 0;
  for (const weight of weights) sum += weight;
  const exact = weights.map((weight) => (sum > 0 ? (free * weight) / sum : 0));
  const parts = exact.map((share) => Math.floor(share));
  let rest = free;
  for (const part of parts) rest -= part;
  const order = exact
    .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (let i = 0; i < rest; i++) {
    const index = (order[i % order.length] as { index: number }).index;
    parts[index] = (parts[index] as number) + 1;
  }
  return parts.map((part) => part + minimum);
}
