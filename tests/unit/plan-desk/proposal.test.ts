import { describe, expect, it } from "vitest";
import type { Home } from "../../../data/blocks/homes.ts";
import { type CellToDivide, planUnits } from "../../../data/blocks/plan-units.ts";
import { cellPolygons } from "../../../data/coverage/plan-graph/cell-polygons.ts";
import { graphOf } from "../../../data/coverage/plan-graph/graph-of.ts";
import {
  fromLatticePolygons,
  type LatticePoint,
  toLatticePolygons,
} from "../../../data/coverage/plan-graph/lattice-polygons.ts";
import { cellAt } from "../../../data/coverage/plan-graph/locate.ts";
import { MeteredPoints } from "../../../data/coverage/plan-graph/metered-points.ts";
import type { PlanGraph } from "../../../data/coverage/plan-graph/plan-graph.ts";
import { areaM2 } from "../../../data/geo/measure.ts";
import { type LonLat, type MultiPolygonRings, toLattice } from "../../../data/model/geometry.ts";
import { paretoStops } from "../../../data/partition/pareto-stops.ts";
import { propose } from "../../../data/partition/propose.ts";
import { refereePlan } from "../../../data/planning/referee.ts";
import { objectiveOf } from "../../../web/seats/plan/propose/objective-fields.tsx";
import { isDivided, requestOf } from "../../../web/seats/plan/propose/request.ts";
import { staffingOf } from "../../../web/seats/plan/propose/staffing.ts";
import { takeProposal } from "../../../web/seats/plan/propose/take-proposal.ts";
import { baseGraph, ChangeKeeper, graphOfChanges } from "../../../web/seats/plan/state/changes.ts";
import type { Ground } from "../../../web/seats/plan/state/ground.ts";

const COMMUNITY = "140226100014";
const STEP = 0.004;
const at = (x: number, y: number): LonLat => [Number((112 + x * STEP).toFixed(7)), Number((40 + y * STEP).toFixed(7))];
/** A box with a corner every half step: a community's outline gets no new ones, and lines end at those that it has. */
const box = (west: number, south: number, east: number, north: number): MultiPolygonRings => {
  const side = (from: number, to: number): number[] =>
    Array.from({ length: Math.abs(to - from) * 2 }, (_, n) => from + (n / 2) * Math.sign(to - from));
  const ring = [
    ...side(west, east).map((x) => at(x, south)),
    ...side(south, north).map((y) => at(east, y)),
    ...side(east, west).map((x) => at(x, north)),
    ...side(north, south).map((y) => at(west, y)),
  ];
  return [[[...ring, ring[0] as LonLat]]];
};

const graphFrom = (cells: readonly CellToDivide[], codes: readonly string[]): PlanGraph =>
  graphOf(
    cells.map(({ id, geometry, micro }, n) => ({
      id,
      code: codes[n] as string,
      kind: micro ? "micro" : "basic",
      name: `${n}号`,
      parent: COMMUNITY,
      geometry: toLatticePolygons(geometry),
    })),
  );

const STREETS = [1, 2, 3].flatMap((n) => [
  { lines: [[at(n, -1), at(n, 3)]], ground: [], weight: 1 },
  { lines: [[at(-1, n / 2), at(5, n / 2)]], ground: [], weight: 0.4 },
]);

/** Three grids in a row: the first has 700 households, the others 250 each; streets cut each of them in blocks. */
const CELLS: readonly CellToDivide[] = [box(0, 0, 2, 2), box(2, 0, 3, 2), box(3, 0, 4, 2)].map((geometry, n) => ({
  id: `cell-${n}`,
  grid: `${COMMUNITY}00${n + 1}`,
  community: COMMUNITY,
  micro: false,
  geometry,
}));
const HOMES: readonly Home[] = Array.from({ length: 40 }, (_, n) => {
  const [x, y] = [(n % 8) / 2 + 0.25, Math.floor(n / 8) * 0.4 + 0.15];
  const compound = x > 1.5 && x < 2.5 && y < 0.5 ? "over-the-border" : undefined;
  return { at: at(x, y), households: x < 2 ? 35 : 25, ...(compound ? { compound } : {}) };
});

const householdsIn = (graph: PlanGraph, id: string): number =>
  HOMES.filter(({ at: [lon, lat] }) => cellAt(graph, [toLattice(lon), toLattice(lat)]) === id).reduce(
    (sum, { households }) => sum + households,
    0,
  );

