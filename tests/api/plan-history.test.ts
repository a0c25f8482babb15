import { afterAll, beforeAll, expect, it } from "vitest";
import { cutCell } from "../../data/coverage/plan-graph/actions/cut-cell.ts";
import { mergeCells } from "../../data/coverage/plan-graph/actions/merge-cells.ts";
import { paintGround } from "../../data/coverage/plan-graph/actions/paint.ts";
import { graphOf } from "../../data/coverage/plan-graph/graph-of.ts";
import { type LatticePoint, toLatticePolygons } from "../../data/coverage/plan-graph/lattice-polygons.ts";
import type { PlanGraph } from "../../data/coverage/plan-graph/plan-graph.ts";
import type { ActionResult } from "../../data/coverage/plan-graph/refusals.ts";
import { Prng } from "../../data/demo/prng.ts";
import type { CountyDataset } from "../../data/model/dataset.ts";
import { fromLattice, type LonLat, type MultiPolygonRings, toLattice } from "../../data/model/geometry.ts";
import { type PlanBase, unpackPolygons } from "../../data/planning/plan-base.ts";
import { boxAround, locateStatement } from "../../db/repositories/locate-repository.ts";
import { policyId, policyPoint } from "../fixtures/policy-base.ts";
import { POLICY_COUNTY, POLICY_NOW, policyCounty } from "../fixtures/policy-county.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { type Boundaries, holderOf } from "../helpers/exact-holder.ts";
import { changesOf } from "../helpers/plan-graph-changes.ts";
import { PLAN_COMMUNITY, PLAN_LEADER, PLANNER, planDone, readBase } from "../helpers/plans.ts";
import { viewerAs } from "../helpers/viewers.ts";

const BEFORE = "2025-12-10T00:00:00.000Z";
/** Days on which boundaries change, and what is drawn for each. */
const DAYS = ["2026-01-15", "2026-01-20", "2026-01-28"] as const;
const dayBegins = (day: string): string => new Date(Date.parse(`${day}T00:00:00+08:00`)).toISOString();
const code = (grid: string): string => `${PLAN_COMMUNITY}${grid}`;
const lattice = (x: number, y: number): LatticePoint => {
  const [lon, lat] = policyPoint(x, y);
  return [toLattice(lon), toLattice(lat)];
};
const graphOfBase = (base: PlanBase): PlanGraph =>
  graphOf(
    base.cells.map(({ id, code: own, kind, name, polygons }) => ({
      ...{ id, code: own, kind, name, parent: PLAN_COMMUNITY },
      geometry: toLatticePolygons(unpackPolygons(polygons)),
    })),
    { usedCodes: base.retired },
  );
const idOf = (graph: PlanGraph, own: string): string =>
  [...graph.cells.values()].find((one) => one.code === own)?.id ?? "";
const done = (result: ActionResult): PlanGraph => {
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result.graph;
};
/** A crooked cut, crooked ground given from grid to grid, and two grids that become one. */
const DRAWN: readonly ((graph: PlanGraph) => PlanGraph)[] = [
  (graph) => {
    const line = [lattice(1.31, -0.1), lattice(1.47, 0.33), lattice(1.2, 0.71), lattice(1.6, 1.1)];
    return done(cutCell(graph, { line, cells: [idOf(graph, code("002"))] }));
  },
  (graph) => {
    const blob = [lattice(1.2, 1.4), lattice(2.41, 1.13), lattice(2.63, 1.87), lattice(1.4, 1.8), lattice(1.2, 1.4)];
    return done(paintGround(graph, { polygons: [[blob]], to: idOf(graph, code("006")) }));
  },
  (graph) => {
    const into = idOf(graph, code("004"));
    return done(mergeCells(graph, { cells: [into, idOf(graph, code("005"))], into }));
  },
];

/** The county with 200 buildings more in the community, with two places for anything exactly on its borders. */
function county(): CountyDataset {
  const data = policyCounty();
  const prng = new Prng("plan-history");
  const lowest = boundariesOf(data.areas.map((area) => ({ ...area })));
  const buildings = Array.from({ length: 200 }, (_, n) => {
    const label = policyPoint(
      Math.round(prng.range(0.02, 2.98) * 50) / 50,
      Math.round(prng.range(0.02, 1.98) * 50) / 50,
    );
    const [x, y] = [toLattice(label[0]), toLattice(label[1])];
    const ring = [[0, 0], [9, 0], [0, 9], [0, 0]].map(([dx = 0, dy = 0]): LonLat => [fromLattice(x + dx), fromLattice(y + dy)]); // biome-ignore format: a ring
    return {
      ...{ id: policyId(`building/history/${n}`), compoundId: null, floors: 3, households: 1 + (n % 9) },
      ...{ scopeCode: holderOf(lowest, [x, y]) ?? "", geometry: [[ring]], label },
    };
  });
  return { ...data, buildings: [...data.buildings, ...buildings] };
}
/** Lowest areas: nothing lies inside them. */
const boundariesOf = (areas: readonly { readonly code: string; readonly geometry: MultiPolygonRings }[]): Boundaries =>
  new Map(
    areas
      .filter((one) => !areas.some((other) => other.code !== one.code && other.code.startsWith(one.code)))
      .map((one) => [one.code, toLatticePolygons(one.geometry)]),
  );

