import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { checkCoverage } from "../../../data/coverage/check-coverage.ts";
import { cellPolygons } from "../../../data/coverage/plan-graph/cell-polygons.ts";
import { changedCells } from "../../../data/coverage/plan-graph/changed-cells.ts";
import { type CellInput, graphOf } from "../../../data/coverage/plan-graph/graph-of.ts";
import { fromLatticePolygons, toLatticePolygons } from "../../../data/coverage/plan-graph/lattice-polygons.ts";
import type { AddedNode, PlanGraph } from "../../../data/coverage/plan-graph/plan-graph.ts";
import { diffGraphs, restoreGraph, serialiseGraph } from "../../../data/coverage/plan-graph/serialise.ts";
import { Prng } from "../../../data/demo/prng.ts";
import type { MultiPolygonRings, PolygonRings } from "../../../data/model/geometry.ts";
import { drawAction } from "../../helpers/plan-actions.ts";
import { auditLinks } from "../../helpers/plan-audit.ts";
import { cellsOfTopology, ringCycles } from "../../helpers/plan-layers.ts";
import { readLayers } from "../../helpers/read-layers.ts";

const DATA = resolve("../shared/data");

/** Cells that do not come back corner for corner, corners listed as added aside. */
function changedByOpening(cells: readonly CellInput[], graph: PlanGraph, added: readonly AddedNode[]): string[] {
  const listed = new Map<string, Set<string>>();
  for (const { cell, at } of added) listed.set(cell, (listed.get(cell) ?? new Set<string>()).add(at.join()));
  return cells
    .filter(({ id, geometry }) => {
      const back = ringCycles(cellPolygons(graph, id), listed.get(id));
      return back.join("|") !== ringCycles(geometry).join("|");
    })
    .map(({ id }) => id);
}

/** The graph after some random edits that were not refused. */
function edited(graph: PlanGraph, seed: string): PlanGraph {
  const random = new Prng(seed);
  let now = graph;
  for (let done = 0; done < 12; ) {
    const { result } = drawAction(now, random);
    if (!result.ok) continue;
    now = result.graph;
    done++;
  }
  return now;
}

describe.skipIf(!existsSync(DATA))("layers of the world as plans (../shared/data)", () => {
  it("Providence: 3,014 blocks come back corner for corner; edited, saved and restored", async () => {
    const { layers } = await readLayers([resolve(DATA, "providence-blocks/blocks.zip")]);
    const cells = (layers[0]?.features ?? []).map(({ geometry }, n): CellInput => {
      if (geometry?.type !== "Polygon" && geometry?.type !== "MultiPolygon")
        throw new Error(`block ${n} is no polygon`);
      const { type, coordinates } = geometry;
      const polygons = (type === "Polygon" ? [coordinates as PolygonRings] : coordinates) as MultiPolygonRings;
      return { id: `${n}`, code: null, kind: "basic", name: `${n}`, geometry: toLatticePolygons(polygons) };
    });
    const added: AddedNode[] = [];
    const graph = graphOf(cells, { onAddedNode: (node) => added.push(node) });
    expect(graph.cells.size).toBe(3014);
    expect(added).toEqual([]);
    expect(changedByOpening(cells, graph, added)).toEqual([]);
    const after = edited(graph, "providence");
    expect(auditLinks(after)).toEqual([]);
    const bytes = serialiseGraph(after);
    expect(Buffer.compare(serialiseGraph(restoreGraph(bytes)), bytes)).toBe(0);
    const diff = JSON.parse(JSON.stringify(diffGraphs(graph, after)));
    expect(diff.cells.map(({ id }: { readonly id: string }) => id)).toEqual(changedCells(graph, after));
  });

  it("us-atlas: of 3,231 counties only those with faulty rings change by being opened", () => {
    const cells = cellsOfTopology(resolve(DATA, "us-atlas/counties-10m.json"), "counties");
    const added: AddedNode[] = [];
    const graph = graphOf(cells, { onAddedNode: (node) => added.push(node) });
    expect(graph.cells.size).toBe(3231);
    const faulty = new Set(
      checkCoverage(
        cells.map(({ id, geometry }) => ({ code: id, geometry: fromLatticePolygons(geometry) })),
        undefined,
        { limitPerKind: 100_000 },
      )
        .filter(({ kind }) => kind !== "detached" && kind !== "gap")
        .flatMap(({ codes }) => codes),
    );
    const changed = changedByOpening(cells, graph, added);
    for (const { cell } of added) faulty.add(cell);
    expect(changed.filter((id) => !faulty.has(id))).toEqual([]);
    expect(changed.length).toBeLessThan(40);
    expect(added.length).toBeLessThan(20);
    const after = edited(graph, "us-atlas");
    const fresh = auditLinks(graph);
    expect(auditLinks(after).filter((fault) => !fresh.includes(fault))).toEqual([]);
    const bytes = serialiseGraph(after);
    expect(Buffer.compare(serialiseGraph(restoreGraph(bytes)), bytes)).toBe(0);
  });
});
