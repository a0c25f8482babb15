import { afterAll, beforeAll, expect, it } from "vitest";
import type { CountyDataset } from "../../data/model/dataset.ts";
import type { PlanBase } from "../../data/planning/plan-base.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { policyId, policyPoint } from "../fixtures/policy-base.ts";
import { POLICY_COUNTY, POLICY_NOW, policyCounty } from "../fixtures/policy-county.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import {
  cellOf,
  ground,
  movedBorder,
  PLAN_COMMUNITY,
  PLAN_LEADER,
  PLANNER,
  type PlanAnswer,
  planDone,
  planMutation,
  readBase,
} from "../helpers/plans.ts";

const TODAY = "2026-01-15";
/** A community of which its total is known, and of no building or grid anything. */
const BARE = `${POLICY_COUNTY}003001`;
const BARE_TOTAL = 1234;
/** A village that loses its grids: it stands for itself. It has buildings. */
const VILLAGE = `${POLICY_COUNTY}003002`;

function county(): CountyDataset {
  const data = policyCounty();
  const isBare = (code: string): boolean => code.startsWith(`${POLICY_COUNTY}003`);
  const [pattern] = data.buildings;
  if (!pattern) throw new Error("the county has no building");
  const tower = {
    ...pattern,
    id: policyId("building/tower"),
    scopeCode: `${PLAN_COMMUNITY}002`,
    households: 620,
    label: policyPoint(1.15, 0.5),
  };
  return {
    ...data,
    areas: data.areas.map((area) =>
      isBare(area.code) && area.level !== "town"
        ? { ...area, households: area.code === BARE ? BARE_TOTAL : null }
        : area,
    ),
    buildings: [...data.buildings.filter(({ scopeCode }) => !scopeCode.startsWith(BARE)), tower],
  };
}

