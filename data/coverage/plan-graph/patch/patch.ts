import { bugError } from "../../../model/errors.ts";
import { changedCells } from "../changed-cells.ts";
import type { LatticePoint } from "../lattice-polygons.ts";
import { type CellId, type Face, OUTSIDE_FACE, type PlanCell, type PlanGraph } from "../plan-graph.ts";
import { type ActionResult, type RefusalKind, refuse } from "../refusals.ts";
import { arcOf, nodeOf, originOf } from "../walks.ts";
import { type Drawn, fitDrawn } from "./fit-drawn.ts";
import { type CutGround, cutGround } from "./pieces.ts";
import { type Holder, rebuild } from "./rebuild.ts";

/** What becomes of some faces. */
export interface Patch {
  /** Faces that may change; all faces of a cell that gets ground are taken with them. */
  readonly faces: Iterable<number>;
  readonly drawn?: readonly Drawn[];
  /** The ground as `cutGround` cut it by those lines, where that is known already. */
  readonly cut?: CutGround;
  /** Cells that get ground. */
  readonly receivers: readonly CellId[];
  /** New holder of each piece; undefined where it stays. */
  readonly give: (cut: CutGround, piece: number) => CellId | undefined;
  /** Cells made for it, without faces. */
  readonly made?: readonly PlanCell[];
  /** Cells that end when they have no ground left; any other that would lose all is a refusal. */
  readonly ending?: ReadonlySet<CellId>;
  /** Parts that a cell may have afterwards where that is more than it has now. */
  readonly partsAllowed?: ReadonlyMap<CellId, number> | "any";
  /** What to say when nothing changes, and when a cell would be left in parts. */
  readonly idle?: RefusalKind;
  readonly apart?: RefusalKind;
  readonly at: LatticePoint;
}

/** Gives ground from cell to cell along borders and drawn lines: the way of all edits that change who holds what. */
export function patchGraph(before: PlanGraph, patch: Patch): ActionResult {
  const graph = withCells(before, patch.made ?? []);
  const faces = new Set(patch.faces);
  for (const id of patch.receivers) for (const face of graph.cells.get(id)?.faces ?? []) faces.add(face);
  faces.delete(OUTSIDE_FACE);
  if (faces.size === 0) return refuse("nothing_there", patch.at);
  const cut =
    patch.cut ??
    cutGround(
      graph,
      faces,
      (patch.drawn ?? []).map((line) => fitDrawn(graph, line)),
    );
  if ("ok" in cut) return cut;
  const receivers = new Set(patch.receivers);
  const holders = new Map<number, Holder>();
  for (const [piece, { source, corner }] of cut.pieces.entries()) {
    if (source < 0) continue;
    const { cell, claims } = graph.faces.get(source) as Face;
    const to = patch.give(cut, piece);
    if (to === undefined || (to === cell && claims.length === 0)) {
      holders.set(piece, { cell, claims });
      continue;
    }
    if (!receivers.has(to)) throw bugError(`Cell ${to} gets ground of a plan without being a receiver`);
    if (!graph.rules.freeParents && cell !== null && graph.cells.get(cell)?.parent !== graph.cells.get(to)?.parent)
      return refuse("other_parent", corner);
    holders.set(piece, { cell: to, claims: [] });
  }
  const rebuilt = rebuild(graph, cut, faces, (piece) => holders.get(piece));
  if ("ok" in rebuilt) return rebuilt;
  return settle(before, graph, rebuilt, faces, patch);
}

const withCells = (graph: PlanGraph, made: readonly PlanCell[]): PlanGraph =>
  made.length === 0 ? graph : { ...graph, cells: graph.cells.with(made.map((cell) => [cell.id, cell] as const)) };

/** Gives cells their faces, and refuses what leaves one in parts or without ground. */
function settle(
  before: PlanGraph,
  graph: PlanGraph,
  rebuilt: { readonly graph: PlanGraph; readonly faces: readonly number[] },
  faces: ReadonlySet<number>,
  patch: Patch,
): ActionResult {
  const lists = new Map<CellId, number[]>();
  const listOf = (id: CellId): number[] => {
    const list = lists.get(id) ?? (graph.cells.get(id)?.faces ?? []).filter((face) => !faces.has(face));
    lists.set(id, list);
    return list;
  };
  for (const face of faces) {
    const cell = graph.faces.get(face)?.cell;
    if (cell) listOf(cell);
  }
  for (const face of rebuilt.faces) {
    const cell = rebuilt.graph.faces.get(face)?.cell;
    if (cell) listOf(cell).push(face);
  }
  if (patch.made?.some(({ id }) => !lists.has(id))) return refuse(patch.idle ?? "no_change", patch.at);
  const cells: (readonly [CellId, PlanCell | undefined])[] = [];
  for (const [id, list] of lists) {
    const cell = graph.cells.get(id) as PlanCell;
    list.sort((a, b) => a - b);
    const parts = patch.partsAllowed === "any" ? Infinity : (patch.partsAllowed?.get(id) ?? 1);
    if (list.length === 0) {
      if (!patch.ending?.has(id)) return refuse("would_vanish", cornerOfFace(graph, cell.faces[0]) ?? patch.at);
      cells.push([id, undefined]);
      continue;
    }
    if (list.length > Math.max(cell.faces.length, parts))
      return refuse(patch.apart ?? "would_detach", cornerOfFace(rebuilt.graph, list[list.length - 1]) ?? patch.at);
    if (list.join() !== cell.faces.join()) cells.push([id, { ...cell, faces: list }]);
  }
  const after: PlanGraph = { ...rebuilt.graph, cells: graph.cells.with(cells) };
  const changed = changedCells(before, after);
  if (changed.length === 0) return refuse(patch.idle ?? "no_change", patch.at);
  return { ok: true, graph: after, changed };
}

/** A corner of a face: where its outer walk begins. */
export function cornerOfFace(graph: PlanGraph, face: number | undefined): LatticePoint | undefined {
  const start = face === undefined ? undefined : graph.faces.get(face)?.walks[0];
  if (start === undefined) return undefined;
  const { x, y } = nodeOf(graph, originOf(graph, start));
  return [x, y];
}

/** Faces beside the arcs that come near drawn lines, and those in which the lines begin; not the outside, nor gaps. */
export function facesNear(graph: PlanGraph, drawn: readonly Drawn[], startFaces: Iterable<number>): Set<number> {
  const found = new Set<number>(startFaces);
  for (const { points, closed } of drawn)
    points.forEach(([ax, ay], i) => {
      if (i + 1 === points.length && !closed) return;
      const [bx, by] = points[(i + 1) % points.length] as LatticePoint;
      const box = [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)] as const;
      for (const id of graph.index.near(...box)) {
        const { left, right } = arcOf(graph, id);
        found.add(left);
        found.add(right);
      }
    });
  found.delete(OUTSIDE_FACE);
  for (const face of found) if (graph.faces.get(face)?.cell === null) found.delete(face);
  return found;
}
