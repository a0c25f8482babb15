import type { MultiPolygonRings } from "../../model/geometry.ts";
import { arrange } from "../noding/arrangement.ts";
import { LatticeGrid } from "../noding/lattice-grid.ts";
import { PointTable } from "../noding/point-table.ts";
import { fromLatticePolygons, type LatticePolygons } from "./lattice-polygons.ts";
import { segmentsMeet } from "./segments-meet.ts";
import type { SidedEdges } from "./weave.ts";

/** Whose ground lies beside an edge: the number of an owner in `owners`, or -1 for nobody. */
export interface OwnedGround extends SidedEdges {
  readonly xs: Int32Array;
  readonly ys: Int32Array;
  /** Member that has the ground, and the others that claim it. */
  readonly owners: readonly { readonly member: number; readonly claims: readonly number[] }[];
  /** True when corners are the input's own and none was added. */
  readonly exactly: boolean;
}

/** Keys of point pairs are low × this + high. */
const SPAN = 2 ** 26;

/**
 * Edges of polygons whose borders fit exactly already, by counting each segment once from either side; undefined when they
 * do not fit: two segments meet elsewhere than at common corners, or a side of one is claimed twice. What this cannot see,
 * one area inside another, shows when walks are nested.
 */
export function exactGround(members: readonly LatticePolygons[]): OwnedGround | undefined {
  const corners = members.reduce((sum, polygons) => sum + countCorners(polygons), 0);
  const points = new PointTable(corners / 2);
  const known = new Map<number, number>();
  const from = new Int32Array(corners);
  const to = new Int32Array(corners);
  const left = new Int32Array(corners).fill(-1);
  const right = new Int32Array(corners).fill(-1);
  let count = 0;
  const take = (a: number, b: number, member: number): boolean => {
    const key = a < b ? a * SPAN + b : b * SPAN + a;
    const edge = known.get(key);
    if (edge === undefined) {
      known.set(key, count);
      from[count] = a;
      to[count] = b;
      left[count++] = member;
      return true;
    }
    const sides = from[edge] === a ? left : right;
    if (sides[edge] !== -1) return false;
    sides[edge] = member;
    return true;
  };
  for (const [member, polygons] of members.entries())
    for (const rings of polygons)
      for (const [n, ring] of rings.entries()) {
        const numbers = openRing(ring).map(([x, y]) => points.add(x, y));
        if (numbers.length < 3) continue;
        const turn = turnOf(points, numbers);
        if (turn === 0) return undefined;
        // Exteriors counter-clockwise, holes clockwise: the owner's ground lies on the left.
        if (turn > 0 === n > 0) numbers.reverse();
        for (let i = 0, j = numbers.length - 1; i < numbers.length; j = i++)
          if (!take(numbers[j] as number, numbers[i] as number, member)) return undefined;
      }
  const kept = dropInner({ from, to, left, right }, count);
  const ground = { xs: points.xs.slice(), ys: points.ys.slice(), ...kept };
  if (anyMeet(ground)) return undefined;
  return { ...ground, owners: members.map((_, member) => ({ member, claims: [] })), exactly: true };
}

const countCorners = (polygons: LatticePolygons): number =>
  polygons.reduce((sum, rings) => sum + rings.reduce((all, ring) => all + ring.length, 0), 0);

/** Corners without repetitions one after the other, the first not repeated at the end. */
export function openRing(ring: LatticePolygons[number][number]): LatticePolygons[number][number] {
  const open = ring.filter(([x, y], i) => i === 0 || x !== ring[i - 1]?.[0] || y !== ring[i - 1]?.[1]);
  const [first, last] = [open[0], open[open.length - 1]];
  return open.length > 1 && first?.[0] === last?.[0] && first?.[1] === last?.[1] ? open.slice(0, -1) : open;
}

/** 1 counter-clockwise, -1 clockwise, 0 where doubles leave a doubt. */
function turnOf(points: PointTable, ring: readonly number[]): -1 | 0 | 1 {
  let [sum, size] = [0, 0];
  const [ox, oy] = [points.x(ring[0] as number), points.y(ring[0] as number)];
  for (let i = 1; i + 1 < ring.length; i++) {
    const [p, q] = [ring[i] as number, ring[i + 1] as number];
    const one = (points.x(p) - ox) * (points.y(q) - oy);
    const two = (points.x(q) - ox) * (points.y(p) - oy);
    sum += one - two;
    size += Math.abs(one) + Math.abs(two);
  }
  return Math.abs(sum) <= size * ring.length * 2 ** -51 ? 0 : sum > 0 ? 1 : -1;
}

