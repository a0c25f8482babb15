import { describe, expect, it } from "vitest";
import { blocksToGraph } from "../../data/blocks/blocks-to-graph.ts";
import { BARRIER, weightOf } from "../../data/blocks/border-lines.ts";
import { streetBlocks } from "../../data/blocks/street-blocks.ts";
import { areaM2, lengthM } from "../../data/geo/measure.ts";
import { fromLattice, type LonLat, type MultiPolygonRings } from "../../data/model/geometry.ts";
import type { BlockGraph } from "../../data/partition/block-graph.ts";

/** Lattice units of the test's field: 1 unit of the drawing = 1e-4 degree, about 10 m. */
const UNIT = 1000;
const WEST = 1_120_000_000;
const SOUTH = 400_000_000;
const at = (x: number, y: number): LonLat => [
  fromLattice(WEST + Math.round(x * UNIT)),
  fromLattice(SOUTH + Math.round(y * UNIT)),
];
type Corner = readonly [x: number, y: number];
const ring = (corners: readonly Corner[]): LonLat[] => [...corners, corners[0] as Corner].map(([x, y]) => at(x, y));
const polygon = (...rings: readonly (readonly Corner[])[]): MultiPolygonRings => [rings.map(ring)];
const box = (west: number, south: number, east: number, north: number): MultiPolygonRings =>
  polygon([
    [west, south],
    [east, south],
    [east, north],
    [west, north],
  ]);

const graphOf = (
  grounds: readonly MultiPolygonRings[],
  more: Partial<Parameters<typeof blocksToGraph>[0]> = {},
): ReturnType<typeof blocksToGraph> =>
  blocksToGraph({ grounds, nameOf: (n) => `#${n}`, households: new Int32Array(grounds.length).fill(10), ...more });

/** Metres that two blocks share; 0 where they are no neighbours. */
function shared({ offsets, neighbours, sharedLength }: BlockGraph, a: number, b: number): number {
  for (let entry = offsets[a] as number; entry < (offsets[a + 1] as number); entry++)
    if (neighbours[entry] === b) return sharedLength[entry] as number;
  return 0;
}

const weight = ({ offsets, neighbours, borderWeight }: BlockGraph, a: number, b: number): number | undefined => {
  for (let entry = offsets[a] as number; entry < (offsets[a + 1] as number); entry++)
    if (neighbours[entry] === b) return borderWeight?.[entry];
  return undefined;
};

/** Common stretches of two polygons, by holding each edge against each other along its line: the oracle. */
function bruteShared(a: MultiPolygonRings, b: MultiPolygonRings): number {
  let sum = 0;
  for (const one of a.flat())
    for (const other of b.flat())
      for (let i = 1; i < one.length; i++)
        for (let j = 1; j < other.length; j++) {
          const [p, q, r, s] = [one[i - 1], one[i], other[j - 1], other[j]] as [LonLat, LonLat, LonLat, LonLat];
          const cross = (u: LonLat): number => (q[0] - p[0]) * (u[1] - p[1]) - (q[1] - p[1]) * (u[0] - p[0]);
          if (Math.abs(cross(r)) > 1e-12 || Math.abs(cross(s)) > 1e-12) continue;
          const along = p[0] === q[0] ? 1 : 0;
          const [low, high] = [Math.min(p[along], q[along]), Math.max(p[along], q[along])];
          const from = Math.max(low, Math.min(r[along], s[along]));
          const to = Math.min(high, Math.max(r[along], s[along]));
          if (to <= from) continue;
          sum += lengthM([p, q]) * ((to - from) / (high - low));
        }
  return sum;
}

