import type { MultiPolygonRings } from "../../model/geometry.ts";
import { side } from "./exact.ts";
import { type EdgeEnds, nextAlongFace, originOf, sortSpokes } from "./half-edges.ts";
import { LatticeGrid } from "./lattice-grid.ts";
import { nodePolygons, type OwnedEdges } from "./owned-edges.ts";
import { areaSign } from "./ring-area.ts";

/** The face around everything. */
export const OUTSIDE = 0;

/**
 * The plane as polygons divide it: edges that meet at common points only, and the faces between them, each with the owners
 * whose ground it is. No owner: a gap (or the outside); one: sound; more: an overlap.
 */
export interface Arrangement extends OwnedEdges, TracedFaces {
  /** Owners of each face, ascending; face 0 is the outside. */
  readonly owners: readonly (readonly number[])[];
}

/** Faces between edges that meet at common points only. */
export interface TracedFaces {
  /** Face on the left of each half-edge (2e runs from → to of edge e, 2e + 1 back). */
  readonly faceOf: Int32Array;
  /** Borders of each face as point numbers: the outer one first (counter-clockwise), then those around what lies in it
   * (clockwise). The outside has no outer one. */
  readonly borders: readonly (readonly (readonly number[])[])[];
}

/**
 * Divides the plane by the rings of all members, exactly (see `nodeSegments` for what rounding may move).
 *
 * @param members polygons of each owner, WGS 84 lon/lat degrees
 */
export function arrange(members: readonly MultiPolygonRings[]): Arrangement {
  const edges = nodePolygons(members);
  const traced = traceFaces(edges);
  return { ...edges, ...traced, owners: ownersOfFaces(edges, traced.faceOf, traced.borders.length) };
}

/** Finds the faces between edges; an edge that ends nowhere lies in one face on both sides. */
export function traceFaces(edges: EdgeEnds): TracedFaces {
  const { xs, ys } = edges.points;
  const spokes = sortSpokes(edges);
  const cycleOf = new Int32Array(edges.from.length * 2).fill(-1);
  const cycles: { readonly corners: number[]; readonly first: number; readonly outer: boolean }[] = [];
  for (let start = 0; start < cycleOf.length; start++) {
    if (cycleOf[start] !== -1) continue;
    const corners: number[] = [];
    for (let half = start; cycleOf[half] === -1; half = nextAlongFace(edges, spokes, half)) {
      cycleOf[half] = cycles.length;
      corners.push(originOf(edges, half));
    }
    cycles.push({ corners, first: start, outer: areaSign(xs, ys, corners) > 0 });
  }
  // A counter-clockwise cycle is the outer border of a face; any other runs around a piece that lies in a face.
  const faceOfCycle = new Int32Array(cycles.length).fill(-1);
  const borders: (readonly number[])[][] = [[]];
  cycles.forEach(({ corners, outer }, cycle) => {
    if (!outer) return;
    faceOfCycle[cycle] = borders.length;
    borders.push([corners]);
  });
  const westOf = edgeWestOf(edges);
  /** Face in which a piece lies, by the border to the west of its westernmost point; that piece's own may come first. */
  const faceAround = (cycle: number): number => {
    const known = faceOfCycle[cycle] as number;
    if (known >= 0) return known;
    const { corners } = cycles[cycle] as (typeof cycles)[number];
    const west = corners.reduce((a, b) =>
      (xs[b] as number) < (xs[a] as number) || (xs[a] === xs[b] && (ys[b] as number) < (ys[a] as number)) ? b : a,
    );
    const half = westOf(west);
    const face = half < 0 ? OUTSIDE : faceAround(cycleOf[half] as number);
    faceOfCycle[cycle] = face;
    (borders[face] as (readonly number[])[]).push(corners);
    return face;
  };
  const faceOf = cycleOf.map((cycle) => faceAround(cycle));
  return { faceOf, borders };
}

