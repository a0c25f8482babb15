import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BlockGraph } from "../../../data/partition/block-graph.ts";
import { paretoStops } from "../../../data/partition/pareto-stops.ts";
import { isOpen } from "../../../data/partition/pieces.ts";
import type { Proposal, ProposeOptions } from "../../../data/partition/proposal.ts";
import { propose } from "../../../data/partition/propose.ts";
import { blockGraph, latticeGraph } from "../../helpers/block-graphs.ts";
import { groupBy } from "../../helpers/group-by.ts";
import "../../helpers/property-seed.ts";

const RANGE: ProposeOptions = { min: 300, max: 500, seed: 1, sweeps: 40 };

/** What holds of every proposal; written apart from what it checks. */
function expectSound(graph: BlockGraph, proposal: Proposal, { min, max }: ProposeOptions): void {
  const { part, parts, unmet, moves, figures } = proposal;
  expect(part.length).toBe(graph.count);
  const groups = groupBy(
    Array.from({ length: graph.count }, (_, v) => v),
    (v) => part[v] as number,
  );
  expect(parts.map((one) => one.part).toSorted((a, b) => a - b)).toEqual([...groups.keys()].toSorted((a, b) => a - b));
  const listed = new Set(unmet.flatMap((one) => one.parts));
  for (const one of parts) {
    const blocks = groups.get(one.part) as number[];
    const households = blocks.reduce((sum, v) => sum + (graph.households[v] as number), 0);
    expect(one).toMatchObject({ households, blocks: blocks.length });
    if (households < min || households > max) expect(listed).toContain(one.part);
    if (graph.pinned && blocks.some((v) => graph.pinned?.[v])) continue;
    const reached = new Set([blocks[0] as number]);
    for (const v of reached)
      for (let entry = graph.offsets[v] as number; entry < (graph.offsets[v + 1] as number); entry++) {
        const u = graph.neighbours[entry] as number;
        if (part[u] === one.part && isOpen(graph, v, entry)) reached.add(u);
      }
    expect(reached.size, `grid ${one.part} is in one piece`).toBe(blocks.length);
    if (graph.group) expect(new Set(blocks.map((v) => graph.group?.[v])).size).toBe(1);
  }
  const moved = graph.current ? [...part].flatMap((p, v) => (p === graph.current?.[v] ? [] : [v])) : [];
  expect(moves.map((move) => move.block)).toEqual(moved);
  expect(figures.blocksMoved).toBe(moved.length);
}

/** A connected random graph: a tree of random parents, further borders, and random groups, grids of today and pins. */
const anyGraph = fc
  .record({
    households: fc.array(
      fc.oneof(fc.integer({ min: 0, max: 200 }), fc.constant(0), fc.integer({ min: 200, max: 700 })),
      { minLength: 1, maxLength: 60 },
    ),
    parents: fc.infiniteStream(fc.nat()),
    extra: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 60 }),
    grids: fc.infiniteStream(fc.integer({ min: -1, max: 6 })),
    roots: fc.integer({ min: 0, max: 3 }),
    grouped: fc.boolean(),
    today: fc.boolean(),
    pin: fc.option(fc.nat(), { nil: undefined }),
  })
  .map(({ households, parents, extra, grids, roots, grouped, today, pin }) => {
    const count = households.length;
    const borders = new Map<string, readonly [number, number]>();
    const put = (a: number, b: number): void => {
      if (a !== b) borders.set(`${Math.min(a, b)}-${Math.max(a, b)}`, [a, b]);
    };
    for (let v = 1 + roots; v < count; v++) put(v, (parents.next().value as number) % v);
    for (const [a, b] of extra) put(a % count, b % count);
    const current = today ? Int32Array.from({ length: count }, () => grids.next().value as number) : undefined;
    const pinned = current && pin !== undefined ? new Uint8Array(count) : undefined;
    if (pinned && current && (current[(pin as number) % count] as number) >= 0) pinned[(pin as number) % count] = 1;
    const group = grouped ? Int32Array.from({ length: count }, (_, v) => v % 2) : undefined;
    return blockGraph(households, [...borders.values()], { current, pinned, group });
  });