describe("the graph of blocks", () => {
  it("shares the metres that holding each edge against each other finds, in a random wall of bricks with T-junctions", () => {
    let state = 20260115;
    const random = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const bricks: MultiPolygonRings[] = [];
    for (let row = 0; row < 6; row++)
      for (let x = 0; x < 36; ) {
        const wide = Math.min(36 - x, 2 + Math.floor(random() * 7));
        bricks.push(box(x, row * 5, x + wide, row * 5 + 5));
        x += wide;
      }
    const { graph, repairs } = graphOf(bricks);
    expect(repairs).toEqual([]);
    let pairs = 0;
    bricks.forEach((a, i) => {
      bricks.forEach((b, j) => {
        if (j <= i) return;
        const expected = bruteShared(a, b);
        if (expected > 0) pairs++;
        expect(shared(graph, i, j)).toBeCloseTo(expected, 1);
        expect(shared(graph, j, i)).toBe(shared(graph, i, j));
      });
    });
    expect(graph.neighbours.length / 2).toBe(pairs);
    bricks.forEach((brick, n) => {
      expect((graph.area[n] as number) / areaM2(brick)).toBeCloseTo(1, 5);
      expect((graph.perimeter[n] as number) / lengthM(brick[0]?.[0] ?? [])).toBeCloseTo(1, 5);
    });
  });

  it("takes corner contact for no border, and an island for an island", () => {
    const { graph, islands } = graphOf([
      box(0, 0, 10, 10),
      box(10, 10, 20, 20),
      box(10, 0, 20, 10),
      box(50, 50, 60, 60),
    ]);
    expect(shared(graph, 0, 1)).toBe(0);
    expect(shared(graph, 0, 2)).toBeGreaterThan(100);
    expect(islands).toEqual([3]);
  });

  it("knows a block in the hole of another one, and one that lies in another without a hole", () => {
    const hole: readonly Corner[] = [
      [3, 3],
      [3, 6],
      [6, 6],
      [6, 3],
    ];
    const around: readonly Corner[] = [
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
    ];
    const sound = graphOf([polygon(around, hole), box(3, 3, 6, 6), box(10, 0, 20, 10)]);
    expect(sound.repairs).toEqual([]);
    const sloppy = graphOf([polygon(around), box(3, 3, 6, 6), box(10, 0, 20, 10)]);
    expect(sloppy.repairs.map(({ kind, to }) => [kind, to])).toEqual([["overlap_resolved", "1"]]);
    for (const { graph } of [sound, sloppy]) {
      expect(shared(graph, 0, 1)).toBeCloseTo(bruteShared(box(3, 3, 6, 6), box(3, 3, 6, 6)), 1);
      expect((graph.area[0] as number) / (areaM2(polygon(around)) - areaM2(box(3, 3, 6, 6)))).toBeCloseTo(1, 4);
    }
  });

  it("bridges slips of the hand, overlaps some, and leaves a street alone until told how wide it is", () => {
    // A strip of 0.2 units (2 m) at 10, an overlap of 2 m at 20, a street of 20 m at 30.
    const grounds = [box(0, 0, 9.8, 10), box(10, 0, 20.2, 10), box(20, 0, 30, 10), box(32, 0, 42, 10)];
    const { graph, repairs, islands } = graphOf(grounds);
    const side = lengthM([at(10, 0), at(10, 10)]);
    expect(Math.abs(shared(graph, 0, 1) - side)).toBeLessThan(5);
    expect(Math.abs(shared(graph, 1, 2) - side)).toBeLessThan(1);
    expect(repairs.map(({ kind }) => kind)).toEqual(["overlap_resolved"]);
    expect(islands).toEqual([3]);
    const wide = graphOf(grounds, { gapM: 30 });
    expect(Math.abs(shared(wide.graph, 2, 3) - side)).toBeLessThan(20);
    expect(shared(wide.graph, 0, 2)).toBe(0);
  });

  it("says which ring touches or crosses itself, and that nobody is a neighbour of anybody", () => {
    const eight: readonly Corner[] = [
      [0, 0],
      [5, 5],
      [10, 0],
      [10, 10],
      [5, 5],
      [0, 10],
    ];
    const bow: readonly Corner[] = [
      [0, 0],
      [10, 10],
      [10, 0],
      [0, 10],
    ];
    expect(() => graphOf([box(20, 0, 30, 10), polygon(eight)])).toThrow(expect.objectContaining({ at: "#1" }));
    expect(() => graphOf([polygon(bow), box(20, 0, 30, 10)])).toThrow(expect.objectContaining({ at: "#0" }));
    expect(() => graphOf([box(0, 0, 10, 10), box(20, 0, 30, 10)])).toThrow("No two blocks share a border");
  });

  it("gives points the ground that is nearest to them", () => {
    const points = Array.from({ length: 25 }, (_, n) => at((n % 5) * 10 + (n % 3), Math.floor(n / 5) * 10 + (n % 2)));
    const { graph, islands } = blocksToGraph({
      grounds: { points },
      nameOf: String,
      households: new Int32Array(25).fill(1),
    });
    expect(islands).toEqual([]);
    expect(shared(graph, 0, 1)).toBeGreaterThan(20);
    expect(shared(graph, 0, 24)).toBe(0);
  });
});

