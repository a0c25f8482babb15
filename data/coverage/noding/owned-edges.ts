import { type MultiPolygonRings, toLattice } from "../../model/geometry.ts";
import { nodeSegments } from "./node-segments.ts";
import { PointTable } from "./point-table.ts";

/**
 * Edges between points of the lattice that meet at common points only. Of each edge is known whose ground it bounds:
 * crossing it from its right to its left side changes how often an owner's rings go around the place.
 */
export interface OwnedEdges {
  readonly points: PointTable;
  /** Points below this number are corners of the input; the others came by noding. */
  readonly corners: number;
  /** Ends of each edge. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Where the owners of edge e begin in `owner` and `change`; one more than there are edges. */
  readonly starts: Int32Array;
  readonly owner: Int32Array;
  /** Added to the owner's winding number when one steps from right to left of from → to; never 0. */
  readonly change: Int32Array;
}

/** A growing list of integers. */
class Integers {
  #values = new Int32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const grown = new Int32Array(this.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.length++] = value;
  }

  get values(): Int32Array {
    return this.#values.subarray(0, this.length);
  }
}

/** Pairs of points, each once under a number. */
class PairTable {
  readonly from = new Integers();
  readonly to = new Integers();
  readonly #known = new Map<number, number>();

  constructor(readonly span: number) {}

  /** Number of the pair, and 1 when it runs as asked, -1 when it was first met the other way. */
  add(a: number, b: number): readonly [pair: number, direction: 1 | -1] {
    const [low, high] = a < b ? [a, b] : [b, a];
    const key = low * this.span + high;
    let pair = this.#known.get(key);
    if (pair === undefined) {
      pair = this.from.length;
      this.#known.set(key, pair);
      this.from.push(low);
      this.to.push(high);
    }
    return [pair, a < b ? 1 : -1];
  }
}

/** Twice the signed area of a ring of lattice corners; its sign only is used, and rings without extent give about 0. */
function doubleArea(xs: readonly number[], ys: readonly number[]): number {
  let sum = 0;
  const [ox = 0, oy = 0] = [xs[0], ys[0]];
  for (let i = 1; i + 1 < xs.length; i++)
    sum +=
      ((xs[i] as number) - ox) * ((ys[i + 1] as number) - oy) - ((xs[i + 1] as number) - ox) * ((ys[i] as number) - oy);
  return sum;
}

/**
 * Takes polygons to the 1e-7 degree lattice and nodes them. Rings may be sloppy: unclosed, turned, crossing themselves or
 * each other, twice the same; a place belongs to an owner whose rings go around it (exteriors counted up, holes down).
 *
 * @param members polygons of each owner, WGS 84 lon/lat degrees; finite numbers within ±180 and ±90
 */
export function nodePolygons(members: readonly MultiPolygonRings[]): OwnedEdges {
  const points = new PointTable();
  /** Per use of a segment: its ends as it runs, and whose it is. */
  const uses = { a: new Integers(), b: new Integers(), owner: new Integers() };
  members.forEach((polygons, owner) => {
    for (const rings of polygons)
      rings.forEach((ring, i) => {
        const xs: number[] = [];
        const ys: number[] = [];
        for (const [lon, lat] of ring) {
          const [x, y] = [toLattice(lon), toLattice(lat)];
          if (xs.length > 0 && xs[xs.length - 1] === x && ys[ys.length - 1] === y) continue;
          xs.push(x);
          ys.push(y);
        }
        if (xs.length > 1 && xs[0] === xs[xs.length - 1] && ys[0] === ys[ys.length - 1]) {
          xs.pop();
          ys.pop();
        }
        if (xs.length < 3) return;
        const corners = xs.map((x, n) => points.add(x, ys[n] as number));
        // Exteriors counter-clockwise, holes clockwise: the owner's ground lies on the left.
        if (doubleArea(xs, ys) > 0 === i > 0) corners.reverse();
        corners.forEach((corner, n) => {
          uses.a.push(corner);
          uses.b.push(corners[(n + 1) % corners.length] as number);
          uses.owner.push(owner);
        });
      });
  });
  const corners = points.count;
  // Crossings are added to the points: at most as many again as there are segments and corners, far below 2^26.
  const span = 2 ** 26;
  const segments = new PairTable(span);
  const used = { segment: new Integers(), direction: new Integers() };
  for (let use = 0; use < uses.a.length; use++) {
    const [segment, direction] = segments.add(uses.a.values[use] as number, uses.b.values[use] as number);
    used.segment.push(segment);
    used.direction.push(direction);
  }
  const [from, to] = [segments.from.values, segments.to.values];
  const chains = nodeSegments(points, { from, to });
  const edges = new PairTable(span);
  const parts = { edge: new Integers(), owner: new Integers(), change: new Integers() };
  for (let use = 0; use < uses.owner.length; use++) {
    const segment = used.segment.values[use] as number;
    const direction = used.direction.values[use] as number;
    const chain = chains[segment] ?? [from[segment] as number, to[segment] as number];
    for (let n = 0; n + 1 < chain.length; n++) {
      const [edge, along] = edges.add(chain[n] as number, chain[n + 1] as number);
      parts.edge.push(edge);
      parts.owner.push(uses.owner.values[use] as number);
      parts.change.push(along * direction);
    }
  }
  return { points, corners, ...sumChanges(edges, parts) };
}

/** Adds up what the uses of an edge do to each owner; edges that bound nothing are left out. */
function sumChanges(
  edges: PairTable,
  parts: { readonly edge: Integers; readonly owner: Integers; readonly change: Integers },
): Omit<OwnedEdges, "points" | "corners"> {
  const [partEdge, partOwner, partChange] = [parts.edge.values, parts.owner.values, parts.change.values];
  const firsts = new Int32Array(edges.from.length + 1);
  for (const edge of partEdge) firsts[edge + 1] = (firsts[edge + 1] as number) + 1;
  for (let edge = 0; edge < edges.from.length; edge++)
    firsts[edge + 1] = (firsts[edge + 1] as number) + (firsts[edge] as number);
  const order = new Int32Array(partEdge.length);
  const next = firsts.slice();
  partEdge.forEach((edge, part) => {
    const at = next[edge] as number;
    order[at] = part;
    next[edge] = at + 1;
  });
  const [from, to, starts] = [new Integers(), new Integers(), new Integers()];
  const [owner, change] = [new Integers(), new Integers()];
  for (let edge = 0; edge < edges.from.length; edge++) {
    const sums = new Map<number, number>();
    for (let at = firsts[edge] as number; at < (firsts[edge + 1] as number); at++) {
      const part = order[at] as number;
      const key = partOwner[part] as number;
      sums.set(key, (sums.get(key) ?? 0) + (partChange[part] as number));
    }
    const kept = [...sums].filter(([, sum]) => sum !== 0);
    if (kept.length === 0) continue;
    starts.push(owner.length);
    from.push(edges.from.values[edge] as number);
    to.push(edges.to.values[edge] as number);
    for (const [key, sum] of kept) {
      owner.push(key);
      change.push(sum);
    }
  }
  starts.push(owner.length);
  return {
    from: from.values.slice(),
    to: to.values.slice(),
    starts: starts.values.slice(),
    owner: owner.values.slice(),
    change: change.values.slice(),
  };
}
