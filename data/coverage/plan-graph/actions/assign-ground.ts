import { areaM2 } from "../../../geo/measure.ts";
import { cellPolygons } from "../cell-polygons.ts";
import { changedCells } from "../changed-cells.ts";
import { fromLatticePolygons, type LatticePolygons } from "../lattice-polygons.ts";
import { takeCell } from "../new-cells.ts";
import { cornerOfFace } from "../patch/patch.ts";
import type { CellId, PlanGraph } from "../plan-graph.ts";
import { type ActionResult, refuse } from "../refusals.ts";
import { dissolveIntoNeighbours, heirOf, moveFace } from "./merge-cells.ts";
import { paint } from "./paint.ts";

/** Ground that goes to one cell. */
export interface GroundFor {
  /** An existing cell, or a new one in the community of `like`. */
  readonly to: CellId | { readonly like: CellId };
  readonly polygons: LatticePolygons;
}

export interface AssignGround {
  readonly assign: readonly GroundFor[];
  /** Cells that end: what is left of them goes to their neighbours. */
  readonly ending?: readonly CellId[];
}

/** Ground that a cell keeps beside its main part though it had none there before: crumbs of lines that were held. */
const CRUMB_M2 = 400;

/**
 * Gives ground to many cells at once, as a proposal for a whole community does: one edit, in which cells may lie in parts
 * only until the last of it is given. Crumbs that held borders leave go to the neighbour around them.
 */
export function assignGround(before: PlanGraph, { assign, ending = [] }: AssignGround): ActionResult {
  let graph = before;
  const ends = new Set(ending);
  for (const { to, polygons } of assign) {
    const at = polygons[0]?.[0]?.[0] ?? [0, 0];
    if (typeof to === "string") {
      const target = graph.cells.get(to);
      if (!target) return refuse("unknown_cell", at);
      const painted = paint(graph, target, polygons, undefined, true, [], ends);
      if (painted.ok) graph = painted.graph;
      else if (painted.refusal.kind !== "no_change") return painted;
      continue;
    }
    const like = graph.cells.get(to.like) ?? before.cells.get(to.like);
    if (!like) return refuse("unknown_cell", at);
    const taken = takeCell(graph, like);
    if (taken === "full") return refuse("no_code_left", at);
    const painted = paint(taken.graph, taken.cell, polygons, undefined, true, [taken.cell], ends);
    if (!painted.ok) return painted;
    graph = painted.graph;
  }
  for (const cell of ends) {
    if (!graph.cells.get(cell)) continue;
    const gone = dissolveIntoNeighbours(graph, { cell });
    if (!gone.ok) return gone;
    graph = gone.graph;
  }
  const swept = withoutCrumbs(before, graph);
  if ("ok" in swept) return swept;
  const changed = changedCells(before, swept);
  return changed.length > 0 ? { ok: true, graph: swept, changed } : refuse("no_change", [0, 0]);
}

/** Gives small parts that a cell did not have before to the neighbour with the longest border; refused for large ones. */
function withoutCrumbs(before: PlanGraph, after: PlanGraph): PlanGraph | ReturnType<typeof refuse> {
  let graph = after;
  for (const id of changedCells(before, after)) {
    const parts = before.cells.get(id)?.faces.length ?? 1;
    for (;;) {
      const cell = graph.cells.get(id);
      if (!cell || cell.faces.length <= parts) break;
      const sizes = cell.faces.map((face) => ({ face, areaM2: areaOfFace(graph, face) }));
      const least = sizes.reduce((a, b) => (b.areaM2 < a.areaM2 ? b : a));
      const heir = heirOf(graph, cell, least.face);
      if (least.areaM2 > CRUMB_M2 || !heir) return refuse("would_detach", cornerOfFace(graph, least.face) ?? [0, 0]);
      const moved = moveFace(graph, { face: least.face, to: heir });
      if (!moved.ok) return moved;
      graph = moved.graph;
    }
  }
  return graph;
}

/** Ground of one face, m². */
function areaOfFace(graph: PlanGraph, face: number): number {
  const cell = graph.faces.get(face)?.cell;
  const known = cell && graph.cells.get(cell);
  if (!known) return 0;
  const alone = { ...graph, cells: graph.cells.with([[known.id, { ...known, faces: [face] }]]) };
  return areaM2(fromLatticePolygons(cellPolygons(alone, known.id)));
}
