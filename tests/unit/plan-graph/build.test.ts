import { describe, expect, it } from "vitest";
import { cellPolygons, neighbours } from "../../../data/coverage/plan-graph/cell-polygons.ts";
import { type CellInput, graphOf } from "../../../data/coverage/plan-graph/graph-of.ts";
import type { LatticePoint, LatticePolygons } from "../../../data/coverage/plan-graph/lattice-polygons.ts";
import { cellAt } from "../../../data/coverage/plan-graph/locate.ts";
import type { CornerOfCell } from "../../../data/coverage/plan-graph/plan-graph.ts";
import { planCoverage } from "../../helpers/plan-coverage.ts";

const box = (west: number, south: number, east: number, north: number): LatticePoint[] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];
const cell = (id: string, geometry: LatticePolygons): CellInput => ({
  id,
  code: null,
  kind: "basic",
  name: id,
  geometry,
});

/** Rings as cycles: where a ring begins does not matter. */
const cycles = (polygons: LatticePolygons): string[] =>
  polygons
    .map((rings) =>
      rings
        .map((ring) => {
          const corners = ring.slice(0, -1).map((corner) => corner.join());
          const first = corners.indexOf(corners.toSorted()[0] as string);
          return [...corners.slice(first), ...corners.slice(0, first)].join(" ");
        })
        .join("|"),
    )
    .sort();

describe("graph of a layer", () => {
  it("stores each border once and gives each cell back corner for corner", () => {
    const cells = planCoverage({ columns: 6, rows: 5 });
    const added: CornerOfCell[] = [];
    const graph = graphOf(cells, { onAddedNode: (node) => added.push(node) });
    for (const { id, geometry } of cells) expect(cycles(cellPolygons(graph, id))).toEqual(cycles(geometry));
    expect(added).toEqual([]);
    // 6 × 5 cells: 5 × 7 + 6 × 6 borders, of which two at each outer corner are one arc, and 4 dedicated grids.
    expect([...graph.arcs]).toHaveLength(71 - 4 + 4);
    expect(neighbours(graph, "c1-1")).toEqual(["c0-1", "c1-0", "c1-2", "c2-1"]);
    expect(neighbours(graph, "d1-0")).toEqual(["c1-0"]);
  });

  it("keeps parts, holes, and holes that touch the border in a point", () => {
    const far = cell("far", [[box(0, 0, 10, 10)], [box(40, 0, 50, 10)]]);
    const touching = cell("ring", [
      [
        [
          [20, 0],
          [30, 0],
          [30, 10],
          [20, 10],
          [20, 0],
        ],
        [
          [20, 0],
          [22, 4],
          [24, 2],
          [20, 0],
        ],
      ],
    ]);
    const graph = graphOf([far, touching]);
    expect(graph.cells.get("far")?.faces).toHaveLength(2);
    expect(cycles(cellPolygons(graph, "far"))).toEqual(cycles(far.geometry));
    expect(cycles(cellPolygons(graph, "ring"))).toEqual(cycles(touching.geometry));
    expect([cellAt(graph, [22, 2]), cellAt(graph, [28, 5]), cellAt(graph, [45, 5]), cellAt(graph, [35, 5])]).toEqual([
      null,
      "ring",
      "far",
      null,
    ]);
  });

  //  ┌────┬────┐     b has a corner on a's side, a has none there
  //  │ a  ├────┤ b
  //  └────┴────┘ c
  it("lists the corners that a cell got from its neighbours", () => {
    const added: CornerOfCell[] = [];
    const graph = graphOf(
      [cell("a", [[box(0, 0, 10, 10)]]), cell("b", [[box(10, 5, 20, 10)]]), cell("c", [[box(10, 0, 20, 5)]])],
      { onAddedNode: (node) => added.push(node) },
    );
    expect(added).toEqual([{ cell: "a", at: [10, 5] }]);
    expect(neighbours(graph, "a")).toEqual(["b", "c"]);
  });

  //  ┌──────┐
  //  │ a  ──┼──── the tip of a spike: its ring runs there and back
  //  └──────┘     and one ring of two corners, which enclose nothing
  it("lists the corners that bounded nothing, with their cells", () => {
    const dropped: CornerOfCell[] = [];
    const spike = [[0, 0], [10, 0], [10, 5], [16, 5], [10, 5], [10, 10], [0, 10], [0, 0]] as const; // biome-ignore format: a ring
    const flat = [[20, 0], [20, 9], [20, 0]] as const; // biome-ignore format: a ring
    const cells = [cell("a", [[spike]]), cell("flat", [[flat]])];
    const graph = graphOf(cells, { onDroppedNode: (node) => dropped.push(node) });
    expect(cycles(cellPolygons(graph, "a"))).toEqual(cycles([[spike.filter(([x]) => x < 16).toSpliced(2, 1)]]));
    expect(cellPolygons(graph, "flat")).toEqual([]);
    expect(dropped).toEqual([
      { cell: "a", at: [16, 5] },
      { cell: "flat", at: [20, 0] },
      { cell: "flat", at: [20, 9] },
    ]);
  });

  it("gives ground of several to the inner one with the others as claims, and makes gaps of enclosed ground", () => {
    const graph = graphOf([
      cell("around", [[box(0, 0, 30, 30), box(20, 20, 22, 22).toReversed()]]),
      cell("inner", [[box(5, 5, 10, 10)]]),
    ]);
    expect(cellAt(graph, [7, 7])).toBe("inner");
    expect(graph.faces.get(graph.cells.get("inner")?.faces[0] ?? -1)?.claims).toEqual(["around"]);
    expect(cellAt(graph, [21, 21])).toBeNull();
    expect([...graph.faces].filter((face, n) => n > 0 && face?.cell === null)).toHaveLength(1);
  });

  it("finds the cell of any point as the polygons say", () => {
    const cells = planCoverage({ columns: 5, rows: 5 });
    const graph = graphOf(cells);
    for (const { id, geometry } of cells) {
      const [[ring = []] = []] = geometry;
      const [x, y] = ring[0] ?? [0, 0];
      expect(id.startsWith("d") ? cellAt(graph, [x + 10, y + 10]) : cellAt(graph, [x + 5_000, y + 9_000])).toBe(id);
    }
  });
});