describe("a proposal on the desk", () => {
  const codes = CELLS.map(({ grid }) => grid);
  const graph = graphFrom(CELLS, codes);
  const on = { graph, base: graph, retired: [], nameOf: () => undefined };

  it("cuts a plan along today's borders and streets, and never through a compound", () => {
    const units = planUnits({ cells: CELLS, lines: STREETS, homes: HOMES, max: 500 });
    expect(units.grids).toEqual(codes);
    expect(units.graph.households.reduce((sum, one) => sum + one, 0)).toBe(1200);
    const ground = (list: readonly MultiPolygonRings[]): number => list.reduce((sum, one) => sum + areaM2(one), 0);
    expect(ground(units.grounds) / ground(CELLS.map(({ geometry }) => geometry))).toBeCloseTo(1, 6);
    const across = units.grounds.filter((one) => {
      const lons = one.flat(2).map(([lon]) => lon);
      return Math.min(...lons) < at(2, 0)[0] - 1e-6 && Math.max(...lons) > at(2, 0)[0] + 1e-6;
    });
    expect(across).toHaveLength(1);
  });

  it("becomes one edit: ground and households as proposed, nothing lost, in one piece each", () => {
    const units = planUnits({ cells: CELLS, lines: STREETS, homes: HOMES, max: 500 });
    const { part, parts } = propose(units.graph, { min: 300, max: 500, seed: 1, sweeps: 200 });
    const taken = takeProposal(on, units, part);
    if (!taken.ok) throw new Error(taken.refusal.kind);
    for (const { part: grid, households, inRange } of parts) {
      expect(inRange).toBe(true);
      const id = CELLS[grid]?.id;
      if (id) expect(householdsIn(taken.graph, id)).toBe(households);
    }
    const polygons = [...taken.graph.cells.keys()].map((id) => fromLatticePolygons(cellPolygons(taken.graph, id)));
    expect(polygons.every((one) => one.length === 1)).toBe(true);
    const before = CELLS.reduce((sum, { geometry }) => sum + areaM2(geometry), 0);
    expect(polygons.reduce((sum, one) => sum + areaM2(one), 0) / before).toBeCloseTo(1, 8);
    expect(taken.changed.length).toBeGreaterThan(1);
  });

  it("ends a grid that keeps nothing, makes a new one with the next code, and says what it means for those who serve", () => {
    const units = planUnits({ cells: CELLS, lines: STREETS, homes: HOMES, max: 500 });
    const { current } = units.graph;
    // The third grid goes to the second; the west half of the first becomes a new one.
    const part = Int32Array.from(units.grounds, (ground, unit) => {
      const west = Math.min(...ground.flat(2).map(([lon]) => lon));
      const today = current?.[unit] ?? -1;
      return today === 2 ? 1 : today === 0 && west < at(0.5, 0)[0] ? 3 : today;
    });
    const staff = staffingOf(units, part, (grid) => (grid.endsWith("3") ? "unit B" : "unit A"));
    expect(staff).toMatchObject({ ended: [codes[2]], fresh: 1, otherUnit: [codes[1]] });
    const taken = takeProposal(on, units, part);
    if (!taken.ok) throw new Error(taken.refusal.kind);
    expect(taken.graph.cells.get("cell-2")).toBeUndefined();
    const made = [...taken.graph.cells.values()].find(({ id }) => id.startsWith("new:"));
    expect(made?.code).toBe(`${COMMUNITY}004`);
    expect(takeProposal(on, units, Int32Array.from(current ?? []))).toMatchObject({ ok: false });
  });

  it("gives micro-grids the next code of the grid that they go to, and moves no border", () => {
    const cells: readonly CellToDivide[] = Array.from({ length: 8 }, (_, n) => ({
      id: `micro-${n}`,
      grid: `${COMMUNITY}00${n < 5 ? 1 : 2}`,
      community: COMMUNITY,
      micro: true,
      geometry: box(n / 2, 0, n / 2 + 0.5, 2),
    }));
    const codesOfMicros = cells.map(({ grid }, n) => `${grid}-0${n < 5 ? n + 1 : n - 4}`);
    const micros = graphFrom(cells, codesOfMicros);
    const homes = HOMES.map(({ at: place, households }) => ({ at: place, households }));
    const units = planUnits({ cells, lines: STREETS, homes, max: 500 });
    expect(units.micros.flat().sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const part = Int32Array.from(units.graph.current ?? [], (grid, unit) =>
      units.micros[unit]?.includes(4) ? 1 : grid,
    );
    const taken = takeProposal({ ...on, graph: micros, base: micros, retired: [`${COMMUNITY}002-04`] }, units, part);
    if (!taken.ok) throw new Error(taken.refusal.kind);
    expect(taken.changed).toEqual(["micro-4"]);
    expect(taken.graph.cells.get("micro-4")?.code).toBe(`${COMMUNITY}002-05`);
    expect(cellPolygons(taken.graph, "micro-4")).toEqual(cellPolygons(micros, "micro-4"));
  });

  it("leaves a locked grid exactly as it is, compounds that its border cuts included", () => {
    const cells = CELLS.map((cell, n) => ({ ...cell, locked: n === 1 }));
    const units = planUnits({ cells, lines: STREETS, homes: HOMES, max: 500 });
    for (const seed of [1, 2, 3]) {
      const { part, unmet } = propose(units.graph, { min: 300, max: 500, seed, sweeps: 100, leastChange: 0 });
      part.forEach((grid, unit) => {
        expect(grid === 1).toBe(units.graph.current?.[unit] === 1);
      });
      // Its 250 households are too few, and it may not change: that is said.
      expect(unmet.find(({ parts }) => parts.includes(1))).toMatchObject({ kind: "impossible", reason: "pinned" });
      const taken = takeProposal(on, units, part);
      if (taken.ok) expect(cellPolygons(taken.graph, "cell-1")).toEqual(cellPolygons(graph, "cell-1"));
    }
  });

  it.each([
    [1200, 3],
    [400, 1],
  ])(
    "divides a community that has no grids, of %i households, into its first ones, and saves it so",
    (total, count) => {
      const cell = {
        id: "village",
        code: COMMUNITY,
        kind: "village",
        name: "某村",
        geometry: box(0, 0, 4, 2),
      } as const;
      const homes = HOMES.map(({ at: place, households }) => ({ at: place, households: (households * total) / 1200 }));
      const village: Ground = {
        county: COMMUNITY.slice(0, 6),
        scope: COMMUNITY,
        cells: [cell],
        buildings: { x: new Int32Array(), y: new Int32Array(), count: new Int32Array() },
        points: new MeteredPoints([]),
        householdsKnown: true,
        reference: STREETS.map(({ lines: [line] }) => ({
          kind: "road",
          rank: "local",
          name: null,
          line: (line ?? []).map(([lon, lat]): LatticePoint => [toLattice(lon), toLattice(lat)]),
        })),
        blocks: [],
        retired: [],
        homes,
      };
      const before = baseGraph(village);
      const wish = {
        min: 300,
        max: 500,
        objective: { kind: "households" },
        barriers: false,
        locked: [COMMUNITY],
      } as const;
      const asked = requestOf(before, village, isDivided, wish);
      const units = planUnits(asked);
      expect([units.grids, units.communities]).toEqual([[], [COMMUNITY]]);
      const stops = paretoStops(units.graph, asked);
      expect(stops.length).toBeGreaterThan(0);
      for (const { part, parts } of stops) {
        expect(parts.map(({ inRange }) => inRange)).toEqual(Array.from({ length: count }, () => true));
        const taken = takeProposal({ ...on, graph: before, base: before }, units, part);
        if (!taken.ok) throw new Error(taken.refusal.kind);
        const changes = new ChangeKeeper(before).of(taken.graph);
        // What is sent: grids with codes and kinds of grids, and the community without ground of its own.
        expect(changes.map(({ cell: id, code, kind, geometry }) => [id, code, kind, geometry !== null])).toEqual([
          ...parts.map((_, n) => [`new:${n + 1}`, `${COMMUNITY}00${n + 1}`, "basic", true]),
          ["village", COMMUNITY, "village", false],
        ]);
        const base = [{ ...cell, versionId: "1" }];
        const judged = {
          ...{ base, changes, retired: new Map(), parents: new Set([COMMUNITY]) },
          scope: { code: COMMUNITY, geometry: cell.geometry },
          buildings: homes.map(({ at: point, households }) => ({ point, households, exact: true })),
        };
        expect(refereePlan(judged)).toEqual([]);
        // A plan that was left and opened again is the same.
        expect(new ChangeKeeper(before).of(graphOfChanges(village, changes))).toEqual(changes);
      }
    },
  );

  it("takes weights of work as they are typed, and none that are no numbers", () => {
    const weights = { household: "1", incident: "30", hectare: "0" };
    expect(objectiveOf({ kind: "workload", weights, balance: "2" })).toEqual({
      kind: "workload",
      balance: 2,
      weights: { household: 1, incident: 30, hectare: 0 },
    });
    for (const bad of ["", "-1", "many"])
      expect(objectiveOf({ kind: "workload", weights: { ...weights, incident: bad }, balance: "1" })).toBeUndefined();
    expect(objectiveOf({ kind: "households", weights: { ...weights, incident: "" }, balance: "1" })).toEqual({
      kind: "households",
      balance: 1,
    });
  });
});
