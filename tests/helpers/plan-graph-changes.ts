import { cellPolygons } from "../../data/coverage/plan-graph/cell-polygons.ts";
import { changedCells } from "../../data/coverage/plan-graph/changed-cells.ts";
import { fromLatticePolygons } from "../../data/coverage/plan-graph/lattice-polygons.ts";
import type { PlanGraph } from "../../data/coverage/plan-graph/plan-graph.ts";
import type { MultiPolygonRings } from "../../data/model/geometry.ts";

interface Change {
  readonly cell: string;
  readonly code: string;
  readonly kind: string;
  readonly name: string;
  readonly geometry: { readonly type: "MultiPolygon"; readonly coordinates: MultiPolygonRings } | null;
}

/** What differs between two graphs, as `savePlan` takes it. */
export const changesOf = (before: PlanGraph, after: PlanGraph): Change[] =>
  changedCells(before, after).map((cell): Change => {
    const [was, is] = [before.cells.get(cell), after.cells.get(cell)];
    const { code, kind, name } = is ?? was ?? { code: null, kind: "basic", name: "" };
    return {
      ...{ cell, code: code ?? "", kind: kind.toUpperCase(), name },
      geometry: is ? { type: "MultiPolygon", coordinates: fromLatticePolygons(cellPolygons(after, cell)) } : null,
    };
  });
