import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isOpenState } from "../../data/model/incident.ts";
import { unpackPolygons } from "../../data/planning/plan-base.ts";
import { POLICY_COUNTY, POLICY_NOW, policyCounty } from "../fixtures/policy-county.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import {
  cellOf,
  movedBorder,
  OTHER_PLANNER,
  PLAN_COMMUNITY,
  PLAN_LEADER,
  PLAN_TOWN,
  PLANNER,
  type PlanAnswer,
  planDone,
  planMutation,
  readBase,
  TOWN_PLANNER,
} from "../helpers/plans.ts";
import { makeAccount } from "../helpers/sign-in.ts";
import { lintEvent } from "../helpers/sql-rules.ts";
import { viewerAs } from "../helpers/viewers.ts";

describeOnBothDatabases("plans of boundaries", (open) => {
  let api: TestApi;
  const data = policyCounty();

  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [data], classes: SMALL_CLASSES, now: POLICY_NOW });
  });
  afterAll(() => api.close());

  const create = (name = "重划", scope = PLAN_COMMUNITY): Promise<PlanAnswer> =>
    planDone(api, "createPlan", { scope, name });
  const codeOf = (answer: { readonly errors?: readonly { readonly extensions?: unknown }[] }) =>
    (answer.errors?.[0]?.extensions as { code?: string } | undefined)?.code;

  it("opens the base: lowest areas with their exact ground, buildings with households", async () => {
    const base = await readBase(api, PLAN_TOWN);
    const lowest = data.areas.filter(
      ({ code, level }) =>
        code.startsWith(PLAN_TOWN) && (level === "micro" || (level === "grid" && !code.endsWith("001"))),
    );
    expect(base.cells.map(({ code }) => code)).toEqual(lowest.map(({ code }) => code).sort());
    for (const cell of base.cells)
      expect(unpackPolygons(cell.polygons)).toEqual(lowest.find(({ id }) => id === cell.id)?.geometry);
    const inside = data.buildings.filter(({ scopeCode }) => scopeCode.startsWith(PLAN_TOWN));
    const sum = (counts: readonly (number | null)[]) => counts.reduce<number>((all, one) => all + (one ?? 0), 0);
    expect(sum(base.buildings.households)).toBe(sum(inside.map(({ households }) => households)));
    expect(base.buildings.at).toHaveLength(inside.length * 2);
    // Who serves a grid stands at its label: everybody who holds a post there is counted once for each grid.
    const served = new Map(
      data.areas.filter(({ code }) => code.startsWith(PLAN_TOWN) && code.length >= 15).map(({ id }) => [id, true]),
    );
    const held = new Set(
      data.postAreas
        .filter(({ areaId }) => served.has(areaId))
        .flatMap(({ postId, areaId }) =>
          data.postHolders.filter((one) => one.postId === postId).map(({ staffId }) => `${areaId} ${staffId}`),
        ),
    );
    expect(held.size).toBeGreaterThan(0);
    expect(sum(base.staff.count)).toBe(held.size);
    expect(base.staff.at).toHaveLength(base.staff.count.length * 2);
    // A leader who reviews is told no building of one household.
    const theirs = await readBase(api, PLAN_TOWN, PLAN_LEADER);
    const alone = inside.filter(({ households }) => households === 1).length;
    expect(theirs.buildings.households.filter((one) => one === null)).toHaveLength(alone);
    expect(theirs.buildings.households).not.toContain(1);
    await expect(readBase(api, PLAN_TOWN, TOWN_PLANNER)).rejects.toThrow("FORBIDDEN");
    await expect(readBase(api, PLAN_TOWN, viewerAs("dispatcher", PLAN_TOWN))).rejects.toThrow("FORBIDDEN");
  });

  it("saves what a gesture changed, once per key, and tells who saved meanwhile", async () => {
    const base = await readBase(api);
    const plan = await create();
    expect(plan).toMatchObject({ state: "DRAFT", revision: 1, baseCurrent: true, changes: [] });
    const key = randomUUID();
    const input = { id: plan.id, revision: 1, changes: movedBorder(base, 2.5), key };
    const saved = await planDone(api, "savePlan", input);
    expect(saved.revision).toBe(2);
    expect(saved.changes.map(({ code }) => code)).toEqual([`${PLAN_COMMUNITY}002`, `${PLAN_COMMUNITY}003`]);
    expect(saved.changes.map(({ geometry }) => geometry?.coordinates)).toEqual(
      movedBorder(base, 2.5).map(({ geometry }) => [geometry.coordinates]),
    );
    expect((await planDone(api, "savePlan", input)).revision).toBe(2);
    const late = await planMutation(
      api,
      "savePlan",
      { id: plan.id, revision: 1, changes: movedBorder(base, 2.2) },
      OTHER_PLANNER,
    );
    expect(codeOf(late)).toBe("CONFLICT");
    expect(late.errors?.[0]?.message).toContain(PLANNER.name);
    const restored = await planDone(api, "savePlan", {
      id: plan.id,
      revision: 2,
      changes: [],
      restored: [cellOf(base, `${PLAN_COMMUNITY}002`)],
    });
    expect(restored.changes.map(({ code }) => code)).toEqual([`${PLAN_COMMUNITY}003`]);
    const { data: list } = await api.graphql<{ plans: { nodes: { id: string }[]; totalCount: number } }>(
      `{ plans(filter: { inside: "${PLAN_TOWN}", mine: true }) { totalCount nodes { id } } }`,
      {},
      PLANNER,
    );
    expect(list?.plans.nodes.map(({ id }) => id)).toContain(plan.id);
    const hidden = await api.graphql(`{ plan(id: "${plan.id}") { id } }`, {}, TOWN_PLANNER);
    expect(codeOf(hidden)).toBe("NOT_FOUND");
  });

  it("refuses what is no cell, no polygon, or of another area", async () => {
    const base = await readBase(api);
    const { id } = await create();
    const [good] = movedBorder(base, 2.5);
    const save = async (change: object) =>
      codeOf(await planMutation(api, "savePlan", { id, revision: 1, changes: [{ ...good, ...change }] }));
    expect(await save({ cell: "new:0" })).toBe("BAD_USER_INPUT");
    expect(await save({ cell: randomUUID() })).toBe("BAD_USER_INPUT");
    expect(await save({ code: `${PLAN_TOWN}002001` })).toBe("BAD_USER_INPUT");
    expect(await save({ kind: "MICRO" })).toBe("BAD_USER_INPUT");
    expect(await save({ geometry: { type: "Point", coordinates: [113, 40] } })).toBe("BAD_USER_INPUT");
    expect(await save({ name: "电话 13900000000" })).toBe("BAD_USER_INPUT");
    expect(codeOf(await planMutation(api, "createPlan", { scope: PLAN_TOWN, name: "x" }, PLAN_LEADER))).toBe(
      "FORBIDDEN",
    );
  });

  it("keeps threads of comments, pinned to a border", async () => {
    const base = await readBase(api);
    const { id } = await create();
    const cells = [cellOf(base, `${PLAN_COMMUNITY}002`), cellOf(base, `${PLAN_COMMUNITY}003`)];
    const first = await planDone(api, "commentPlan", { id, text: "为什么移到河边？", cells }, PLAN_LEADER);
    const thread = first.events.at(-1)?.id;
    expect(first.events.at(-1)).toMatchObject({ kind: "COMMENT", anchor: { cells } });
    const second = await planDone(api, "commentPlan", { id, text: "按道路走", thread });
    expect(second.events.at(-1)?.thread).toBe(thread);
    const settled = await api.graphql<{ resolveComment: PlanAnswer }>(
      `mutation { resolveComment(id: "${thread}") { events { id resolvedBy } } }`,
      {},
      PLAN_LEADER,
    );
    const root = settled.data?.resolveComment.events.find((event) => event.id === thread);
    expect(root?.resolvedBy).toBe(PLAN_LEADER.name);
  });

  it("tells who has a plan open and what they hold, until it runs out", async () => {
    const { id } = await create();
    const hold = (cells: readonly string[], viewer = OTHER_PLANNER) =>
      api.graphql(
        `mutation ($id: ID!, $cells: [String!]!) { holdCells(id: $id, cells: $cells) { id } }`,
        { id, cells },
        viewer,
      );
    const present = async () => {
      const query = `{ plan(id: "${id}") { presence { name me cells } } }`;
      return (await api.graphql<{ plan: { presence: object[] } }>(query, {}, PLANNER)).data?.plan.presence;
    };
    expect(codeOf(await hold(["new:1"]))).toBeUndefined();
    expect(await present()).toEqual([{ name: OTHER_PLANNER.name, me: false, cells: ["new:1"] }]);
    await hold([]);
    expect(await present()).toEqual([{ name: OTHER_PLANNER.name, me: false, cells: [] }]);
    expect(codeOf(await hold([], TOWN_PLANNER))).toBe("NOT_FOUND");
    api.setNow(new Date(Date.parse(POLICY_NOW) + 46_000).toISOString());
    expect(await present()).toEqual([]);
    api.setNow(POLICY_NOW);
  });

  it("says what hangs on the codes of cells: boards, grants and open cases", async () => {
    const { id } = await create("重编");
    const base = await readBase(api);
    const cells = base.cells.map((cell) => cell.id);
    const ask = async (which: readonly string[]) =>
      (
        await api.graphql<{ plan: { codeCost: { boards: number; grants: number; openIncidents: number } } }>(
          "query ($id: ID!, $cells: [String!]!) { plan(id: $id) { codeCost(cells: $cells) { boards grants openIncidents } } }",
          { id, cells: which },
          PLANNER,
        )
      ).data?.plan.codeCost;
    // A board in the second grid, and a leader of it.
    const second = `${PLAN_COMMUNITY}002`;
    await api.database.transaction({ kind: "county", county: POLICY_COUNTY }, (tx) =>
      tx.execute(
        `INSERT INTO notice_board (county, id, name, scope_code, state, geom, source)
         VALUES ($1, $2::uuid, '公示牌', $3, 'good', ST_SetSRID(ST_MakePoint(113, 40), 4326), 'test')`,
        [POLICY_COUNTY, randomUUID(), second],
      ),
    );
    await makeAccount(api.database, POLICY_COUNTY, "grid-leader", [["leader", second]], Date.parse(POLICY_NOW));
    const codes = new Set(base.cells.map(({ code }) => code));
    const sensitive = new Set(
      [...SMALL_CLASSES, ...(data.extraClasses ?? [])].filter((one) => one.sensitive).map(({ code }) => code),
    );
    const open = data.incidents.filter(
      ({ scopeCode, state, classCode }) =>
        // A planner sees no case of a sensitive class.
        scopeCode !== null && codes.has(scopeCode) && isOpenState(state) && !sensitive.has(classCode),
    );
    expect(await ask(cells)).toEqual({
      boards: 1,
      grants: 1,
      openIncidents: open.length,
    });
    expect(await ask(["no-such", "new:1"])).toEqual({ boards: 0, grants: 0, openIncidents: 0 });
  });

  it("sends statements that hold to the data rules", () => {
    expect(api.takeStatements().flatMap(lintEvent)).toEqual([]);
  });
});