describe("any graph", () => {
  it("every block is in one grid, every grid in one piece and one community, what is out of range is listed", () => {
    fc.assert(
      fc.property(
        anyGraph,
        fc.integer({ min: 0, max: 9 }),
        fc.constantFrom(0, 1, 5),
        fc.boolean(),
        (graph, seed, leastChange, onlyBad) => {
          const options = { ...RANGE, seed, sweeps: 12, leastChange, onlyBad };
          const proposal = propose(graph, options);
          expectSound(graph, proposal, options);
          expect(propose(graph, options).part).toEqual(proposal.part);
        },
      ),
      { numRuns: 80 },
    );
  });

  it("paths, stars, cycles, boards and halves that hang together by one block are sound with any households", () => {
    const shapes: Record<string, (count: number) => readonly (readonly [number, number])[]> = {
      path: (count) => Array.from({ length: count - 1 }, (_, v) => [v, v + 1] as const),
      star: (count) => Array.from({ length: count - 1 }, (_, v) => [0, v + 1] as const),
      cycle: (count) => (count < 3 ? [] : Array.from({ length: count }, (_, v) => [v, (v + 1) % count] as const)),
      board: (count) =>
        Array.from({ length: count }, (_, v) => v).flatMap((v) => [
          ...(v % 5 < 4 && v + 1 < count ? [[v, v + 1] as const] : []),
          ...(v + 5 < count ? [[v, v + 5] as const] : []),
        ]),
      halves: (count) => {
        const middle = count >> 1;
        return Array.from(
          { length: count - 2 },
          (_, v) => [v, v + 2 > middle && v < middle ? middle : v + 2] as const,
        ).concat(count > 1 ? [[0, 1] as const] : []);
      },
    };
    const someHouseholds = fc.oneof(
      fc.array(fc.oneof(fc.integer({ min: 0, max: 200 }), fc.constant(0), fc.constant(900)), {
        minLength: 1,
        maxLength: 30,
      }),
      fc.integer({ min: 1, max: 20 }).map((count) => new Array<number>(count).fill(0)),
      fc.integer({ min: 2, max: 10 }).map((count) => new Array<number>(count).fill(Math.floor(560 / count))),
    );
    const range = fc.constantFrom({ min: 300, max: 500 }, { min: 400, max: 400 });
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(shapes)), someHouseholds, range, (shape, households, { min, max }) => {
        const graph = blockGraph(households, shapes[shape]?.(households.length) ?? []);
        const options = { ...RANGE, min, max, sweeps: 12 };
        expectSound(graph, propose(graph, options), options);
      }),
      { numRuns: 80 },
    );
  });

  it("pinned grids stay as they are, block for block", () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const { part } = propose(graph, { ...RANGE, sweeps: 8 });
        const { pinned, current } = graph;
        if (!pinned || !current) return;
        const kept = new Set([...current].filter((_, v) => pinned[v]));
        for (let v = 0; v < graph.count; v++)
          if (kept.has(current[v] as number)) expect(part[v]).toBe(current[v]);
          else expect(kept).not.toContain(part[v]);
      }),
      { numRuns: 40 },
    );
  });
});

const path = (households: readonly number[]): BlockGraph =>
  blockGraph(
    households,
    households.slice(1).map((_, v) => [v, v + 1] as const),
  );