/** Leaves out edges within one member's ground. */
function dropInner(edges: Record<keyof SidedEdges, Int32Array>, count: number): Record<keyof SidedEdges, Int32Array> {
  const kept: number[] = [];
  for (let edge = 0; edge < count; edge++) if (edges.left[edge] !== edges.right[edge]) kept.push(edge);
  const pick = (values: Int32Array): Int32Array => Int32Array.from(kept, (edge) => values[edge] as number);
  return { from: pick(edges.from), to: pick(edges.to), left: pick(edges.left), right: pick(edges.right) };
}

/** True when any two edges meet elsewhere than at a common end. */
function anyMeet({ xs, ys, from, to }: Pick<OwnedGround, "xs" | "ys" | "from" | "to">): boolean {
  const grid = new LatticeGrid(from.length, (edge, box) => {
    const [a, b] = [from[edge] as number, to[edge] as number];
    box[0] = Math.min(xs[a] as number, xs[b] as number);
    box[1] = Math.min(ys[a] as number, ys[b] as number);
    box[2] = Math.max(xs[a] as number, xs[b] as number);
    box[3] = Math.max(ys[a] as number, ys[b] as number);
  });
  const at = (values: Int32Array, point: number | undefined): number => values[point as number] as number;
  for (let row = 0; row < grid.rows; row++)
    for (let column = 0; column < grid.columns; column++) {
      const cell = grid.cell(column, row);
      for (let i = 1; i < cell.length; i++) {
        const [a, b] = [from[cell[i] as number], to[cell[i] as number]];
        const [ax, ay, bx, by] = [at(xs, a), at(ys, a), at(xs, b), at(ys, b)];
        for (let j = 0; j < i; j++) {
          const [c, d] = [from[cell[j] as number], to[cell[j] as number]];
          if (segmentsMeet(ax, ay, bx, by, at(xs, c), at(ys, c), at(xs, d), at(ys, d))) return true;
        }
      }
    }
  return false;
}

/** Edges of any polygons, noded exactly: ground of several goes to the smallest of them, which lies in the others. */
export function nodedGround(members: readonly LatticePolygons[]): OwnedGround {
  const degrees: MultiPolygonRings[] = members.map(fromLatticePolygons);
  const { points, from, to, faceOf, owners } = arrange(degrees);
  const sizes = members.map(sizeOf);
  const numbers = new Map<string, number>();
  const listed: { member: number; claims: readonly number[] }[] = [];
  const ownerOfFace = owners.map((claimants, face) => {
    if (face === 0 || claimants.length === 0) return -1;
    const key = claimants.join();
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const [member = -1, ...claims] = claimants.toSorted((a, b) => (sizes[a] as number) - (sizes[b] as number) || a - b);
    numbers.set(key, listed.length);
    listed.push({ member, claims });
    return listed.length - 1;
  });
  const sides = (back: number): Int32Array =>
    Int32Array.from(from, (_, edge) => ownerOfFace[faceOf[edge * 2 + back] as number] as number);
  const kept = dropInner({ from, to, left: sides(0), right: sides(1) }, from.length);
  return { xs: points.xs.slice(), ys: points.ys.slice(), ...kept, owners: listed, exactly: false };
}

/** About twice the area in lattice units, to compare claimants by. */
const sizeOf = (polygons: LatticePolygons): number =>
  polygons.reduce(
    (sum, rings) => sum + rings.reduce((all, ring, n) => all + (n === 0 ? 1 : -1) * Math.abs(doubleArea(ring)), 0),
    0,
  );

function doubleArea(ring: LatticePolygons[number][number]): number {
  const [ox, oy] = ring[0] ?? [0, 0];
  return ring.reduce((sum, [x, y], i) => {
    const [px, py] = ring[i === 0 ? ring.length - 1 : i - 1] ?? [0, 0];
    return sum + (px - ox) * (y - oy) - (x - ox) * (py - oy);
  }, 0);
}
