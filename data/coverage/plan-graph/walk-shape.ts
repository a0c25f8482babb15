import { side } from "../noding/exact.ts";
import type { LatticePoint } from "./lattice-polygons.ts";
import type { ArcRef } from "./plan-graph.ts";
import { cornersOf, type Net } from "./walks.ts";

/** Corner with the least x, of several the one with the least y. */
export const westernmost = (corners: readonly LatticePoint[]): LatticePoint =>
  corners.reduce((least, corner) => ((corner[0] - least[0] || corner[1] - least[1]) < 0 ? corner : least));

/** Sign of the area within closed corners (the first not repeated): 1 counter-clockwise, -1 clockwise, 0 none; exact. */
export function turnOf(corners: readonly LatticePoint[]): -1 | 0 | 1 {
  const [ox, oy] = corners[0] ?? [0, 0];
  let [sum, size] = [0, 0];
  for (let i = 1; i + 1 < corners.length; i++) {
    const [px, py] = corners[i] as LatticePoint;
    const [qx, qy] = corners[i + 1] as LatticePoint;
    const [one, two] = [(px - ox) * (qy - oy), (qx - ox) * (py - oy)];
    sum += one - two;
    size += Math.abs(one) + Math.abs(two);
  }
  // Each product and sum is off by at most 2^-53 of its size; so is each step of the sum.
  if (Math.abs(sum) > size * corners.length * 2 ** -51) return sum > 0 ? 1 : -1;
  const exact = exactDoubleArea(corners);
  return exact > 0n ? 1 : exact < 0n ? -1 : 0;
}

/** Twice the signed area of closed corners in lattice units, exact. */
export function exactDoubleArea(corners: readonly LatticePoint[]): bigint {
  const [ox, oy] = corners[0] ?? [0, 0];
  let sum = 0n;
  for (let i = 1; i + 1 < corners.length; i++) {
    const [px, py] = corners[i] as LatticePoint;
    const [qx, qy] = corners[i + 1] as LatticePoint;
    sum += BigInt(px - ox) * BigInt(qy - oy) - BigInt(qx - ox) * BigInt(py - oy);
  }
  return sum;
}

/** Sign of the area of a closed walk. */
export const turnOfWalk = (net: Net, refs: readonly ArcRef[]): -1 | 0 | 1 => turnOf(cornersOf(net, refs));

/** Whether a point lies within closed corners; one on the line may count to either side. Exact. */
export function pointInWalk(corners: readonly LatticePoint[], [x, y]: LatticePoint): boolean {
  let inside = false;
  for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
    const [px, py] = corners[j] as LatticePoint;
    const [qx, qy] = corners[i] as LatticePoint;
    if (py > y === qy > y) continue;
    const [ax, ay, bx, by] = qy > py ? [px, py, qx, qy] : [qx, qy, px, py];
    if (side(ax, ay, bx, by, x, y) < 0) inside = !inside;
  }
  return inside;
}
