import { arrange, OUTSIDE } from "../coverage/noding/arrangement.ts";
import type { MultiPolygonRings } from "../model/geometry.ts";

/** Ground that an old and a new area have in common. */
export interface SharedGround {
  /** Numbers of the areas in their lists. */
  readonly old: number;
  readonly next: number;
  /** Part of the old area's ground, 0–1. */
  readonly ofOld: number;
  /** Part of the new area's ground, 0–1. */
  readonly ofNext: number;
}

/**
 * Which ground old and new areas share, by the faces into which all their outlines divide the plane: exact on the lattice
 * of 1e-7 degree. Shares are of areas in lattice units, in which a degree of longitude is as long everywhere in an area.
 *
 * @param olds outlines in degrees WGS 84; they may overlap each other
 * @returns pairs that share anything, by old, then by new
 */
export function sharedGround(
  olds: readonly MultiPolygonRings[],
  nexts: readonly MultiPolygonRings[],
): readonly SharedGround[] {
  const arrangement = arrange([...olds, ...nexts]);
  const { points, borders, owners } = arrangement;
  const whole = new Float64Array(olds.length + nexts.length);
  const pairs = new Map<number, number>();
  for (let face = 0; face < owners.length; face++) {
    if (face === OUTSIDE) continue;
    let size = 0;
    for (const ring of borders[face] ?? []) size += ringSize(points.xs, points.ys, ring);
    const holders = owners[face] ?? [];
    for (const holder of holders) whole[holder] = (whole[holder] ?? 0) + size;
    for (const old of holders) {
      if (old >= olds.length) break;
      for (const next of holders) {
        if (next < olds.length) continue;
        const pair = old * nexts.length + next - olds.length;
        pairs.set(pair, (pairs.get(pair) ?? 0) + size);
      }
    }
  }
  return [...pairs]
    .sort(([a], [b]) => a - b)
    .map(([pair, size]) => {
      const old = Math.floor(pair / nexts.length);
      const next = pair % nexts.length;
      return { old, next, ofOld: part(size, whole[old]), ofNext: part(size, whole[olds.length + next]) };
    });
}

const part = (size: number, whole: number | undefined): number => (whole ? Math.min(1, size / whole) : 0);

/** Twice the signed area of a ring of points; relative to its first corner, so that doubles are enough. */
function ringSize(xs: ArrayLike<number>, ys: ArrayLike<number>, ring: readonly number[]): number {
  const first = ring[0] ?? 0;
  const [x0, y0] = [xs[first] ?? 0, ys[first] ?? 0];
  let sum = 0;
  let previous = ring.at(-1) ?? 0;
  for (const corner of ring) {
    sum +=
      ((xs[previous] ?? 0) - x0) * ((ys[corner] ?? 0) - y0) - ((xs[corner] ?? 0) - x0) * ((ys[previous] ?? 0) - y0);
    previous = corner;
  }
  return sum;
}
