import { cellPolygons } from "../../../../data/coverage/plan-graph/cell-polygons.ts";
import { fromLatticePolygons } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import type { CellId, PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { labelPoint } from "../../../../data/geo/label-point.ts";
import type { LonLat } from "../../../../data/model/geometry.ts";

/** A point inside a cell; undefined for one that is gone or has no ground. */
export function placeOfCell(graph: PlanGraph, id: CellId): LonLat | undefined {
  if (!graph.cells.get(id)) return undefined;
  const polygons = fromLatticePolygons(cellPolygons(graph, id));
  return polygons.length ? labelPoint(polygons) : undefined;
}