describeOnBothDatabases("boundaries through three publications", (open) => {
  let api: TestApi;
  const data = county();
  /** What holds from an instant on, the first from the beginning. */
  const history: { readonly from: string; readonly lowest: Boundaries }[] = [
    { from: "", lowest: boundariesOf(data.areas) },
  ];
  const reader = viewerAs("leader", POLICY_COUNTY);
  const rows = <Row>(sql: string, params: readonly (string | readonly string[] | readonly number[])[]) =>
    api.database.transaction({ kind: "county", county: POLICY_COUNTY }, (tx) =>
      tx.rows<Row>(sql, [POLICY_COUNTY, ...params]),
    );
  const lastMonth = async (): Promise<unknown> => {
    const month = `from: "2025-11-30T16:00:00Z", to: "2025-12-31T16:00:00Z"`;
    const { data: report, errors } = await api.graphql<Record<string, { rows: { cases: number }[] }>>(
      `{ byGrid: stats(filter: { inside: "${PLAN_COMMUNITY}", ${month} }, by: [AREA_AS_FELL, MAJOR]) { total groups { key count open } }
         assessed: evaluation(inside: "${PLAN_COMMUNITY}", by: AREA, ${month}) { rows { key name cases figures { index numerator denominator } } total { cases } }
         areas(filter: { inside: "${PLAN_COMMUNITY}", at: "${BEFORE}" }) { nodes { code name areaM2 households validFrom } }
         cube(county: "${POLICY_COUNTY}", inside: "${PLAN_COMMUNITY}", months: ["2025-12"]) { cells { areaCode major count mark } } }`,
      {},
      reader,
    );
    expect(errors).toBeUndefined();
    return report;
  };
  type Thing = { readonly id: string; readonly scope: string | null; readonly lon: number; readonly lat: number };
  const things = async (): Promise<ReadonlyMap<string, Thing>> => {
    const found = await Promise.all(
      [
        ["building", "label", ""],
        ["camera", "geom", ""],
        ["incident", "geom", "AND NOT t.sensitive"],
      ].map(([table, at, and]) =>
        rows<Thing>(
          `SELECT '${table} ' || t.id AS id, t.scope_code AS scope, ST_X(t.${at}) AS lon, ST_Y(t.${at}) AS lat
           FROM ${table} t WHERE t.county = $1 ${and}`,
          [],
        ),
      ),
    );
    return new Map(found.flat().map((one) => [one.id, one]));
  };

  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [data], classes: SMALL_CLASSES, now: POLICY_NOW });
  });
  afterAll(() => api.close());

  it("moves exactly what the difference says, as the plan foretold, and leaves last month's report as it was", async () => {
    const report = await lastMonth();
    expect((report as { assessed: { total: { cases: number } } }).assessed.total.cases).toBeGreaterThan(5);
    for (const [n, day] of DAYS.entries()) {
      const was = await things();
      const base = await readBase(api);
      const changes = changesOf(graphOfBase(base), (DRAWN[n] ?? ((graph) => graph))(graphOfBase(base)));
      const drawn = await planDone(api, "createPlan", { scope: PLAN_COMMUNITY, name: `第${n + 1}次` });
      const { id, revision } = await planDone(api, "savePlan", { id: drawn.id, revision: 1, changes });
      const { data: told } = await api.graphql<{ plan: { impact: Record<string, number> } }>(
        `{ plan(id: "${id}") { impact { buildings households cameras openIncidents } } }`,
        {},
        PLANNER,
      );
      await planDone(api, "submitPlan", { id, revision });
      await planDone(api, "approvePlan", { id, revision }, PLAN_LEADER);
      api.setNow(`${day}T02:00:00.000Z`);
      await planDone(api, "publishPlan", { id, revision, effectiveOn: day });
      const lowest = new Map(history.at(-1)?.lowest);
      const codeOfCell = new Map(base.cells.map((cell) => [cell.id, cell.code]));
      for (const { cell } of changes) lowest.delete(codeOfCell.get(cell) ?? "");
      for (const { code: own, geometry } of changes)
        if (geometry) lowest.set(own, toLatticePolygons(geometry.coordinates));
      history.push({ from: dayBegins(day), lowest });

      const now = await things();
      const expected = [...was.values()].flatMap(({ id: thing, scope, lon, lat }) => {
        const to = holderOf(lowest, [toLattice(lon), toLattice(lat)]);
        return scope !== null && to !== scope ? [`${thing} ${scope} → ${to}`] : [];
      });
      const moved = [...now.values()].flatMap(({ id: thing, scope }) =>
        was.get(thing)?.scope === scope ? [] : [`${thing} ${was.get(thing)?.scope} → ${scope}`],
      );
      expect(moved.toSorted()).toEqual(expected.toSorted());
      expect(expected.length).toBeGreaterThan(10);
      const ids = new Set(expected.map((one) => one.split(" ").slice(0, 2).join(" ")));
      const ended = new Set(["closed", "evaluated", "rejected", "void"]);
      expect(told?.plan.impact).toEqual({
        buildings: [...ids].filter((one) => one.startsWith("building")).length,
        households: data.buildings.reduce(
          (sum, one) => sum + (ids.has(`building ${one.id}`) ? (one.households ?? 0) : 0),
          0,
        ),
        cameras: [...ids].filter((one) => one.startsWith("camera")).length,
        openIncidents: data.incidents.filter((one) => ids.has(`incident ${one.id}`) && !ended.has(one.state)).length,
      });
      expect(await lastMonth(), day).toEqual(report);
    }
  });

  it("answers 10,000 look-ups of a place and an instant as a search of every polygon does", async () => {
    const prng = new Prng("plan-look-ups");
    const instants = [
      BEFORE,
      ...DAYS.flatMap((day) => [dayBegins(day), new Date(Date.parse(dayBegins(day)) - 1).toISOString()]),
    ];
    const corners = history.flatMap(({ lowest }) =>
      [...lowest].filter(([own]) => own.startsWith(PLAN_COMMUNITY)).flatMap(([, polygons]) => polygons.flat(2)),
    );
    const asked = Array.from({ length: 10_000 }, (_, n) => {
      // Every fourth at a corner or beside it; the others anywhere in the town and a little beyond.
      const [x, y] = n % 4 === 0 ? prng.pick(corners) : lattice(prng.range(-0.1, 6.1), prng.range(-0.1, 2.1));
      return {
        x: x + (n % 8 === 0 ? prng.int(-1, 1) : 0),
        y,
        at: prng.pick([...instants, "2026-06-01T00:00:00.000Z"]),
      };
    });
    const places = asked.map(({ x, y }) => ({ lon: fromLattice(x), lat: fromLattice(y) }));
    const boxes = places.map(({ lon, lat }) => boxAround(lon, lat));
    const of = (name: string): string => `p.${name}`;
    const names = {
      lon: of("lon"),
      lat: of("lat"),
      at: of("at"),
      west: of("west"),
      east: of("east"),
      south: of("south"),
      north: of("north"),
    };
    const found = await rows<{ code: string | null }>(
      `SELECT l.deepest AS code FROM unnest($2::float8[], $3::float8[], $4::timestamptz[], $5::float8[], $6::float8[], $7::float8[],
         $8::float8[]) WITH ORDINALITY p(lon, lat, at, west, east, south, north, n)
       CROSS JOIN LATERAL (${locateStatement(names)}) l ORDER BY p.n`,
      [
        places.map(({ lon }) => lon),
        places.map(({ lat }) => lat),
        asked.map(({ at }) => at),
        ...(["west", "east", "south", "north"] as const).map((side) => boxes.map((box) => box[side])),
      ],
    );
    const wrong = asked.flatMap(({ x, y, at }, n) => {
      const then = history.findLast(({ from }) => at >= from);
      const expected = then ? (holderOf(then.lowest, [x, y]) ?? null) : null;
      return found[n]?.code === expected ? [] : [{ x, y, at, expected, found: found[n]?.code }];
    });
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(found).toHaveLength(10_000);
    expect(new Set(found.map((one) => one.code)).size).toBeGreaterThan(12);
    // The same by the interface, for some of them.
    for (let n = 0; n < 100; n += 25) {
      const some = asked.slice(n, n + 25);
      const fields = some.map(
        ({ x, y, at }, i) =>
          `p${i}: locate(lon: ${fromLattice(x)}, lat: ${fromLattice(y)}, at: "${at}") { area { code } }`,
      );
      const { data: answer } = await api.graphql<Record<string, { area: { code: string } | null }>>(
        `{ ${fields.join(" ")} }`,
        {},
        PLANNER,
      );
      expect(some.map((_, i) => answer?.[`p${i}`]?.area?.code ?? null)).toEqual(
        found.slice(n, n + 25).map((one) => one.code),
      );
    }
  });
});