describe("what borders run along", () => {
  it("draws borders to arterials, closes rivers, and leaves what only crosses alone", () => {
    const grounds = [box(0, 0, 10, 10), box(10, 0, 20, 10), box(0, 10, 10, 20), box(10, 10, 20, 20)];
    const { graph } = graphOf(grounds, {
      lines: [
        { lines: [[at(10.5, -5), at(10.5, 5)]], ground: [], weight: 0.4 },
        { lines: [[at(-5, 10), at(9, 10.3)]], ground: [], weight: BARRIER },
      ],
    });
    expect(weight(graph, 0, 1)).toBeCloseTo(0.4 * 0.7 + 0.3, 1);
    expect(weight(graph, 0, 2)).toBe(Number.POSITIVE_INFINITY);
    expect(weight(graph, 2, 3)).toBe(1);
    expect(weight(graph, 1, 3)).toBe(1);
  });

  it("reads what a feature is from its columns", () => {
    expect(weightOf({ highway: "primary" })).toBe(0.4);
    expect(weightOf({ highway: "residential" })).toBe(1);
    expect(weightOf({ railway: "rail" })).toBe(BARRIER);
    expect(weightOf({ waterway: "ditch" })).toBe(1);
    expect(weightOf({ name: "something" })).toBe(BARRIER);
    expect(weightOf({ highway: "primary", weight: "0.2" })).toBe(0.2);
    expect(weightOf({ highway: "primary", weight: "barrier" })).toBe(BARRIER);
  });
});

describe("blocks between streets", () => {
  const outline = box(0, 0, 30, 20);

  it("cuts the outline, drops dead ends, and reaches over the last metres to the next street", () => {
    const blocks = streetBlocks(
      [
        [at(10, -2), at(10, 22)],
        // Stops 10 m short of the outline's edge on the right.
        [at(10, 10), at(29, 10)],
        // A dead end of 50 m.
        [at(5, 0), at(5, 5)],
      ],
      { outline },
    );
    expect(blocks).toHaveLength(3);
    const total = blocks.reduce((sum, block) => sum + areaM2(block), 0);
    expect(total / areaM2(outline)).toBeCloseTo(1, 6);
    const { graph, repairs } = graphOf(blocks);
    expect(repairs).toEqual([]);
    expect(graph.neighbours.length / 2).toBe(3);
  });

  it("joins the strip between two lanes to a block", () => {
    const blocks = streetBlocks(
      [
        [at(10, -2), at(10, 22)],
        [at(10.8, -2), at(10.8, 22)],
      ],
      { outline },
    );
    expect(blocks).toHaveLength(2);
    expect(blocks.reduce((sum, block) => sum + areaM2(block), 0) / areaM2(outline)).toBeCloseTo(1, 6);
  });
});
