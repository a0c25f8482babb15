import { traceFaces } from "../../noding/arrangement.ts";
import { nodeSegments } from "../../noding/node-segments.ts";
import { PointTable } from "../../noding/point-table.ts";
import { holdOf } from "../holds.ts";
import type { LatticePoint } from "../lattice-polygons.ts";
import type { Face, PlanGraph } from "../plan-graph.ts";
import { refuse } from "../refusals.ts";
import { arcIdOf, arcOf, walkOf } from "../walks.ts";
import type { Drawn } from "./fit-drawn.ts";

/** Keys of point pairs are low × this + high, as in noding. */
const SPAN = 2 ** 26;

/** Ground between borders and drawn lines. */
export interface Piece {
  /** Face that it is part of; -1 beyond the faces that were cut up. */
  readonly source: number;
  /** How often closed drawn lines go around it. */
  readonly winding: number;
  /** Twice its area in lattice units, as near as doubles tell; infinite for ground around everything. */
  readonly doubleArea: number;
  /** A corner. */
  readonly corner: LatticePoint;
}

/** An edge of the cut-up ground. */
export interface PieceEdge {
  readonly from: number;
  readonly to: number;
  /** Pieces on either side of from → to. */
  readonly left: number;
  readonly right: number;
  /** Faces on either side by the arc that it is of; undefined for an edge that was drawn only. */
  readonly arc: { readonly id: number; readonly left: number; readonly right: number } | undefined;
  /** Number of the segment that it is of: edges of one segment that go on straight are one again. */
  readonly segment: number;
}

export interface CutGround {
  readonly points: PointTable;
  /** Points from this number on are no corners of borders as they were. */
  readonly corners: number;
  readonly pieces: readonly Piece[];
  readonly edges: readonly PieceEdge[];
  /** Arcs that bound the faces. */
  readonly arcs: ReadonlySet<number>;
}

interface Segments {
  readonly from: number[];
  readonly to: number[];
  /** Arc of each, and whether it runs along; -1 for a drawn one. */
  readonly arc: number[];
  readonly along: boolean[];
  /** Added to the winding when one steps from right to left of from → to. */
  readonly change: number[];
}

/** Cuts faces up by drawn lines, exactly on the lattice; refused when a border that must stay would get a corner. */
export function cutGround(
  graph: PlanGraph,
  faces: ReadonlySet<number>,
  drawn: readonly Drawn[],
): CutGround | ReturnType<typeof refuse> {
  const arcs = new Set<number>();
  for (const face of faces)
    for (const start of (graph.faces.get(face) as Face).walks)
      for (const ref of walkOf(graph, start)) arcs.add(arcIdOf(ref));
  const points = new PointTable(4096);
  const { segments, corners } = segmentsOf(graph, arcs, drawn, points);
  const chains =
    drawn.length > 0
      ? nodeSegments(points, { from: Int32Array.from(segments.from), to: Int32Array.from(segments.to) })
      : [];
  const at = (point: number): LatticePoint => [points.x(point), points.y(point)];
  const edges: Omit<PieceEdge, "left" | "right">[] = [];
  const changes: number[] = [];
  const known = new Map<number, number>();
  for (let segment = 0; segment < segments.from.length; segment++) {
    const [a, b] = [segments.from[segment] as number, segments.to[segment] as number];
    const chain = chains[segment] ?? [a, b];
    const id = segments.arc[segment] as number;
    const arc = id < 0 ? undefined : sidesOf(graph, id, segments.along[segment] as boolean);
    if (arc && chain.length > 2 && holdOf(graph, arc)) return refuse("too_close", at(chain[1] as number));
    for (let i = 0; i + 1 < chain.length; i++) {
      const [p, q] = [chain[i] as number, chain[i + 1] as number];
      const key = p < q ? p * SPAN + q : q * SPAN + p;
      const there = known.get(key);
      if (there === undefined) {
        known.set(key, edges.length);
        edges.push({ from: p, to: q, arc, segment });
        changes.push(segments.change[segment] as number);
        continue;
      }
      const edge = edges[there] as (typeof edges)[number];
      const same = edge.from === p;
      // Two borders that fall on one edge have no ground between them any more.
      if (arc && edge.arc) return refuse("too_close", at(p));
      changes[there] = (changes[there] as number) + (same ? 1 : -1) * (segments.change[segment] as number);
      if (arc) edges[there] = { from: p, to: q, arc, segment };
      if (arc && !same) changes[there] = -(changes[there] as number);
    }
  }
  const traced = traceFaces({
    points,
    from: Int32Array.from(edges, ({ from }) => from),
    to: Int32Array.from(edges, ({ to }) => to),
  });
  const whole = edges.map((edge, n) => ({
    ...edge,
    left: traced.faceOf[n * 2] as number,
    right: traced.faceOf[n * 2 + 1] as number,
  }));
  const labels = labelPieces(whole, traced.borders.length, faces, changes);
  if (typeof labels === "number") return refuse("too_close", at((edges[labels] as (typeof edges)[number]).from));
  const pieces = traced.borders.map(
    (borders, n): Piece => ({
      source: labels.source[n] as number,
      winding: labels.winding[n] as number,
      doubleArea: n === 0 ? Infinity : borders.reduce((sum, border) => sum + doubleArea(points, border), 0),
      corner: at(borders[0]?.[0] ?? 0),
    }),
  );
  return { points, corners, pieces, edges: whole, arcs };
}

