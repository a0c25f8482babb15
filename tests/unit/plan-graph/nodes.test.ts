import { describe, expect, it } from "vitest";
import { cutCell } from "../../../data/coverage/plan-graph/actions/cut-cell.ts";
import { mergeCells } from "../../../data/coverage/plan-graph/actions/merge-cells.ts";
import { moveNode } from "../../../data/coverage/plan-graph/actions/move-node.ts";
import { paintGround } from "../../../data/coverage/plan-graph/actions/paint.ts";
import { rerouteBorder } from "../../../data/coverage/plan-graph/actions/reroute-border.ts";
import { snapBorderTo } from "../../../data/coverage/plan-graph/actions/snap-border.ts";
import { cellPolygons } from "../../../data/coverage/plan-graph/cell-polygons.ts";
import { changedCells } from "../../../data/coverage/plan-graph/changed-cells.ts";
import { type CellInput, graphOf } from "../../../data/coverage/plan-graph/graph-of.ts";
import type { LatticePoint } from "../../../data/coverage/plan-graph/lattice-polygons.ts";
import type { PlanGraph } from "../../../data/coverage/plan-graph/plan-graph.ts";
import type { ActionResult } from "../../../data/coverage/plan-graph/refusals.ts";
import { nearestVertex, type VertexRef } from "../../../data/coverage/plan-graph/vertices.ts";

const box = (west: number, south: number, east: number, north: number): LatticePoint[] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];

//  ┌───────┬───────┐ 200     d lies in a; b and c meet a at (100, 100)
//  │  a    │   b   │
//  │  ┌─┐  ├───────┤ 100
//  │  │d│  │   c   │
//  └──┴─┴──┴───────┘   (d does not touch the rim)
const board = (): PlanGraph => {
  const cells: [string, LatticePoint[][]][] = [
    [
      "a",
      [
        [
          [0, 0],
          [100, 0],
          [100, 100],
          [100, 200],
          [0, 200],
          [0, 0],
        ],
        box(40, 40, 60, 60).toReversed(),
      ],
    ],
    ["b", [box(100, 100, 200, 200)]],
    ["c", [box(100, 0, 200, 100)]],
    ["d", [box(40, 40, 60, 60)]],
  ];
  return graphOf(
    cells.map(([id, rings]): CellInput => ({ id, code: null, kind: "basic", name: id, geometry: [rings] })),
  );
};

const at = (graph: PlanGraph, point: LatticePoint): VertexRef => {
  const found = nearestVertex(graph, point, 2);
  if (!found) throw new Error(`no corner at ${point}`);
  return found;
};
const move = (graph: PlanGraph, from: LatticePoint, to: LatticePoint): ActionResult =>
  moveNode(graph, { node: at(graph, from), to });
const why = (result: ActionResult): string => (result.ok ? "done" : result.refusal.kind);
const done = (result: ActionResult): PlanGraph => {
  if (!result.ok) throw new Error(result.refusal.en);
  return result.graph;
};

describe("moving a corner", () => {
  it("moves it for all cells that meet there, and leaves the graph before as it was", () => {
    const before = board();
    const result = move(before, [100, 100], [120, 110]);
    expect(result).toMatchObject({ ok: true, changed: ["a", "b", "c"] });
    const after = done(result);
    for (const id of ["a", "b", "c"]) expect(cellPolygons(after, id)[0]?.[0]).toContainEqual([120, 110]);
    for (const id of ["a", "b", "c"]) expect(cellPolygons(before, id)[0]?.[0]).toContainEqual([100, 100]);
    expect(changedCells(before, after)).toEqual(["a", "b", "c"]);
    expect(changedCells(before, done(move(after, [120, 110], [100, 100])))).toEqual([]);
  });

  it("refuses what would tear the coverage, and says why", () => {
    const graph = board();
    expect(why(move(graph, [100, 100], [100, 100]))).toBe("no_change");
    expect(why(move(graph, [0, 0], [5, 5]))).toBe("outline");
    expect(why(move(graph, [100, 0], [110, 0]))).toBe("outline");
    // Into d, and over it.
    expect(why(move(graph, [100, 100], [50, 50]))).toBe("crosses_border");
    expect(why(move(graph, [100, 100], [60, 50]))).toBe("crosses_border");
    expect(why(move(graph, [100, 100], [210, 100]))).toBe("crosses_border");
    // Exactly onto a border.
    expect(why(move(graph, [60, 60], [60, 0]))).toBe("crosses_border");
    expect(why(move(graph, [60, 60], [40, 40]))).not.toBe("done");
    expect(why(move(graph, [60, 60], [30, 30]))).not.toBe("done");
  });

  it("tells where a refused edit would have crossed", () => {
    const result = move(board(), [100, 100], [50, 50]);
    expect(result).toMatchObject({ ok: false, refusal: { where: [expect.any(Number), expect.any(Number)] } });
  });
});