/** Finds the half-edge that faces a point from the west along its parallel; -1 where none is. */
function edgeWestOf({ points, from, to }: EdgeEnds): (point: number) => number {
  const { xs, ys } = points;
  const grid = new LatticeGrid(from.length, (edge, box) => {
    const [a, b] = [from[edge] as number, to[edge] as number];
    box[0] = Math.min(xs[a] as number, xs[b] as number);
    box[1] = Math.min(ys[a] as number, ys[b] as number);
    box[2] = Math.max(xs[a] as number, xs[b] as number);
    box[3] = Math.max(ys[a] as number, ys[b] as number);
  });
  return (point) => {
    const [x, y] = [xs[point] as number, ys[point] as number];
    const row = grid.row(y);
    for (let column = grid.column(x); column >= 0; column--) {
      let nearest = -1;
      for (const edge of grid.cell(column, row)) {
        const [a, b] = [from[edge] as number, to[edge] as number];
        const [low, high] = (ys[a] as number) <= (ys[b] as number) ? [a, b] : [b, a];
        // Half-open from below: an edge counts its lower end only, and one along the parallel not at all.
        if (y < (ys[low] as number) || y >= (ys[high] as number)) continue;
        if (side(xs[low] as number, ys[low] as number, xs[high] as number, ys[high] as number, x, y) >= 0) continue;
        // The half-edge downwards has the east, where the point is, on its left.
        const half = high === a ? edge * 2 : edge * 2 + 1;
        if (nearest < 0 || isEastOf(edge, nearest >> 1, y)) nearest = half;
      }
      // An edge may reach over several cells: the nearest may cross the parallel further west than one of the next cell.
      if (nearest >= 0 && crossesIn(nearest >> 1, column, y)) return nearest;
    }
    return -1;
  };

  /** Where an edge meets a parallel: quotient and its rest, so that two edges compare exactly. */
  function meets(edge: number, y: number): readonly [whole: bigint, rest: bigint, of: bigint] {
    const [a, b] = [from[edge] as number, to[edge] as number];
    const [ax, ay, bx, by] = [xs[a] as number, ys[a] as number, xs[b] as number, ys[b] as number];
    const [dx, dy] = by > ay ? [bx - ax, by - ay] : [ax - bx, ay - by];
    const product = BigInt(dx) * BigInt(y - ay);
    const of = BigInt(dy);
    let whole = product / of;
    if (product % of < 0n) whole -= 1n;
    return [whole + BigInt(ax), product - whole * of, of];
  }

  function isEastOf(edge: number, other: number, y: number): boolean {
    const [whole, rest, of] = meets(edge, y);
    const [otherWhole, otherRest, otherOf] = meets(other, y);
    if (whole !== otherWhole) return whole > otherWhole;
    if (rest * otherOf !== otherRest * of) return rest * otherOf > otherRest * of;
    // Both rise from one point of the parallel: the one that leans further east is nearer to what lies just above it.
    const [low, high] = ends(other);
    const [, top] = ends(edge);
    const at = (point: number): readonly [number, number] => [xs[point] as number, ys[point] as number];
    return side(...at(low), ...at(high), ...at(top)) < 0;
  }

  function ends(edge: number): readonly [low: number, high: number] {
    const [a, b] = [from[edge] as number, to[edge] as number];
    return (ys[a] as number) <= (ys[b] as number) ? [a, b] : [b, a];
  }

  function crossesIn(edge: number, column: number, y: number): boolean {
    return grid.column(Number(meets(edge, y)[0])) >= column;
  }
}

/** Adds up, from the outside inwards, how often the rings of each owner go around each face. */
function ownersOfFaces(edges: OwnedEdges, faceOf: Int32Array, faces: number): number[][] {
  const neighbours: number[][] = Array.from({ length: faces }, () => []);
  faceOf.forEach((face, half) => {
    (neighbours[face] as number[]).push(half);
  });
  const windings: (ReadonlyMap<number, number> | undefined)[] = new Array(faces);
  windings[OUTSIDE] = new Map();
  const waiting = [OUTSIDE];
  for (let face = waiting.pop(); face !== undefined; face = waiting.pop()) {
    const here = windings[face] as ReadonlyMap<number, number>;
    for (const half of neighbours[face] as number[]) {
      const beyond = faceOf[half ^ 1] as number;
      if (windings[beyond]) continue;
      const edge = half >> 1;
      // The face is on the left of the half-edge: to step over is from left to right of it.
      const sign = (half & 1) === 0 ? -1 : 1;
      const there = new Map(here);
      for (let at = edges.starts[edge] as number; at < (edges.starts[edge + 1] as number); at++) {
        const owner = edges.owner[at] as number;
        const winding = (there.get(owner) ?? 0) + sign * (edges.change[at] as number);
        if (winding === 0) there.delete(owner);
        else there.set(owner, winding);
      }
      windings[beyond] = there;
      waiting.push(beyond);
    }
  }
  return windings.map((winding) => (winding ? [...winding.keys()].sort((a, b) => a - b) : []));
}
