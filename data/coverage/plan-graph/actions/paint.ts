import { labelPoint } from "../../../geo/label-point.ts";
import { toLattice } from "../../../model/geometry.ts";
import { fromLatticePolygons, type LatticePoint, type LatticePolygons } from "../lattice-polygons.ts";
import { faceAt } from "../locate.ts";
import { type CellWords, takeCell } from "../new-cells.ts";
import { openRing } from "../owned-ground.ts";
import type { Drawn } from "../patch/fit-drawn.ts";
import { facesNear, patchGraph } from "../patch/patch.ts";
import type { CellId, PlanCell, PlanGraph } from "../plan-graph.ts";
import { type ActionResult, refuse } from "../refusals.ts";
import { turnOf } from "../walk-shape.ts";

export interface PaintGround {
  /** What is painted over: a lasso, a block, the blocks of a compound. Rings in lattice units. */
  readonly polygons: LatticePolygons;
  readonly to: CellId;
  /** Only ground of these cells; all cells of the same community where it is left out. */
  readonly from?: readonly CellId[];
  /** Whether cells may be left in parts. */
  readonly allowParts?: boolean;
}

/**
 * Gives the painted ground to a cell: a lasso, a block, a compound. Paint stops at the outline and at the border of the
 * community. Refused when a cell would lose all its ground or fall into parts.
 */
export function paintGround(graph: PlanGraph, { polygons, to, from, allowParts = false }: PaintGround): ActionResult {
  const at = polygons[0]?.[0]?.[0] ?? [0, 0];
  const target = graph.cells.get(to);
  if (!target) return refuse("unknown_cell", at);
  return paint(graph, target, polygons, from, allowParts, []);
}

export interface NewCell extends CellWords {
  /** Ground of the new cell, lattice units; it is taken from the cells of one community. */
  readonly polygons: LatticePolygons;
  readonly from?: readonly CellId[];
}

/** Makes a cell of painted ground, with the next unused code of the community in which most of it lies. */
export function newCell(graph: PlanGraph, { polygons, from, ...words }: NewCell): ActionResult {
  const at = polygons[0]?.[0]?.[0] ?? [0, 0];
  const [lon, lat] = labelPoint(fromLatticePolygons(polygons));
  const under = graph.faces.get(faceAt(graph, [toLattice(lon), toLattice(lat)]))?.cell;
  const like = under ? graph.cells.get(under) : undefined;
  if (!like) return refuse("outside", [toLattice(lon), toLattice(lat)]);
  const taken = takeCell(graph, like, words);
  if (taken === "full") return refuse("no_code_left", at);
  return paint(taken.graph, taken.cell, polygons, from, false, [taken.cell]);
}

/** Paints ground over to a cell. @param ending cells that end when they have no ground left */
export function paint(
  graph: PlanGraph,
  target: PlanCell,
  polygons: LatticePolygons,
  from: readonly CellId[] | undefined,
  allowParts: boolean,
  made: readonly PlanCell[],
  ending: ReadonlySet<CellId> = new Set(),
): ActionResult {
  const drawn = ringsOf(polygons);
  const at: LatticePoint = drawn[0]?.points[0] ?? [0, 0];
  if (drawn.length === 0) return refuse("too_few_corners", at);
  const sources = from && new Set(from);
  const mayGive = (face: number): boolean => {
    const cell = graph.faces.get(face)?.cell;
    if (!cell) return false;
    if (sources && !sources.has(cell)) return false;
    return graph.rules.freeParents || graph.cells.get(cell)?.parent === target.parent;
  };
  const near = facesNear(
    graph,
    drawn,
    drawn.map(({ points }) => faceAt(graph, points[0] as LatticePoint)),
  );
  const faces = [...near].filter(mayGive);
  // Holes that lie wholly in the paint have no border near its rim.
  for (const ring of drawn) for (const face of facesWithin(graph, ring)) if (mayGive(face)) faces.push(face);
  if (faces.length === 0) return refuse(near.size === 0 ? "outside" : "other_parent", at);
  return patchGraph(graph, {
    faces,
    drawn,
    receivers: [target.id],
    give: ({ pieces }, piece) => {
      const { winding, source } = pieces[piece] as (typeof pieces)[number];
      return winding !== 0 && mayGive(source) ? target.id : undefined;
    },
    made,
    ending,
    ...(allowParts ? { partsAllowed: "any" as const } : {}),
    at,
  });
}

/** Rings as drawn lines, exteriors counter-clockwise and holes clockwise. */
function ringsOf(polygons: LatticePolygons): Drawn[] {
  return polygons.flatMap((rings) =>
    rings.flatMap((ring, n): Drawn[] => {
      const points = openRing(ring);
      const turn = turnOf(points);
      if (points.length < 3 || turn === 0) return [];
      return [{ points: turn > 0 === n > 0 ? points.toReversed() : points, closed: true }];
    }),
  );
}

/** Faces of arcs in the box of a ring. */
function facesWithin(graph: PlanGraph, { points }: Drawn): Set<number> {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] as const;
  const found = new Set<number>();
  for (const id of graph.index.near(...box)) {
    const arc = graph.arcs.get(id);
    if (arc) for (const face of [arc.left, arc.right]) found.add(face);
  }
  return found;
}
