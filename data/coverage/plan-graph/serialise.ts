import { dataError } from "../../model/errors.ts";
import { ArcIndex } from "./arc-index.ts";
import { cellPolygons } from "./cell-polygons.ts";
import { changedCells } from "./changed-cells.ts";
import { Chunked } from "./chunked.ts";
import { type CellInput, type GraphOptions, graphOf } from "./graph-of.ts";
import { Keyed } from "./keyed.ts";
import type { LatticePolygons } from "./lattice-polygons.ts";
import type { Arc, CellId, Face, PlanCell, PlanGraph, PlanNode, PlanRules } from "./plan-graph.ts";

/** Version of the saved form; a reader refuses any other. */
const FORM = 1;

interface Head {
  readonly form: number;
  /** Corners, from, to, left, right of each arc; null where there is none. */
  readonly arcs: readonly (readonly number[] | null)[];
  readonly nodes: readonly (readonly [x: number, y: number, ...out: number[]] | null)[];
  readonly faces: readonly (Face | null)[];
  readonly cells: readonly PlanCell[];
  readonly rules: PlanRules;
  readonly nextNew: number;
  readonly serials: readonly (readonly [string, number])[];
}

/** The whole graph as bytes; equal graphs of one history give equal bytes. Layout: length, JSON head, corners (int32, LE). */
export function serialiseGraph(graph: PlanGraph): Uint8Array {
  const arcs = [...graph.arcs];
  const head: Head = {
    form: FORM,
    arcs: arcs.map((arc) => (arc ? [arc.line.length / 2, arc.from, arc.to, arc.left, arc.right] : null)),
    nodes: [...graph.nodes].map((node) => (node ? [node.x, node.y, ...node.out] : null)),
    faces: [...graph.faces].map((face) => face ?? null),
    cells: graph.cells.keys().map((id) => graph.cells.get(id) as PlanCell),
    rules: graph.rules,
    nextNew: graph.nextNew,
    serials: [...graph.serials.entries()].sort(([a], [b]) => (a < b ? -1 : 1)),
  };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const corners = arcs.reduce((sum, arc) => sum + (arc?.line.length ?? 0), 0);
  const bytes = new Uint8Array(4 + text.length + corners * 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, text.length, true);
  bytes.set(text, 4);
  let at = 4 + text.length;
  for (const arc of arcs)
    for (const value of arc?.line ?? []) {
      view.setInt32(at, value, true);
      at += 4;
    }
  return bytes;
}

/** The graph of bytes made by `serialiseGraph`. */
export function restoreGraph(bytes: Uint8Array): PlanGraph {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const broken = (): Error =>
    dataError("The saved plan cannot be read", { hint: "Open the plan from the server again." });
  if (bytes.length < 4 || bytes.length < 4 + view.getUint32(0, true)) throw broken();
  const length = view.getUint32(0, true);
  let head: Head;
  try {
    head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Head;
  } catch {
    throw broken();
  }
  if (head.form !== FORM) throw broken();
  let at = 4 + length;
  const arcs = head.arcs.map((values): Arc | undefined => {
    if (!values) return undefined;
    const [corners = 0, from = 0, to = 0, left = 0, right = 0] = values;
    const line = new Int32Array(corners * 2);
    for (let i = 0; i < line.length; i++, at += 4) line[i] = view.getInt32(at, true);
    return { line, from, to, left, right };
  });
  const empty = new Int32Array(0);
  return {
    arcs: Chunked.of(arcs),
    nodes: Chunked.of(
      head.nodes.map((node): PlanNode | undefined => {
        if (!node) return undefined;
        const [x, y, ...out] = node;
        return { x, y, out };
      }),
    ),
    faces: Chunked.of(head.faces.map((face) => face ?? undefined)),
    cells: Keyed.of(head.cells.map((cell) => [cell.id, cell] as const)),
    index: ArcIndex.of(arcs.map((arc) => arc?.line ?? empty)),
    rules: head.rules,
    nextNew: head.nextNew,
    serials: Keyed.of(head.serials),
  };
}

/** A cell that a plan changed; geometry null: it ended. JSON as it stands. */
export interface CellChange extends Omit<PlanCell, "faces"> {
  readonly geometry: LatticePolygons | null;
}

/** What a plan changes, as JSON: whole new ground of each changed cell, and the numbers that later edits go on from. */
export interface GraphDiff {
  readonly cells: readonly CellChange[];
  readonly nextNew: number;
  readonly serials: readonly (readonly [parent: string, highest: number])[];
}

/** What differs between a graph and the one that it came from. */
export const diffGraphs = (base: PlanGraph, graph: PlanGraph): GraphDiff => ({
  cells: changedCells(base, graph).map((id): CellChange => {
    const cell = graph.cells.get(id) ?? (base.cells.get(id) as PlanCell);
    const { code, kind, name, parent } = cell;
    return { id, code, kind, name, parent, geometry: graph.cells.has(id) ? cellPolygons(graph, id) : null };
  }),
  nextNew: graph.nextNew,
  serials: graph.serials.changedFrom(base.serials).map((parent) => [parent, graph.serials.get(parent) ?? 0] as const),
});

/** The graph that a diff leads to, built anew: its arcs have other numbers than those of the graph that was edited. */
export function applyDiff(base: PlanGraph, diff: GraphDiff, options: GraphOptions = {}): PlanGraph {
  const changed = new Map<CellId, CellChange>(diff.cells.map((cell) => [cell.id, cell]));
  const ids = [...base.cells.keys(), ...diff.cells.map(({ id }) => id).filter((id) => !base.cells.has(id))];
  const cells = ids.flatMap((id): CellInput[] => {
    const change = changed.get(id);
    if (change) return change.geometry ? [{ ...change, geometry: change.geometry }] : [];
    const { code, kind, name, parent } = base.cells.get(id) as PlanCell;
    return [{ id, code, kind, name, parent, geometry: cellPolygons(base, id) }];
  });
  const graph = graphOf(cells, { ...base.rules, ...options });
  return { ...graph, nextNew: diff.nextNew, serials: base.serials.with(diff.serials) };
}
