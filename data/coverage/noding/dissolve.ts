import { fromLattice, type LonLat, type PolygonRings } from "../../model/geometry.ts";
import { unionFind } from "../union-find.ts";
import { type Arrangement, OUTSIDE } from "./arrangement.ts";
import { originOf, type Spokes, sortSpokes, targetOf } from "./half-edges.ts";
import { areaSign } from "./ring-area.ts";

/** Nobody's ground. */
export const NOBODY = -1;

/**
 * Joins faces to polygons, one answer for each owner. Rings are simple: ground that touches itself in a point becomes
 * rings that touch there. All points of the arrangement on a border stay, so that neighbours share theirs.
 *
 * @param ownerOf owner of each face, `NOBODY` for ground that is left out; the outside is nobody's
 * @param owners number of owners
 * @returns WGS 84 lon/lat polygons of each owner, exteriors counter-clockwise and first; west to east by their first corner
 */
export function dissolve(arrangement: Arrangement, ownerOf: Int32Array, owners: number): PolygonRings[][] {
  const { faceOf, points } = arrangement;
  const ownerOfHalf = (half: number): number => {
    const face = faceOf[half] as number;
    return face === OUTSIDE ? NOBODY : (ownerOf[face] as number);
  };
  const isBorder = (half: number): boolean => ownerOfHalf(half) !== ownerOfHalf(half ^ 1);
  const region = regionsOf(arrangement, isBorder);
  const spokes = sortSpokes(arrangement);
  const seen = new Uint8Array(faceOf.length);
  const polygons = new Map<number, { exterior?: number[]; readonly holes: number[][]; readonly owner: number }>();
  for (let start = 0; start < faceOf.length; start++) {
    const owner = ownerOfHalf(start);
    if (seen[start] || owner === NOBODY || !isBorder(start)) continue;
    const walk: number[] = [];
    for (let half = start; !seen[half]; half = nextAlongBorder(arrangement, spokes, half, isBorder)) {
      seen[half] = 1;
      walk.push(originOf(arrangement, half));
    }
    const key = region(faceOf[start] as number);
    const polygon = polygons.get(key) ?? { holes: [], owner };
    polygons.set(key, polygon);
    for (const ring of simpleRings(walk))
      if (areaSign(points.xs, points.ys, ring) > 0) polygon.exterior = ring;
      else polygon.holes.push(ring);
  }
  const out: PolygonRings[][] = Array.from({ length: owners }, () => []);
  const order = (a: readonly number[], b: readonly number[]): number =>
    points.x(a[0] as number) - points.x(b[0] as number) || points.y(a[0] as number) - points.y(b[0] as number);
  const found = [...polygons.values()].map(({ exterior = [], holes, owner }) => ({
    owner,
    rings: [fromWest(arrangement, exterior), ...holes.map((hole) => fromWest(arrangement, hole)).sort(order)],
  }));
  found.sort((a, b) => order(a.rings[0] as number[], b.rings[0] as number[]));
  for (const { owner, rings } of found)
    (out[owner] as PolygonRings[]).push(rings.map((ring) => closedRing(arrangement, ring)));
  return out;
}

/** Groups the faces that hang together over edges which are no border. */
function regionsOf({ faceOf, owners }: Arrangement, isBorder: (half: number) => boolean): (face: number) => number {
  const { root, join } = unionFind(owners.length);
  for (let half = 0; half < faceOf.length; half += 2)
    if (!isBorder(half)) join(faceOf[half] as number, faceOf[half + 1] as number);
  return root;
}

/** The border goes on at the first border clockwise from the way back: the ground between the two is one wedge. */
function nextAlongBorder(
  arrangement: Arrangement,
  { starts, halves, place }: Spokes,
  half: number,
  isBorder: (half: number) => boolean,
): number {
  const target = targetOf(arrangement, half);
  const [first, end] = [starts[target] as number, starts[target + 1] as number];
  let at = place[half ^ 1] as number;
  do at = at > first ? at - 1 : end - 1;
  while (!isBorder(halves[at] as number));
  return halves[at] as number;
}

/** Cuts a walk where it passes a point again. */
function simpleRings(walk: readonly number[]): number[][] {
  const rings: number[][] = [];
  const stack: number[] = [];
  const at = new Map<number, number>();
  for (const point of walk) {
    const before = at.get(point);
    if (before !== undefined) {
      const loop = stack.splice(before);
      for (const one of loop) at.delete(one);
      rings.push(loop);
    }
    at.set(point, stack.length);
    stack.push(point);
  }
  rings.push(stack);
  return rings;
}

/** The ring from its westernmost (then southernmost) corner on, so that equal ground has equal rings. */
function fromWest({ points }: Arrangement, ring: readonly number[]): number[] {
  let first = 0;
  ring.forEach((point, i) => {
    const least = ring[first] as number;
    if ((points.x(point) - points.x(least) || points.y(point) - points.y(least)) < 0) first = i;
  });
  return [...ring.slice(first), ...ring.slice(0, first)];
}

const closedRing = ({ points }: Arrangement, ring: readonly number[]): LonLat[] =>
  [...ring, ring[0] as number].map((point): LonLat => [fromLattice(points.x(point)), fromLattice(points.y(point))]);
