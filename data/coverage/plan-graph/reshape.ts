import { segmentsNear } from "./arc-index.ts";
import type { LatticePoint } from "./lattice-polygons.ts";
import type { Arc, ArcRef, CellId, PlanGraph, PlanNode } from "./plan-graph.ts";
import { type ActionResult, refuse } from "./refusals.ts";
import { segmentsMeet } from "./segments-meet.ts";
import { sortAround } from "./sort-around.ts";
import { pointInWalk, turnOf } from "./walk-shape.ts";
import { arcIdOf, arcOf, cornersOf, nodeOf, walkOf } from "./walks.ts";

/** New lines of arcs; the ends of an arc move with their node. */
export type NewLines = ReadonlyMap<number, Int32Array>;

/**
 * Gives arcs other lines while nodes, arcs and faces stay the same ones. Refused when a border would cross or touch another
 * one or itself, turn a face inside out, or jump over something that lies in a face. Exact.
 *
 * @param lines lines of all arcs that change; where a node moves, those of all its arcs, with the same end
 */
export function reshape(graph: PlanGraph, lines: NewLines): ActionResult {
  const changed = new Map<number, { readonly before: Arc; readonly after: Arc }>();
  for (const [id, line] of lines) {
    const before = arcOf(graph, id);
    if (!sameLine(before.line, line)) changed.set(id, { before, after: { ...before, line } });
  }
  if (changed.size === 0) {
    const [first] = lines.values();
    return refuse("no_change", first ? [first[0] as number, first[1] as number] : [0, 0]);
  }
  const arcs = graph.arcs.with([...changed].map(([id, { after }]) => [id, after] as const));
  const index = graph.index.with(
    [...changed].map(([arc, { before, after }]) => ({ arc, before: before.line, after: after.line })),
  );
  const draft: PlanGraph = { ...graph, arcs, index };
  for (const [id, { before, after }] of changed) {
    const clash = clashOf(draft, id, before.line, after.line);
    if (clash) return clash;
  }
  const nodes = new Map<number, PlanNode>();
  for (const { after } of changed.values())
    for (const node of new Set([after.from, after.to])) {
      const moved = turnedNode(draft, node);
      if (!moved) {
        const { x, y } = nodeOf(draft, node);
        return refuse("turns_inside_out", [x, y]);
      }
      nodes.set(node, moved);
    }
  const next: PlanGraph = { ...draft, nodes: graph.nodes.with(nodes) };
  const faces = new Set([...changed.values()].flatMap(({ after }) => [after.left, after.right]));
  for (const face of faces) {
    const fault = faultOfFace(next, face, changed);
    if (fault) return fault;
  }
  const cells = new Set<CellId>();
  for (const face of faces) {
    const cell = graph.faces.get(face)?.cell;
    if (cell) cells.add(cell);
  }
  return { ok: true, graph: next, changed: [...cells].sort() };
}

export const sameLine = (a: Int32Array, b: Int32Array): boolean =>
  a === b || (a.length === b.length && a.every((value, i) => value === b[i]));

/** Corners that two lines have in common from either end. */
export function commonEnds(before: Int32Array, after: Int32Array): { readonly head: number; readonly tail: number } {
  const most = Math.min(before.length, after.length) / 2;
  let head = 0;
  while (head < most && before[head * 2] === after[head * 2] && before[head * 2 + 1] === after[head * 2 + 1]) head++;
  let tail = 0;
  for (; tail < most - head; tail++) {
    const [i, j] = [before.length - 2 - tail * 2, after.length - 2 - tail * 2];
    if (before[i] !== after[j] || before[i + 1] !== after[j + 1]) break;
  }
  return { head, tail };
}