describeOnBothDatabases("what a plan is refused for, and what not", (open) => {
  let api: TestApi;
  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [county()], classes: SMALL_CLASSES, now: POLICY_NOW });
  });
  afterAll(() => api.close());

  const codeOf = (answer: { readonly errors?: readonly { readonly extensions?: unknown }[] }) =>
    (answer.errors?.[0]?.extensions as { code?: string } | undefined)?.code;
  const draw = async (changes: readonly object[], scope = PLAN_COMMUNITY): Promise<PlanAnswer> => {
    const plan = await planDone(api, "createPlan", { scope, name: "试拒" });
    return planDone(api, "savePlan", { id: plan.id, revision: 1, changes });
  };
  const step = (name: string, { id, revision }: PlanAnswer, more: object = {}, viewer = PLANNER) =>
    planMutation(api, name, { id, revision, ...more }, viewer);
  const approved = async (plan: PlanAnswer): Promise<PlanAnswer> => {
    await planDone(api, "submitPlan", { id: plan.id, revision: plan.revision });
    return planDone(api, "approvePlan", { id: plan.id, revision: plan.revision }, PLAN_LEADER);
  };
  const ask = async <Value>(query: string, viewer: Viewer = PLANNER): Promise<Value> => {
    const { data, errors } = await api.graphql<Value>(query, {}, viewer);
    if (!data) throw new Error(JSON.stringify(errors));
    return data;
  };
  const sql = (text: string, params: readonly string[]) =>
    api.database.transaction({ kind: "county", county: POLICY_COUNTY }, (tx) =>
      tx.execute(text, [POLICY_COUNTY, ...params]),
    );

  it("publishes nothing that was not approved, nor what the referee finds at fault since", async () => {
    const base = await readBase(api);
    const unit = 1e-7 / 0.004;
    const torn = await draw([
      { ...movedBorder(base, 2.5)[0], geometry: ground([1, 0], [2 - unit, 0], [2 - unit, 1], [1, 1]) },
    ]);
    expect(codeOf(await step("publishPlan", torn, { effectiveOn: TODAY }))).toBe("CONFLICT");
    const refused = await step("submitPlan", torn);
    expect([codeOf(refused), refused.errors?.[0]?.message]).toEqual(["BAD_USER_INPUT", expect.stringContaining("gap")]);
    const sound = await approved(await draw(movedBorder(base, 2.5)));
    // Whatever came to be stored meanwhile: the referee is asked again.
    const shift = (by: number) =>
      sql(
        "UPDATE plan_area SET geom = ST_Translate(geom, $2::float8, 0) WHERE county = $1 AND plan_id = $3::uuid AND code = $4",
        [`${by}`, sound.id.split(":")[2] ?? "", `${PLAN_COMMUNITY}002`],
      );
    await shift(-1e-7);
    const again = await step("publishPlan", sound, { effectiveOn: TODAY });
    expect([codeOf(again), again.errors?.[0]?.message]).toEqual(["BAD_USER_INPUT", expect.stringContaining("overlap")]);
    await planDone(api, "withdrawPlan", { id: sound.id, revision: sound.revision });
  });

  it("flags a grid of 620 households and lets it pass; what is no longer current it offers to rebase", async () => {
    const base = await readBase(api);
    const stale = await approved(await draw(movedBorder(base, 2.5)));
    const plan = await draw(movedBorder(base, 2.25));
    const { plan: told } = await ask<{ plan: { issues: { kind: string; blocks: boolean; value: number }[] } }>(
      `{ plan(id: "${plan.id}") { issues { kind blocks value } } }`,
    );
    const many = told.issues.filter(({ kind }) => kind === "MANY_HOUSEHOLDS");
    expect(many).toEqual([{ kind: "MANY_HOUSEHOLDS", blocks: false, value: expect.any(Number) }]);
    expect(many[0]?.value).toBeGreaterThanOrEqual(620);
    const done = await approved(plan);
    await planDone(api, "publishPlan", { id: done.id, revision: done.revision, effectiveOn: TODAY });
    const late = await step("publishPlan", stale, { effectiveOn: TODAY });
    expect([codeOf(late), late.errors?.[0]?.message]).toEqual(["CONFLICT", expect.stringContaining("rebase")]);
    expect(late.errors?.[0]?.extensions).toMatchObject({ hint: expect.stringMatching(/rebase/i) });
  });

  it("changes no other grid's code by a split, and an old link leads through the lineage to all that became of it", async () => {
    const inside = `${POLICY_COUNTY}002001`;
    const base = await readBase(api, inside, PLANNER);
    const grid = (n: string): string => `${inside}${n}`;
    // The third ends: half of it becomes a grid of its own, the other half goes to the second.
    const plan = await approved(
      await draw(
        [
          { cell: cellOf(base, grid("003")), code: grid("003"), kind: "BASIC", name: "三", geometry: null },
          {
            cell: "new:1",
            code: grid("007"),
            kind: "BASIC",
            name: "七",
            geometry: ground([2.5, 2], [3, 2], [3, 3], [2.5, 3]),
          },
          {
            cell: cellOf(base, grid("002")),
            code: grid("002"),
            kind: "BASIC",
            name: `策区${grid("002")}`,
            geometry: ground([1, 2], [2.5, 2], [2.5, 3], [1, 3]),
          },
        ],
        inside,
      ),
    );
    await planDone(api, "publishPlan", { id: plan.id, revision: plan.revision, effectiveOn: TODAY });
    const now = await readBase(api, inside);
    const codes = (of: PlanBase) => new Map(of.cells.map(({ id, code }) => [id, code]));
    for (const [id, code] of codes(base)) expect(codes(now).get(id)).toBe(code === grid("003") ? undefined : code);
    const link = await ask<{
      area: {
        code: string;
        validTo: string | null;
        successors: { nodes: { toCode: string; share: number; kind: string }[] };
      };
    }>(`{ area(code: "${grid("003")}") { code validTo successors(first: 9) { nodes { toCode share kind } } } }`);
    expect(link.area).toMatchObject({ code: grid("003"), validTo: expect.stringContaining("2026-01-1") });
    const heirs = link.area.successors.nodes.map(({ toCode, share, kind }) => [toCode, Math.round(share * 10), kind]);
    expect(heirs.toSorted()).toEqual([
      [grid("002"), 5, "SPLIT"],
      [grid("007"), 5, "SPLIT"],
    ]);
  });

  it("opens, redraws and publishes where only a community's total is known, and calls no estimate exact", async () => {
    const base = await readBase(api, BARE);
    expect(base.buildings.households).toEqual([]);
    expect(base.cells.map(({ households }) => households)).toEqual(base.cells.map(() => null));
    const change = (n: string, geometry: unknown) => ({
      cell: cellOf(base, `${BARE}${n}`),
      code: `${BARE}${n}`,
      kind: "BASIC",
      name: `策区${BARE}${n}`,
      geometry,
    });
    const drawn = await draw(
      [
        change("002", ground([1, 4], [2.5, 4], [2.5, 5], [1, 5])),
        change("003", ground([2.5, 4], [3, 4], [3, 5], [2.5, 5])),
      ],
      BARE,
    );
    const told = await ask<{ plan: { issues: { blocks: boolean }[]; impact: Record<string, unknown> } }>(
      `{ plan(id: "${drawn.id}") { issues { blocks } impact { households householdsExact moves { households householdsExact } cells { householdsBefore householdsAfter householdsExact } } } }`,
    );
    expect(told.plan.issues.filter(({ blocks }) => blocks)).toEqual([]);
    const nobodyKnows = { householdsBefore: null, householdsAfter: null, householdsExact: false };
    expect(told.plan.impact).toEqual({
      ...{ households: null, householdsExact: false },
      moves: [{ households: null, householdsExact: false }],
      cells: [nobodyKnows, nobodyKnows],
    });
    const plan = await approved(drawn);
    await planDone(api, "publishPlan", { id: plan.id, revision: plan.revision, effectiveOn: TODAY });
    const after = await ask<Record<string, { households: number | null; householdsExact: boolean }>>(
      `{ two: area(code: "${BARE}002") { households householdsExact } three: area(code: "${BARE}003") { households householdsExact }
         whole: area(code: "${BARE}") { households householdsExact } }`,
    );
    for (const grid of [after["two"], after["three"]])
      expect(grid).toEqual({ households: null, householdsExact: false });
    expect(after["whole"]).toEqual({ households: BARE_TOTAL, householdsExact: true });
  });

  it("gives a community that has no grids its first ones, goes on with it above them, and takes them back", async () => {
    await sql("DELETE FROM area_version WHERE county = $1 AND code LIKE $2", [`${VILLAGE}_%`]);
    for (const table of ["building", "camera", "incident"])
      await sql(`UPDATE ${table} SET scope_code = $2 WHERE county = $1 AND scope_code LIKE $2 || '_%'`, [VILLAGE]);
    const base = await readBase(api, VILLAGE);
    expect(base.cells.map(({ code, level }) => [code, level])).toEqual([[VILLAGE, "community"]]);
    const other = await draw([], VILLAGE);
    const shapes = [ground([3, 4], [4, 4], [4, 6], [3, 6]), ground([4, 4], [6, 4], [6, 6], [4, 6])];
    const grids = shapes.map((geometry, n) => ({
      cell: `new:${n + 1}`,
      code: `${VILLAGE}00${n + 1}`,
      kind: "BASIC",
      name: `第${n + 1}网格`,
      geometry,
    }));
    const village = { cell: cellOf(base, VILLAGE), code: VILLAGE, kind: "VILLAGE", name: `策区${VILLAGE}` };
    // It cannot keep ground of its own beside its grids.
    const half = await draw([{ ...village, geometry: shapes[0] }, grids[1] ?? {}], VILLAGE);
    const refused = await step("submitPlan", half);
    expect(refused.errors?.[0]?.message).toContain(`parent_missing: ${VILLAGE} has no grids and keeps ground`);

    const drawn = await draw([{ ...village, geometry: null }, ...grids], VILLAGE);
    const told = await ask<{ plan: { issues: { blocks: boolean }[]; lineage: object[] } }>(
      `{ plan(id: "${drawn.id}") { issues { blocks kind message } lineage { kind fromCode toCode } } }`,
    );
    expect(told.plan.issues.filter(({ blocks }) => blocks)).toEqual([]);
    const split = grids.map(({ code }) => ({ kind: "SPLIT", fromCode: VILLAGE, toCode: code }));
    expect(told.plan.lineage).toEqual(split);
    const look = `{ area(code: "${VILLAGE}") { id name households validFrom } }`;
    const before = await ask<object>(look);
    const plan = await approved(drawn);
    await planDone(api, "publishPlan", { id: plan.id, revision: plan.revision, effectiveOn: TODAY });
    expect(await ask<object>(look)).toEqual(before);
    const after = await readBase(api, VILLAGE);
    expect(after.cells.map(({ code, kind }) => [code, kind])).toEqual(grids.map(({ code }) => [code, "basic"]));
    expect(after.retired).not.toContain(VILLAGE);
    // Every building lies in the grid that holds it, and each grid has theirs.
    const [west, east] = after.cells.map(({ households }) => households ?? 0);
    const homes = base.buildings.households.reduce<number>((sum, one) => sum + (one ?? 0), 0);
    expect((west ?? 0) + (east ?? 0)).toBe(homes);
    const [[lon, lat], at] = [policyPoint(4.5, 5), "2026-01-15T02:00:00Z"];
    const found = await ask<object>(`{ locate(lon: ${lon}, lat: ${lat}, at: "${at}") { grid { code } } }`);
    expect(found).toEqual({ locate: { grid: { code: `${VILLAGE}002` } } });
    const left = await sql("UPDATE building SET scope_code = scope_code WHERE county = $1 AND scope_code = $2", [
      VILLAGE,
    ]);
    expect(left).toBe(0);
    // Who drew on the village alone is asked to begin from its grids.
    const stale = await ask<{ plan: object }>(`{ plan(id: "${other.id}") { baseCurrent } }`);
    expect(stale.plan).toEqual({ baseCurrent: false });

    const back = await approved(await planDone(api, "revertPlan", { id: plan.id, revision: plan.revision }));
    api.setNow("2026-01-16T02:00:00.000Z");
    await planDone(api, "publishPlan", { id: back.id, revision: back.revision, effectiveOn: "2026-01-16" });
    const again = await readBase(api, VILLAGE);
    expect(again.cells.map(({ id, code, polygons }) => [id, code, polygons])).toEqual(
      base.cells.map(({ id, code, polygons }) => [id, code, polygons]),
    );
  });
});