describe("leading a border along a line", () => {
  it("replaces the stretch between the line's ends, and refuses ends that are far from the border", () => {
    const graph = board();
    const line: LatticePoint[] = [
      [100, 100],
      [85, 90],
      [85, 20],
      [100, 10],
    ];
    const after = done(rerouteBorder(graph, { line, reach: 3 }));
    for (const id of ["a", "c"]) expect(cellPolygons(after, id)[0]?.[0]).toEqual(expect.arrayContaining(line));
    expect(why(rerouteBorder(graph, { line: [[150, 150], ...line.slice(1)], reach: 3 }))).toBe("does_not_meet");
    expect(
      why(
        rerouteBorder(graph, {
          line: [
            [100, 100],
            [50, 50],
            [100, 10],
          ],
          reach: 3,
        }),
      ),
    ).toBe("crosses_border");
  });

  it("snaps a border to a road between its junctions", () => {
    const graph = board();
    const arc = [...graph.arcs].findIndex((one) => {
      const faces = [one?.left ?? 0, one?.right ?? 0].map((face) => graph.faces.get(face)?.cell);
      return faces.includes("b") && faces.includes("c");
    });
    const road: LatticePoint[] = [
      [101, 106],
      [120, 108],
      [180, 108],
      [199, 106],
    ];
    const after = done(snapBorderTo(graph, { arc, line: road, reach: 10 }));
    expect(cellPolygons(after, "c")[0]?.[0]).toEqual(
      expect.arrayContaining([road[1], road[2], [100, 100], [200, 100]]),
    );
    expect(why(snapBorderTo(graph, { arc, line: road, reach: 2 }))).toBe("does_not_meet");
  });
});

describe("ground that goes from cell to cell", () => {
  it("is cut from border to border; the larger piece keeps its name", () => {
    const graph = board();
    const result = cutCell(graph, {
      line: [
        [150, 210],
        [150, 50],
        [130, 50],
      ],
      cells: ["b"],
    });
    expect(result).toMatchObject({ ok: true, changed: expect.arrayContaining(["b", "new:1"]) });
    expect(
      why(
        cutCell(graph, {
          line: [
            [110, 150],
            [150, 150],
          ],
        }),
      ),
    ).toBe("does_not_cut");
  });

  it("is not painted so that a cell falls apart or vanishes, and a merger needs a common border", () => {
    const graph = board();
    expect(why(paintGround(graph, { polygons: [[box(90, 120, 130, 180)]], to: "a" }))).toBe("done");
    expect(why(paintGround(graph, { polygons: [[box(140, 120, 160, 180)]], to: "a" }))).toBe("would_detach");
    expect(why(paintGround(graph, { polygons: [[box(30, 30, 70, 70)]], to: "a" }))).toBe("would_vanish");
    expect(why(mergeCells(graph, { cells: ["b", "d"], into: "b" }))).toBe("not_neighbours");
    expect(why(mergeCells(graph, { cells: ["b", "c"], into: "b" }))).toBe("done");
  });
});