describe("shapes", () => {
  it("a path, a cycle and a lattice are divided with every grid in range, with and without coordinates", () => {
    const cycle = blockGraph(
      new Array<number>(60).fill(50),
      Array.from({ length: 60 }, (_, v) => [v, (v + 1) % 60] as const),
    );
    const board = latticeGraph(12, 12, (v) => 20 + (v % 5) * 10);
    for (const graph of [
      path(new Array<number>(60).fill(50)),
      cycle,
      board,
      { ...board, x: undefined, y: undefined },
    ]) {
      const proposal = propose(graph, { ...RANGE, sweeps: 200 });
      expectSound(graph, proposal, RANGE);
      expect(proposal.figures).toMatchObject({ avoidable: 0, inPieces: 0, inRange: proposal.parts.length });
    }
  });

  it("a star falls apart without its middle: proved, with no grid in range but the middle's", () => {
    const star = blockGraph(
      [100, 250, 250, 250, 250],
      [1, 2, 3, 4].map((leaf) => [0, leaf] as const),
    );
    const proposal = propose(star, RANGE);
    expectSound(star, proposal, RANGE);
    expect(proposal.unmet).toMatchObject([{ kind: "impossible", reason: "cover" }]);
    expect(proposal.unmet[0]?.tried).toBeGreaterThan(0);
  });

  it("a cut vertex joins two halves that are in range only if it goes to the right one", () => {
    // 250 – 100 – 350: the middle must go left.
    const graph = path([125, 125, 100, 175, 175]);
    const { part, figures } = propose(graph, RANGE);
    expect(figures).toMatchObject({ parts: 2, inRange: 2 });
    expect(part[2]).toBe(part[1]);
  });

  it("an enclave behind an oversize block joins it, and the block is told", () => {
    const graph = path([100, 900, 200, 200]);
    const proposal = propose(graph, RANGE);
    expect(proposal.part[0]).toBe(proposal.part[1]);
    expect(proposal.unmet).toEqual([
      { kind: "impossible", reason: "oversize", parts: [proposal.part[1]], blocks: [1], households: 900, most: 500 },
    ]);
  });

  it("no households at all: one enclave, proved", () => {
    const graph = latticeGraph(4, 4, () => 0);
    expect(propose(graph, RANGE).unmet).toMatchObject([
      { kind: "impossible", reason: "enclave", households: 0, least: 300 },
    ]);
    expectSound(graph, propose(graph, RANGE), RANGE);
  });

  it("households between max and twice min: no number of grids fits, in numbers", () => {
    const graph = path([110, 110, 110, 110, 110]);
    const { unmet } = propose(graph, RANGE);
    expect(unmet).toMatchObject([
      { kind: "impossible", reason: "count", households: 550, count: 1, most: 500, least: 600 },
    ]);
  });

  it("min = max, one block, islands", () => {
    const even = propose(path(new Array<number>(12).fill(100)), { ...RANGE, min: 400, max: 400 });
    expect(even.parts.map((one) => one.households)).toEqual([400, 400, 400]);
    expect(propose(blockGraph([350], []), RANGE).figures).toMatchObject({ parts: 1, inRange: 1 });
    const islands = propose(blockGraph([350, 400, 10], []), RANGE);
    expect(islands.figures).toMatchObject({ parts: 3, inRange: 2, avoidable: 1 });
    expect(islands.unmet).toMatchObject([{ reason: "enclave", households: 10 }]);
  });
});

describe("what is asked for", () => {
  it("communities of about 3,000 households are the same call with another range", () => {
    const graph = latticeGraph(40, 30, (v) => (v * 7) % 60);
    const options = { ...RANGE, min: 2400, max: 3600, target: 3000, sweeps: 100 };
    const proposal = propose(graph, options);
    expectSound(graph, proposal, options);
    expect(proposal.figures.avoidable).toBe(0);
    expect(proposal.figures.meanDeviation).toBeLessThan(0.12);
  });

  it("no grid crosses a barrier, and light borders draw grid borders to them", () => {
    const board = latticeGraph(20, 20, () => 25);
    const weigh = (weight: number): BlockGraph => ({
      ...board,
      // Every fifth column's eastern side.
      borderWeight: Float64Array.from(board.neighbours, (u, entry) => {
        const v = board.offsets.findIndex((offset) => offset > entry) - 1;
        return Math.abs(u - v) === 1 && Math.max(u, v) % 5 === 0 ? weight : 1;
      }),
    });
    const barred = propose(weigh(Number.POSITIVE_INFINITY), { ...RANGE, sweeps: 100 });
    for (let v = 4; v < 400; v += 5) if (v % 20 !== 19) expect(barred.part[v]).not.toBe(barred.part[v + 1]);
    const share = (weight: number): number => {
      const { figures } = propose(weigh(weight), { ...RANGE, sweeps: 100 });
      return figures.onWeighted / figures.borderLength;
    };
    expect(share(0.3)).toBeGreaterThan(share(0.9999) + 0.1);
  });

  it("even work instead of even households, within the same range", () => {
    const incidents = Int32Array.from({ length: 400 }, (_, v) => (v % 20 < 10 ? 4 : 0));
    const graph = latticeGraph(20, 20, () => 25, { incidents });
    const spread = (kind: "households" | "workload"): number => {
      const options = {
        ...RANGE,
        sweeps: 300,
        objective: { kind, weights: { household: 1, incident: 3, hectare: 0 }, balance: 4 },
      };
      const proposal = propose(graph, options);
      expect(proposal.figures.avoidable).toBe(0);
      const work = groupBy(Array.from(proposal.part.keys()), (v) => proposal.part[v] as number);
      const loads = [...work.values()].map((blocks) =>
        blocks.reduce((sum, v) => sum + 25 + 3 * (incidents[v] as number), 0),
      );
      return Math.max(...loads) - Math.min(...loads);
    };
    expect(spread("workload")).toBeLessThan(spread("households"));
  });

  it("progress is told on the way, and no stops where it stands", () => {
    const graph = latticeGraph(60, 60, () => 20);
    const seen: number[] = [];
    const stopped = propose(graph, {
      ...RANGE,
      sweeps: 1000,
      onProgress: ({ done, part }) => {
        seen.push(done);
        expect(part()).toHaveLength(3600);
        return seen.length < 2;
      },
    });
    expect(seen).toHaveLength(2);
    expect(stopped.figures.stopped).toBe(true);
    expectSound(graph, stopped, RANGE);
  });
});