function sidesOf(graph: PlanGraph, id: number, along: boolean): NonNullable<PieceEdge["arc"]> {
  const { left, right } = arcOf(graph, id);
  return along ? { id, left, right } : { id, left: right, right: left };
}

function segmentsOf(
  graph: PlanGraph,
  arcs: ReadonlySet<number>,
  drawn: readonly Drawn[],
  points: PointTable,
): { readonly segments: Segments; readonly corners: number } {
  const segments: Segments = { from: [], to: [], arc: [], along: [], change: [] };
  const known = new Map<number, number>();
  const add = (a: number, b: number, arc: number, change: number): void => {
    const [low, high] = a < b ? [a, b] : [b, a];
    const turned = a < b ? change : -change;
    const key = low * SPAN + high;
    const there = known.get(key);
    if (there !== undefined) {
      segments.change[there] = (segments.change[there] as number) + turned;
      return;
    }
    known.set(key, segments.from.length);
    segments.from.push(low);
    segments.to.push(high);
    segments.arc.push(arc);
    segments.along.push(a < b);
    segments.change.push(turned);
  };
  for (const arc of arcs) {
    const { line } = arcOf(graph, arc);
    let before = points.add(line[0] as number, line[1] as number);
    for (let i = 2; i < line.length; i += 2) {
      const point = points.add(line[i] as number, line[i + 1] as number);
      add(before, point, arc, 0);
      before = point;
    }
  }
  const corners = points.count;
  for (const { points: own, closed } of drawn) {
    const numbers = own.map(([x, y]) => points.add(x, y));
    for (let i = 0; i + (closed ? 0 : 1) < numbers.length; i++) {
      const [a, b] = [numbers[i] as number, numbers[(i + 1) % numbers.length] as number];
      if (a !== b) add(a, b, -1, closed ? 1 : 0);
    }
  }
  return { segments, corners };
}

/** Face and winding of each piece; the number of an edge at which they contradict each other. */
function labelPieces(
  edges: readonly PieceEdge[],
  count: number,
  faces: ReadonlySet<number>,
  changes: readonly number[],
): { readonly source: Int32Array; readonly winding: Int32Array } | number {
  const UNKNOWN = -2;
  const source = new Int32Array(count).fill(UNKNOWN);
  const beside: number[][] = Array.from({ length: count }, () => []);
  for (const [n, { left, right, arc }] of edges.entries()) {
    (beside[left] as number[]).push(n);
    (beside[right] as number[]).push(n);
    if (!arc) continue;
    for (const [piece, face] of [
      [left, arc.left],
      [right, arc.right],
    ] as const) {
      const label = faces.has(face) ? face : -1;
      if (source[piece] !== UNKNOWN && source[piece] !== label) return n;
      source[piece] = label;
    }
  }
  const waiting = [...source.keys()].filter((piece) => source[piece] !== UNKNOWN);
  for (let piece = waiting.pop(); piece !== undefined; piece = waiting.pop())
    for (const n of beside[piece] as number[]) {
      const { left, right, arc } = edges[n] as PieceEdge;
      const other = left === piece ? right : left;
      if (arc || source[other] !== UNKNOWN) continue;
      source[other] = source[piece] as number;
      waiting.push(other);
    }
  const winding = new Int32Array(count);
  const seen = new Uint8Array(count);
  seen[0] = 1;
  const next = [0];
  for (let piece = next.pop(); piece !== undefined; piece = next.pop())
    for (const n of beside[piece] as number[]) {
      const { left, right } = edges[n] as PieceEdge;
      const other = left === piece ? right : left;
      if (seen[other]) continue;
      seen[other] = 1;
      // From right to left of the edge its change is added.
      winding[other] = (winding[piece] as number) + (other === left ? 1 : -1) * (changes[n] as number);
      next.push(other);
    }
  for (let piece = 0; piece < count; piece++) if (source[piece] === UNKNOWN) source[piece] = -1;
  return { source, winding };
}

function doubleArea(points: PointTable, ring: readonly number[]): number {
  let sum = 0;
  const [ox, oy] = [points.x(ring[0] as number), points.y(ring[0] as number)];
  for (let i = 1; i + 1 < ring.length; i++) {
    const [p, q] = [ring[i] as number, ring[i + 1] as number];
    sum += (points.x(p) - ox) * (points.y(q) - oy) - (points.x(q) - ox) * (points.y(p) - oy);
  }
  return sum;
}
