/**
 * Sign of the area of a closed walk over lattice points: 1 counter-clockwise, -1 clockwise, 0 without extent. In doubles
 * where they leave no doubt, else in integers of any length.
 *
 * @param corners point numbers in order, the first not repeated
 */
export function areaSign(xs: Int32Array, ys: Int32Array, corners: readonly number[]): -1 | 0 | 1 {
  const first = corners[0] as number;
  const [ox, oy] = [xs[first] as number, ys[first] as number];
  let [sum, size] = [0, 0];
  for (let i = 1; i + 1 < corners.length; i++) {
    const [p, q] = [corners[i] as number, corners[i + 1] as number];
    const [left, right] = [
      ((xs[p] as number) - ox) * ((ys[q] as number) - oy),
      ((xs[q] as number) - ox) * ((ys[p] as number) - oy),
    ];
    sum += left - right;
    size += Math.abs(left) + Math.abs(right);
  }
  // Each product and sum is off by at most 2^-53 of its size; so is each step of the sum.
  if (Math.abs(sum) > size * corners.length * 2 ** -51) return sum > 0 ? 1 : -1;
  const exact = doubleArea(xs, ys, corners);
  return exact > 0n ? 1 : exact < 0n ? -1 : 0;
}

/** Twice the signed area of a closed walk in lattice units, exact. */
export function doubleArea(xs: Int32Array, ys: Int32Array, corners: readonly number[]): bigint {
  const first = corners[0] as number;
  const [ox, oy] = [xs[first] as number, ys[first] as number];
  let sum = 0n;
  for (let i = 1; i + 1 < corners.length; i++) {
    const [p, q] = [corners[i] as number, corners[i + 1] as number];
    sum +=
      BigInt((xs[p] as number) - ox) * BigInt((ys[q] as number) - oy) -
      BigInt((xs[q] as number) - ox) * BigInt((ys[p] as number) - oy);
  }
  return sum;
}