describe("against today", () => {
  /** Grids of 4 × 4 blocks of 25; a new estate makes grid 5 too large, a demolition grid 10 too small. */
  const today = latticeGraph(
    16,
    16,
    (v) => (v === 85 ? 240 : [168, 169, 170, 184, 185, 186, 171].includes(v) ? 0 : 25),
    {
      current: Int32Array.from({ length: 256 }, (_, v) => 4 * Math.floor(v / 64) + Math.floor((v % 16) / 4)),
    },
  );

  it("only what must change does, and every move says which grid is its cause", () => {
    const proposal = propose(today, { ...RANGE, sweeps: 200, leastChange: 3, onlyBad: true });
    expectSound(today, proposal, RANGE);
    expect(proposal.figures.avoidable).toBe(0);
    expect(proposal.figures.householdsMoved).toBeLessThanOrEqual(3 * proposal.figures.leastMoved);
    expect(proposal.moves.length).toBeGreaterThan(0);
    for (const move of proposal.moves) {
      expect(["over", "under", "ended", "chain"]).toContain(move.why);
      expect([5, 10]).toContain(move.cause);
    }
    expect(proposal.figures.untouched).toBeGreaterThanOrEqual(9);
  });

  it("ground that is in no grid yet is divided at every stop, beside grids that stay as they are", () => {
    const current = Int32Array.from(today.current as Int32Array, (grid) => (grid % 4 < 2 ? -1 : grid));
    const group = Int32Array.from(current, (grid) => (grid < 0 ? 0 : 1));
    const half = { ...today, current, group, households: new Int32Array(256).fill(25) };
    for (const onlyBad of [true, false]) {
      const { part, figures, unmet } = propose(half, { ...RANGE, sweeps: 100, leastChange: 3, onlyBad });
      expect([unmet, figures.inRange]).toEqual([[], figures.parts]);
      expect([...part].filter((grid, block) => (current[block] as number) >= 0 && grid !== current[block])).toEqual([]);
    }
  });

  it("stops go from fewest households moved to the shortest border", () => {
    const stops = paretoStops(today, { ...RANGE, sweeps: 120 });
    expect(stops.length).toBeGreaterThanOrEqual(2);
    for (let i = 1; i < stops.length; i++) {
      const [a, b] = [stops[i - 1]?.figures, stops[i]?.figures];
      expect(a?.householdsMoved).toBeLessThanOrEqual(b?.householdsMoved ?? 0);
    }
    expect(stops[0]?.figures.householdsMoved).toBeLessThan((stops.at(-1)?.figures.householdsMoved ?? 0) / 2);
    expect(() => paretoStops({ ...today, current: undefined }, RANGE)).toThrow(/grids of today/);
  });
});

describe("what is at fault is said", () => {
  const graph = latticeGraph(3, 3, () => 100);
  it.each([
    ["min over max", {}, { min: 600 }, /At least 600 households and at most 500/],
    ["fractional min", {}, { min: 300.5 }, /At least 300.5/],
    ["target out of range", {}, { target: 900 }, /target of 900/],
    ["negative households", { households: Int32Array.from(new Array(9).fill(-1)) }, {}, /households of block 0 is -1/],
    ["missing values", { area: new Float64Array(3) }, {}, /3 values of area for 9 blocks/],
    ["no blocks", { count: 0 }, {}, /No blocks/],
    [
      "one-sided border",
      { sharedLength: graph.sharedLength.map((length, i) => (i === 0 ? length + 1 : length)) },
      {},
      /does not have its border/,
    ],
    ["x without y", { y: undefined }, {}, /Only one of x and y/],
    ["a pin without a grid", { pinned: new Uint8Array(9).fill(1) }, {}, /pinned and has no grid/],
  ])("%s", (_, fault, options, message) => {
    expect(() => propose({ ...graph, ...fault }, { ...RANGE, ...options })).toThrow(message);
  });
});
