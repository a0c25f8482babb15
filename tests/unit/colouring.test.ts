import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Adjacency, adjacencyOf } from "../../data/metrics/adjacency.ts";
import { colourGraph, hashText } from "../../data/metrics/graph-colouring.ts";
import type { MultiPolygonRings } from "../../data/model/geometry.ts";

/** A unit square with its lower left corner at (x, y), in steps of 0.001 degree. */
function square(x: number, y: number): MultiPolygonRings {
  const at = (dx: number, dy: number): readonly [number, number] => [110 + (x + dx) / 1000, 35 + (y + dy) / 1000];
  return [[[at(0, 0), at(1, 0), at(1, 1), at(0, 1), at(0, 0)]]];
}

const graphOf = (edges: readonly (readonly [number, number])[], nodes: number): Adjacency => {
  const graph = new Map<string, Set<string>>();
  for (let i = 0; i < nodes; i++) graph.set(`n${i}`, new Set());
  for (const [a, b] of edges) {
    if (a === b) continue;
    graph.get(`n${a}`)?.add(`n${b}`);
    graph.get(`n${b}`)?.add(`n${a}`);
  }
  return graph;
};

const anyGraph = fc.integer({ min: 1, max: 30 }).chain((nodes) =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: nodes - 1 }), fc.integer({ min: 0, max: nodes - 1 })), {
      maxLength: 120,
    })
    .map((edges) => graphOf(edges, nodes)),
);

describe("adjacency over shared borders", () => {
  // c d
  // a b     a–b, a–c, b–d, c–d share an edge; a–d and b–c meet in one corner
  it("takes edges, not corners", () => {
    const adjacency = adjacencyOf([
      { key: "a", rings: square(0, 0) },
      { key: "b", rings: square(1, 0) },
      { key: "c", rings: square(0, 1) },
      { key: "d", rings: square(1, 1) },
    ]);
    expect([...(adjacency.get("a") ?? [])].sort()).toEqual(["b", "c"]);
    expect([...(adjacency.get("d") ?? [])].sort()).toEqual(["b", "c"]);
  });

  it("treats areas of one key as one", () => {
    const adjacency = adjacencyOf([
      { key: "unit", rings: square(0, 0) },
      { key: "unit", rings: square(1, 0) },
      { key: "other", rings: square(2, 0) },
    ]);
    expect([...(adjacency.get("unit") ?? [])]).toEqual(["other"]);
  });
});

describe("graph colouring", () => {
  it("never gives neighbours one colour", () => {
    fc.assert(
      fc.property(anyGraph, fc.integer({ min: 1, max: 12 }), (graph, colours) => {
        const colour = colourGraph(graph, colours);
        for (const [key, around] of graph)
          for (const other of around) expect(colour.get(key)).not.toBe(colour.get(other));
      }),
    );
  });

  it("does not depend on the order in which keys arrive", () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const reversed = new Map([...graph].reverse().map(([key, around]) => [key, new Set([...around].reverse())]));
        expect(new Map([...colourGraph(reversed, 12)].sort())).toEqual(new Map([...colourGraph(graph, 12)].sort()));
      }),
    );
  });

  it("keeps the colour of the hash where nobody objects", () => {
    const colour = colourGraph(graphOf([], 20), 12);
    for (const [key, index] of colour) expect(index).toBe(hashText(key) % 12);
  });

  it("stays within the palette where the map needs few colours", () => {
    const cells = Array.from({ length: 400 }, (_, i) => ({
      key: `unit-${i}`,
      rings: square(i % 20, Math.floor(i / 20)),
    }));
    const colours = colourGraph(adjacencyOf(cells), 12);
    expect(Math.max(...colours.values())).toBeLessThan(12);
    expect(new Set(colours.values()).size).toBeGreaterThan(8);
  });
});
