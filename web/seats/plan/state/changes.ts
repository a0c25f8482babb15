import { cellPolygons } from "../../../../data/coverage/plan-graph/cell-polygons.ts";
import { type CellInput, graphOf } from "../../../../data/coverage/plan-graph/graph-of.ts";
import { fromLatticePolygons, toLatticePolygons } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import type { CellId, PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { isNewCell, type PlanChange } from "../../../../data/planning/plan.ts";
import { changedIds } from "../drawing/changed.ts";
import { communityOfCode, type Ground, type GroundCell } from "./ground.ts";

/** Today's boundaries as a graph. */
export const baseGraph = (ground: Pick<Ground, "cells" | "retired">): PlanGraph =>
  graphOf(ground.cells.map(inputOf), { usedCodes: ground.retired });

const inputOf = ({ id, code, kind, name, geometry }: GroundCell): CellInput => ({
  id,
  code,
  kind,
  name,
  // Borders are free within a community, those between grids of micro-grids too.
  parent: communityOfCode(code),
  geometry: toLatticePolygons(geometry),
});

/** The graph of a plan that was left: today's cells with the plan's changes on top. */
export function graphOfChanges(ground: Ground, changes: readonly PlanChange[]): PlanGraph {
  const changed = new Map(changes.map((change) => [change.cell, change]));
  const cells = ground.cells.flatMap((cell): CellInput[] => {
    const change = changed.get(cell.id);
    if (!change) return [inputOf(cell)];
    if (!change.geometry) return [];
    return [inputOf({ ...cell, code: change.code, kind: change.kind, name: change.name, geometry: change.geometry })];
  });
  let nextNew = 1;
  for (const { cell, code, kind, name, geometry } of changes) {
    if (!isNewCell(cell) || !geometry) continue;
    nextNew = Math.max(nextNew, Number(cell.slice("new:".length)) + 1);
    cells.push(inputOf({ id: cell, code, kind, name, geometry }));
  }
  // Codes of grids that the plan ends are spent: they stay today's until it is published.
  const usedCodes = [...ground.retired, ...ground.cells.map(({ code }) => code)];
  return { ...graphOf(cells, { usedCodes }), nextNew };
}

/**
 * Which cells of a graph differ from today's, kept from graph to graph of one history. Ground is compared as canonical
 * polygons, so that a plan that was opened again compares like the one that was left.
 */
export class ChangeKeeper {
  readonly #base: PlanGraph;
  readonly #baseText = new Map<CellId, string>();
  #graph: PlanGraph | undefined;
  readonly #differing = new Map<CellId, PlanChange>();

  constructor(base: PlanGraph) {
    this.#base = base;
  }

  /** Changes of a graph against the base, by name of the cell. */
  of(graph: PlanGraph): readonly PlanChange[] {
    const look = this.#graph
      ? changedIds(this.#graph, graph)
      : new Set([...this.#base.cells.keys(), ...graph.cells.keys()]);
    this.#graph = graph;
    for (const id of look) {
      const change = this.#changeOf(graph, id);
      if (change) this.#differing.set(id, change);
      else this.#differing.delete(id);
    }
    return [...this.#differing.values()].sort((a, b) => (a.cell < b.cell ? -1 : 1));
  }

  #changeOf(graph: PlanGraph, id: CellId): PlanChange | undefined {
    const [before, after] = [this.#base.cells.get(id), graph.cells.get(id)];
    const areaId = before ? id : null;
    if (!after) {
      if (!before) return undefined;
      return { cell: id, areaId, code: before.code ?? "", kind: before.kind, name: before.name, geometry: null };
    }
    const polygons = cellPolygons(graph, id);
    const same =
      before?.code === after.code &&
      before.kind === after.kind &&
      before.name === after.name &&
      this.#textOfBase(id) === JSON.stringify(polygons);
    if (same) return undefined;
    const { code, kind, name } = after;
    return { cell: id, areaId, code: code ?? "", kind, name, geometry: fromLatticePolygons(polygons) };
  }

  #textOfBase(id: CellId): string {
    let text = this.#baseText.get(id);
    if (text === undefined) {
      text = JSON.stringify(cellPolygons(this.#base, id));
      this.#baseText.set(id, text);
    }
    return text;
  }
}