/** Looks for anything that the changed stretch of an arc meets; arcs of the draft have their new lines already. */
export function clashOf(
  draft: Pick<PlanGraph, "arcs" | "index">,
  id: number,
  before: Int32Array,
  line: Int32Array,
): ReturnType<typeof refuse> | undefined {
  const { head, tail } = commonEnds(before, line);
  const first = Math.max(0, head - 1);
  const last = Math.min(line.length / 2 - 2, line.length / 2 - tail - 1);
  for (let i = first; i <= last; i++) {
    const at = i * 2;
    const [ax, ay, bx, by] = [line[at], line[at + 1], line[at + 2], line[at + 3]] as [number, number, number, number];
    if (ax === bx && ay === by) return refuse("too_few_corners", [ax, ay]);
    const [west, east] = ax < bx ? [ax, bx] : [bx, ax];
    const [south, north] = ay < by ? [ay, by] : [by, ay];
    for (const other of draft.index.near(west, south, east, north)) {
      const there = draft.arcs.get(other)?.line;
      if (!there) continue;
      let meets = false;
      segmentsNear(there, west, south, east, north, (segment) => {
        if (meets || (other === id && segment === i)) return;
        const s = segment * 2;
        const [cx, cy, dx, dy] = [there[s], there[s + 1], there[s + 2], there[s + 3]] as [
          number,
          number,
          number,
          number,
        ];
        meets = segmentsMeet(ax, ay, bx, by, cx, cy, dx, dy) || sharesInner(draft, id, i, other, segment);
      });
      if (meets) return refuse(other === id ? "crosses_itself" : "crosses_border", [ax, ay]);
    }
  }
  return undefined;
}

/** True when two segments have an end in common that is not one node: arcs may meet at their common nodes only. */
function sharesInner(draft: Pick<PlanGraph, "arcs">, arc: number, i: number, other: number, j: number): boolean {
  const [one, two] = [draft.arcs.get(arc), draft.arcs.get(other)];
  if (!one || !two) return false;
  for (const p of [i, i + 1])
    for (const q of [j, j + 1]) {
      if (one.line[p * 2] !== two.line[q * 2] || one.line[p * 2 + 1] !== two.line[q * 2 + 1]) continue;
      if (arc === other && p === q) continue;
      const node = nodeAt(one, p);
      if (node === undefined || node !== nodeAt(two, q)) return true;
    }
  return false;
}

const nodeAt = (arc: Arc, vertex: number): number | undefined =>
  vertex === 0 ? arc.from : vertex * 2 === arc.line.length - 2 ? arc.to : undefined;

/** The node where its arcs end now; undefined when they would leave it in another order around, or from different points. */
function turnedNode(draft: PlanGraph, node: number): PlanNode | undefined {
  const { out } = nodeOf(draft, node);
  const lineOf = (ref: ArcRef): Int32Array => arcOf(draft, ref).line;
  const sorted = sortAround(out, lineOf);
  const shift = sorted.indexOf(out[0] as ArcRef);
  if (out.some((ref, i) => ref !== sorted[(i + shift) % sorted.length])) return undefined;
  const first = sorted[0] as ArcRef;
  const line = lineOf(first);
  const at = first < 0 ? line.length - 2 : 0;
  const [x, y] = [line[at] as number, line[at + 1] as number];
  const together = out.every((ref) => {
    const other = lineOf(ref);
    const end = ref < 0 ? other.length - 2 : 0;
    return other[end] === x && other[end + 1] === y;
  });
  return together ? { x, y, out: sorted } : undefined;
}

/** Looks whether the walks of a face still turn as they did, and still lie in each other as they did. */
function faultOfFace(
  graph: PlanGraph,
  face: number,
  changed: ReadonlyMap<number, unknown>,
): ReturnType<typeof refuse> | undefined {
  const starts = graph.faces.get(face)?.walks ?? [];
  const hasOuter = face !== 0;
  const walks = starts.map((start) => {
    const refs = walkOf(graph, start);
    return { refs, touched: refs.some((ref) => changed.has(arcIdOf(ref))) };
  });
  if (walks.length === 1 || walks.some(({ touched }) => touched)) {
    const shapes = walks.map(({ refs, touched }) =>
      touched || walks.length > 1 ? { corners: cornersOf(graph, refs), touched } : { corners: [], touched },
    );
    for (const [n, { corners, touched }] of shapes.entries()) {
      if (!touched) continue;
      const outer = hasOuter && n === 0;
      const start = corners[0] as LatticePoint;
      if (turnOf(corners) !== (outer ? 1 : -1)) return refuse("turns_inside_out", start);
      for (const [m, other] of shapes.entries()) {
        if (m === n) continue;
        const probe = other.corners[0] as LatticePoint;
        const inside = pointInWalk(corners, probe);
        if (inside !== outer && !(hasOuter && m === 0)) return refuse("jumps_over", probe);
        if (hasOuter && m === 0 && !pointInWalk(other.corners, start)) return refuse("jumps_over", start);
      }
    }
  }
  return undefined;
}
