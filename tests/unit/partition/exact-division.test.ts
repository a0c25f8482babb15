import { describe, expect, it } from "vitest";
import { energyTerms } from "../../../data/partition/energy.ts";
import { ExactDivision } from "../../../data/partition/exact-division.ts";
import { baseLevel, ENERGY_UNIT, type Level } from "../../../data/partition/level.ts";
import { piecesOf } from "../../../data/partition/pieces.ts";
import { latticeGraph } from "../../helpers/block-graphs.ts";

const RANGE = { min: 300, max: 500, target: 400, loadTarget: 400 };
const TERMS = energyTerms(RANGE, { balance: 1, out: 0.6, excess: 4, leastChange: 0 });

function levelOf(columns: number, rows: number, households: (v: number) => number): Level {
  const graph = latticeGraph(columns, rows, households);
  const order = Int32Array.from({ length: graph.count }, (_, v) => v);
  return baseLevel(graph, piecesOf(graph, { ...RANGE, seed: 1, sweeps: 1 }), order, graph.households);
}

/** What a set of places costs as a grid, by its definition; Infinity out of range or in pieces. */
function costOf(level: Level, grid: readonly number[]): number {
  const households = grid.reduce((sum, v) => sum + (level.households[v] as number), 0);
  if (households < RANGE.min || households > RANGE.max) return Number.POSITIVE_INFINITY;
  const reached = new Set([grid[0] as number]);
  let border = 0;
  for (const v of reached)
    for (let entry = level.offsets[v] as number; entry < (level.offsets[v + 1] as number); entry++) {
      const u = level.neighbours[entry] as number;
      if (grid.includes(u)) reached.add(u);
      else border += level.cost[entry] as number;
    }
  if (reached.size < grid.length) return Number.POSITIVE_INFINITY;
  return ENERGY_UNIT * ((households - RANGE.loadTarget) / RANGE.loadTarget) ** 2 + border / 2;
}

/** Every way to put the places into sets, one place after another. */
function cheapest(level: Level): number {
  let least = Number.POSITIVE_INFINITY;
  const sets: number[][] = [];
  const put = (v: number): void => {
    if (v === level.count) {
      least = Math.min(
        least,
        sets.reduce((sum, set) => sum + costOf(level, set), 0),
      );
      return;
    }
    for (const set of [...sets]) {
      set.push(v);
      put(v + 1);
      set.pop();
    }
    sets.push([v]);
    put(v + 1);
    sets.pop();
  };
  put(0);
  return least;
}

describe("windows divided exactly", () => {
  const places = Array.from({ length: 8 }, (_, v) => v);
  const total = (level: Level, grids: readonly (readonly number[])[]): number =>
    grids.reduce((sum, grid) => sum + costOf(level, grid), 0);

  it("finds what trying every division finds, and nothing where nothing is cheaper", () => {
    let divided = 0;
    for (let seed = 1; seed <= 8; seed++) {
      const level = levelOf(4, 2, (v) => (v * 37 * seed + seed * seed * 11) % 260);
      const least = cheapest(level);
      const exact = new ExactDivision(level, TERMS);
      const found = exact.divide(places, 1e9);
      if (!Number.isFinite(least)) {
        expect(found).toBeUndefined();
        continue;
      }
      divided++;
      expect(found?.flat().toSorted((a, b) => a - b)).toEqual(places);
      expect(total(level, found ?? [])).toBeCloseTo(least, 3);
      expect(exact.divide(places, least)).toBeUndefined();
      expect(exact.divide(places, least + 2)).toEqual(found);
    }
    expect(divided).toBeGreaterThan(3);
  });

  it("gives up on a window that is too large instead of looking for ever", () => {
    const level = levelOf(6, 6, () => 10);
    const exact = new ExactDivision(level, TERMS);
    expect(
      exact.divide(
        Array.from({ length: 36 }, (_, v) => v),
        1e9,
      ),
    ).toBeUndefined();
    expect(
      exact.divide(
        Array.from({ length: 30 }, (_, v) => v),
        1e9,
      ),
    ).toBeUndefined();
  });
});
