import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { cellPolygons } from "../../../data/coverage/plan-graph/cell-polygons.ts";
import { changedCells } from "../../../data/coverage/plan-graph/changed-cells.ts";
import { type CellInput, graphOf } from "../../../data/coverage/plan-graph/graph-of.ts";
import { toLatticePolygons } from "../../../data/coverage/plan-graph/lattice-polygons.ts";
import { checkPlan, issuesOf } from "../../../data/coverage/plan-graph/plan-checks.ts";
import type { CornerOfCell, PlanGraph } from "../../../data/coverage/plan-graph/plan-graph.ts";
import { diffGraphs, restoreGraph, serialiseGraph } from "../../../data/coverage/plan-graph/serialise.ts";
import { Prng } from "../../../data/demo/prng.ts";
import type { MultiPolygonRings, PolygonRings } from "../../../data/model/geometry.ts";
import { boundingEdges, cross, edgesOf } from "../../helpers/exact-edges.ts";
import { drawAction } from "../../helpers/plan-actions.ts";
import { auditLinks } from "../../helpers/plan-audit.ts";
import { cellsOfTopology, ringCycles } from "../../helpers/plan-layers.ts";
import { readLayers } from "../../helpers/read-layers.ts";

const DATA = resolve("../shared/data");

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

interface Opened {
  readonly graph: PlanGraph;
  readonly added: readonly CornerOfCell[];
  readonly dropped: readonly CornerOfCell[];
}

function opened(cells: readonly CellInput[]): Opened {
  const [added, dropped]: CornerOfCell[][] = [[], []];
  const graph = graphOf(cells, { onAddedNode: (one) => added?.push(one), onDroppedNode: (one) => dropped?.push(one) });
  return { graph, added: added ?? [], dropped: dropped ?? [] };
}

/** Cells whose rings do not come back corner for corner. */
const changedByOpening = (cells: readonly CellInput[], graph: PlanGraph): readonly CellInput[] =>
  cells.filter(({ id, geometry }) => ringCycles(cellPolygons(graph, id)).join("|") !== ringCycles(geometry).join("|"));

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
    const layer = opened(cells);
    const { graph } = layer;
    expect(graph.cells.size).toBe(3014);
    expect([...layer.added, ...layer.dropped]).toEqual([]);
    expect(changedByOpening(cells, graph)).toEqual([]);
    const after = edited(graph, "providence");
    expect(auditLinks(after)).toEqual([]);
    const bytes = serialiseGraph(after);
    expect(Buffer.compare(serialiseGraph(restoreGraph(bytes)), bytes)).toBe(0);
    const diff = JSON.parse(JSON.stringify(diffGraphs(graph, after)));
    expect(diff.cells.map(({ id }: { readonly id: string }) => id)).toEqual(changedCells(graph, after));
  });

  it("us-atlas: 3,231 counties come back exactly but for three overlaps, which the file itself has", () => {
    const cells = cellsOfTopology(resolve(DATA, "us-atlas/counties-10m.json"), "counties");
    const layer = opened(cells);
    const { graph } = layer;
    expect(graph.cells.size).toBe(3231);
    // The file is rounded to 859 lattice units: there are counties of two corners only, and rings that run back on themselves.
    const empty = cells.filter(({ id }) => graph.cells.get(id)?.faces.length === 0);
    expect(empty.map(({ name }) => name)).toEqual(["51610"]);
    for (const { geometry } of empty) expect(new Set(geometry.flat(2).map((at) => at.join())).size).toBe(2);
    const torn = issuesOf(checkPlan(graph))
      .filter(({ kind, cells: of }) => ["overlap", "sliver"].includes(kind) && of.length > 1)
      .map(({ cells: of }) => of);
    expect(torn.map((ids) => ids.map((id) => id.slice(0, 5)).join())).toEqual([
      "06001,06077,06085",
      "22067,22073,22083",
      "51093,51620",
    ]);
    // Each of them: borders of the input that cross between corners.
    for (const ids of torn) {
      const edges = cells.filter(({ id }) => ids.includes(id)).flatMap(({ geometry }) => edgesOf(geometry));
      expect(
        edges.some((one, n) => edges.slice(0, n).some((other) => cross(one, other))),
        ids.join(),
      ).toBe(true);
    }
    // All others: the same ground to the last corner, and none is lost that bounded any.
    const inOverlap = new Set(torn.flat());
    const differs = changedByOpening(cells, graph).filter(({ id, geometry }) => {
      const back = cellPolygons(graph, id);
      const corners = [...geometry, ...back].flat(2);
      return (
        !inOverlap.has(id) && boundingEdges(geometry, corners).join("|") !== boundingEdges(back, corners).join("|")
      );
    });
    expect(differs.map(({ id }) => id)).toEqual([]);
    expect(layer.added.length).toBeLessThan(20);
    expect(layer.dropped.length).toBeLessThan(60);
    const after = edited(graph, "us-atlas");
    const fresh = auditLinks(graph);
    expect(auditLinks(after).filter((fault) => !fresh.includes(fault))).toEqual([]);
    const bytes = serialiseGraph(after);
    expect(Buffer.compare(serialiseGraph(restoreGraph(bytes)), bytes)).toBe(0);
  });
});
