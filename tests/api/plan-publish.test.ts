import { afterAll, beforeAll, expect, it } from "vitest";
import { settleDuePlans } from "../../api/jobs/settle-plans.ts";
import { Prng } from "../../data/demo/prng.ts";
import { grantsOfAccounts } from "../../db/repositories/grant-repository.ts";
import { policyPoint } from "../fixtures/policy-base.ts";
import { POLICY_COUNTY, POLICY_NOW, policyCounty } from "../fixtures/policy-county.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import {
  cellOf,
  ground,
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
} from "../helpers/plans.ts";
import { makeAccount } from "../helpers/sign-in.ts";
import { lintEvent } from "../helpers/sql-rules.ts";
import { viewerAs } from "../helpers/viewers.ts";

const TODAY = "2026-01-15";
/** 00:00 of the day in the county's zone. */
const EFFECTIVE = "2026-01-14T16:00:00.000Z";
const BEFORE = "2025-12-15T00:00:00.000Z";
const code = (grid: string): string => `${PLAN_COMMUNITY}${grid}`;

describeOnBothDatabases("reviewing and publishing plans", (open) => {
  let api: TestApi;
  const data = policyCounty();

  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [data], classes: SMALL_CLASSES, now: POLICY_NOW });
  });
  afterAll(() => api.close());

  const draw = async (changes: readonly object[], name = "重划"): Promise<PlanAnswer> => {
    const plan = await planDone(api, "createPlan", { scope: PLAN_COMMUNITY, name });
    return planDone(api, "savePlan", { id: plan.id, revision: 1, changes });
  };
  const basic = (cell: string, grid: string, geometry: unknown) => ({
    cell,
    code: code(grid),
    kind: "BASIC",
    name: `策区${code(grid)}`,
    geometry,
  });
  const ask = async <Value>(query: string, viewer = PLANNER): Promise<Value> => {
    const { data: answer, errors } = await api.graphql<{ plan: Value }>(query, {}, viewer);
    if (!answer) throw new Error(JSON.stringify(errors));
    return answer.plan;
  };
  const issuesOf = async (id: string): Promise<string[]> =>
    (
      await ask<{ issues: { kind: string; blocks: boolean }[] }>(`{ plan(id: "${id}") { issues { kind blocks } } }`)
    ).issues
      .filter(({ blocks }) => blocks)
      .map(({ kind }) => kind);
  const step = (name: string, plan: PlanAnswer, more: object = {}, viewer = PLANNER) =>
    planMutation(api, name, { id: plan.id, revision: plan.revision, ...more }, viewer);
  const codeOf = (answer: { readonly errors?: readonly { readonly extensions?: unknown }[] }) =>
    (answer.errors?.[0]?.extensions as { code?: string } | undefined)?.code;
  const approved = async (plan: PlanAnswer): Promise<PlanAnswer> => {
    await planDone(api, "submitPlan", { id: plan.id, revision: plan.revision });
    return planDone(api, "approvePlan", { id: plan.id, revision: plan.revision }, PLAN_LEADER);
  };

  it("refuses gaps, overlaps, detached parts, unowned buildings and foreign codes, to the lattice unit", async () => {
    const base = await readBase(api);
    const [g2, g3] = [cellOf(base, code("002")), cellOf(base, code("003"))];
    const unit = 1e-7 / 0.004;
    const cases: readonly (readonly [string, readonly object[]])[] = [
      ["GAP", [basic(g2, "002", ground([1, 0], [2 - unit, 0], [2 - unit, 1], [1, 1]))]],
      ["OVERLAP", [basic(g2, "002", ground([1, 0], [2 + unit, 0], [2 + unit, 1], [1, 1]))]],
      ["UNOWNED_BUILDING", [basic(g2, "002", ground([1.5, 0], [2, 0], [2, 1], [1.5, 1]))]],
      ["OUTSIDE", [basic(g2, "002", ground([1, -1], [2, -1], [2, 1], [1, 1]))]],
      ["CODE_RETIRED", [basic(g2, "009", null), basic(g3, "002", ground([1, 0], [3, 0], [3, 1], [1, 1]))]],
      ["CODE_TAKEN", [basic(g2, "005", ground([1, 0], [2, 0], [2, 1], [1, 1]))]],
      [
        "DETACHED",
        [
          basic("new:1", "007", ground([1.4, 0], [1.8, 0], [1.8, 1], [1.4, 1])),
          basic(g2, "002", {
            type: "MultiPolygon",
            coordinates: [
              ground([1, 0], [1.4, 0], [1.4, 1], [1, 1]).coordinates,
              ground([1.8, 0], [2, 0], [2, 1], [1.8, 1]).coordinates,
            ],
          }),
        ],
      ],
    ];
    for (const [kind, changes] of cases) {
      const plan = await draw(changes, kind);
      expect(await issuesOf(plan.id), kind).toContain(kind);
      const answer = await step("submitPlan", plan);
      expect(codeOf(answer), kind).toBe("BAD_USER_INPUT");
      await planDone(api, "withdrawPlan", { id: plan.id, revision: plan.revision });
    }
    const empty = await planDone(api, "createPlan", { scope: PLAN_COMMUNITY, name: "空" });
    expect((await step("submitPlan", empty)).errors?.[0]?.message).toContain("nothing_changed");
  });

  it("is approved by somebody who drew none of it", async () => {
    const base = await readBase(api);
    const plan = await draw(movedBorder(base, 2.25));
    expect(codeOf(await step("approvePlan", plan, {}, PLAN_LEADER))).toBe("CONFLICT");
    const submitted = await planDone(api, "submitPlan", { id: plan.id, revision: 2, note: "请审" });
    expect(submitted).toMatchObject({ state: "SUBMITTED", steps: ["REBASE", "REQUEST_CHANGES", "WITHDRAW"] });
    const own = await step("approvePlan", submitted);
    expect(codeOf(own)).toBe("FORBIDDEN");
    expect(own.errors?.[0]?.message).toContain("themselves");
    expect(codeOf(await step("savePlan", submitted, { changes: [] }))).toBe("CONFLICT");
    expect(codeOf(await step("requestChanges", submitted, {}, PLAN_LEADER))).toBe("BAD_USER_INPUT");
    const back = await planDone(api, "requestChanges", { id: plan.id, revision: 2, note: "按路走" }, PLAN_LEADER);
    expect(back.state).toBe("CHANGES_REQUESTED");
    // Whoever saves is an author, too.
    const helped = await planDone(
      api,
      "savePlan",
      { id: plan.id, revision: 2, changes: movedBorder(base, 2.5) },
      OTHER_PLANNER,
    );
    await planDone(api, "submitPlan", { id: plan.id, revision: helped.revision });
    expect(codeOf(await step("approvePlan", helped, {}, OTHER_PLANNER))).toBe("FORBIDDEN");
    const done = await planDone(api, "approvePlan", { id: plan.id, revision: helped.revision }, PLAN_LEADER);
    expect(done).toMatchObject({ state: "APPROVED", approvedBy: PLAN_LEADER.name });
    await planDone(api, "withdrawPlan", { id: plan.id, revision: helped.revision });
  });

  it("publishes a split: what moved is the difference, history stays, later plans are rebased", async () => {
    const base = await readBase(api);
    const [g2, g3] = [cellOf(base, code("002")), cellOf(base, code("003"))];
    const split = [
      basic(g2, "002", ground([1, 0], [1.25, 0], [1.25, 1], [1, 1])),
      basic("new:1", "007", ground([1.25, 0], [2, 0], [2, 1], [1.25, 1])),
    ];
    const disjoint = await draw([
      basic(cellOf(base, code("005")), "005", ground([1, 1], [2.5, 1], [2.5, 2], [1, 2])),
      basic(cellOf(base, code("006")), "006", ground([2.5, 1], [3, 1], [3, 2], [2.5, 2])),
    ]);
    const same = await draw([
      basic(g2, "002", ground([1, 0], [1.75, 0], [1.75, 1], [1, 1])),
      basic(g3, "003", ground([1.75, 0], [3, 0], [3, 1], [1.75, 1])),
    ]);
    const plan = await approved(await draw(split, "拆分"));
    const conflicts = await ask<{ conflicts: { plan: { id: string } | null; cells: string[] }[] }>(
      `{ plan(id: "${plan.id}") { conflicts { plan { id } cells } } }`,
    );
    expect(new Set(conflicts.conflicts.map((one) => one.plan?.id))).toEqual(new Set([same.id]));
    expect(conflicts.conflicts.map(({ cells }) => cells)).toContainEqual([g2, g3].sort());

    const moved = data.buildings.filter(({ scopeCode }) => scopeCode === code("002"));
    const { impact, lineage } = await ask<{
      impact: { buildings: number; households: number; moves: { toCode: string; households: number }[] };
      lineage: { kind: string; fromCode: string; toCode: string; share: number }[];
    }>(
      `{ plan(id: "${plan.id}") { impact { buildings households openIncidents cameras boardsToReprint units { id } staff { id }
         moves { fromCode toCode households openIncidents } cells { code householdsBefore householdsAfter staff } }
         lineage { kind fromCode toCode share } } }`,
    );
    // The grid's one building stands at 1.3, in the new part.
    expect(impact).toMatchObject({
      buildings: 1,
      households: moved[0]?.households,
      moves: [{ toCode: code("007"), households: moved[0]?.households }],
    });
    expect(lineage.map(({ kind, toCode, share }) => [kind, toCode, Math.round(share * 100)])).toEqual(
      [
        ["moved", code("002"), 25],
        ["split", code("007"), 75],
      ].map(([kind, ...rest]) => [String(kind).toUpperCase(), ...rest]),
    );

    const report = `{ stats(filter: { inside: "${PLAN_COMMUNITY}", to: "2026-01-01T00:00:00Z" }, by: [STATE]) { total groups { key count } }
      areas(filter: { inside: "${PLAN_COMMUNITY}", at: "${BEFORE}" }) { nodes { code areaM2 validFrom } } }`;
    const [before] = [(await api.graphql(report, {}, PLANNER)).data];
    expect(codeOf(await step("publishPlan", plan, { effectiveOn: "2026-01-14" }))).toBe("BAD_USER_INPUT");
    expect(codeOf(await step("publishPlan", plan, { effectiveOn: TODAY }, PLAN_LEADER))).toBe("FORBIDDEN");
    const published = await planDone(api, "publishPlan", { id: plan.id, revision: plan.revision, effectiveOn: TODAY });
    expect(published).toMatchObject({ state: "PUBLISHED", effectiveOn: TODAY, steps: ["REVERT"] });
    expect((await api.graphql(report, {}, PLANNER)).data).toEqual(
      // What was valid until today ends now; nothing else of it differs.
      before,
    );
    await checkLocate();

    const now = await readBase(api);
    // No other grid's code changed, and no id.
    const others = base.cells.filter(({ id }) => id !== g2);
    for (const cell of others) expect(now.cells).toContainEqual(cell);
    expect(now.cells).toHaveLength(base.cells.length + 1);

    const scopes = await api.database.transaction({ kind: "county", county: "990200" }, (tx) =>
      tx.rows<{ id: string; scope: string; open: boolean; at: string }>(
        `SELECT i.id, i.scope_code AS scope, i.grid_code_at AS at, NOT i.state = ANY($2::text[]) AS open FROM incident i WHERE i.county = $1`,
        ["990200", ["closed", "evaluated", "rejected", "cancelled"]],
      ),
    );
    const was = new Map(data.incidents.map((one) => [one.id as string, one]));
    for (const row of scopes) {
      const one = was.get(row.id);
      expect(row.at, "the code it fell under").toBe(one?.gridCodeAt);
      if (one?.scopeCode !== code("002")) expect(row.scope).toBe(one?.scopeCode ?? null);
      else expect([code("002"), code("007")]).toContain(row.scope);
    }

    // Both plans were drawn on what is no longer current.
    const stale = await step("submitPlan", disjoint);
    expect(codeOf(stale)).toBe("CONFLICT");
    expect(stale.errors?.[0]?.message).toContain("rebase");
    const rebased = await planDone(api, "rebasePlan", { id: disjoint.id, revision: disjoint.revision });
    expect(rebased).toMatchObject({ baseCurrent: true, state: "DRAFT" });
    expect(rebased.changes.map((one) => [one.code, one.geometry?.coordinates.length])).toEqual(
      disjoint.changes.map((one) => [one.code, one.geometry?.coordinates.length]),
    );
    expect(await issuesOf(disjoint.id)).toEqual([]);
    const asked = await planMutation(api, "rebasePlan", { id: same.id, revision: same.revision });
    expect(codeOf(asked)).toBe("CONFLICT");
    expect(asked.errors?.[0]?.message).toContain(`策区${code("002")} (${code("002")})`);
    // The refusal names them as people do; each can be decided by itself, and what is not decided is asked again.
    expect(asked.errors?.[0]?.message).toMatch(/策区\d{15}[^;]* \(\d{15}\)/);
    const named = await api.graphql<{ plan: { conflicts: { cells: string[]; plan: unknown }[] } }>(
      `{ plan(id: "${same.id}") { conflicts { cells plan { id } } } }`,
      {},
      PLANNER,
    );
    const meanwhile = (named.data?.plan.conflicts ?? []).filter((one) => one.plan === null);
    expect(meanwhile.length).toBeGreaterThan(0);
    const some = meanwhile.slice(1).map(({ cells }) => ({ cells, prefer: "MINE" }));
    const unasked = await planMutation(api, "rebasePlan", { id: same.id, revision: same.revision, choices: some });
    expect(unasked.errors?.[0]?.message).toContain("published otherwise");
    const choices = meanwhile.map(({ cells }) => ({ cells: cells.toReversed(), prefer: "MINE" }));
    const theirs = await planDone(api, "rebasePlan", { id: same.id, revision: same.revision, choices });
    expect(theirs.baseCurrent).toBe(true);
    expect(await issuesOf(same.id)).not.toContain("GAP");
  });

  it("settles a publication of a later day on that day", async () => {
    const base = await readBase(api);
    const plan = await approved(
      await draw(
        movedBorder(base, 2.5)
          .slice(1)
          .concat({
            ...movedBorder(base, 2.5)[0],
            cell: cellOf(base, code("007")),
            code: code("007"),
            name: "新",
            geometry: ground([1.25, 0], [2.5, 0], [2.5, 1], [1.25, 1]),
          } as never),
      ),
    );
    await planDone(api, "publishPlan", { id: plan.id, revision: plan.revision, effectiveOn: "2026-02-01" });
    const scopeOf = async (): Promise<string | undefined> => {
      const building = data.buildings.find(({ scopeCode }) => scopeCode === code("003"));
      const rows = await api.database.transaction({ kind: "county", county: "990200" }, (tx) =>
        tx.rows<{ scope: string }>(
          "SELECT b.scope_code AS scope FROM building b WHERE b.county = $1 AND b.id = $2::uuid",
          ["990200", building?.id ?? ""],
        ),
      );
      return rows[0]?.scope;
    };
    expect(await scopeOf()).toBe(code("003"));
    await settleDuePlans(api.database, ["990200"], Date.parse("2026-01-31T15:59:59Z"));
    expect(await scopeOf()).toBe(code("003"));
    await settleDuePlans(api.database, ["990200"], Date.parse("2026-01-31T16:00:00Z"));
    expect(await scopeOf()).toBe(code("007"));
  });

  it("reverts a publication by a new plan with the old shapes", async () => {
    const base = await readBase(api, `${PLAN_TOWN}002`);
    const area = (grid: string) => `${PLAN_TOWN}002${grid}`;
    const merged = await planDone(api, "createPlan", { scope: `${PLAN_TOWN}002`, name: "合并" });
    const change = (grid: string, geometry: unknown) => ({
      cell: cellOf(base, area(grid)),
      code: area(grid),
      kind: "BASIC",
      name: `策区${area(grid)}`,
      geometry,
    });
    const changes = [change("002", ground([4, 0], [6, 0], [6, 1], [4, 1])), change("003", null)];
    const plan = await approved(await planDone(api, "savePlan", { id: merged.id, revision: 1, changes }));
    const worker = await makeAccount(
      api.database,
      POLICY_COUNTY,
      "worker-of-an-ended-grid",
      [["grid_worker", area("003")]],
      Date.parse(POLICY_NOW),
    );
    api.setNow("2026-02-10T02:00:00.000Z");
    await planDone(api, "publishPlan", { id: plan.id, revision: plan.revision, effectiveOn: "2026-02-10" });
    // What was granted on the grid that ends is granted on the one that it went to, and the log says so.
    const grants = await api.database.transaction({ kind: "accounts", county: POLICY_COUNTY }, (tx) =>
      grantsOfAccounts(tx, POLICY_COUNTY, [worker.id.split(":")[2] ?? ""]),
    );
    expect([...grants.values()].flat().map(({ role, areaId, grantedBy }) => [role, areaId, grantedBy])).toEqual([
      ["grid_worker", cellOf(base, area("002")), "jingwei"],
    ]);
    const { data: log } = await api.graphql<{ auditLog: { nodes: { action: string; entity: string }[] } }>(
      `{ auditLog(filter: { county: "${POLICY_COUNTY}" }, first: 10) { nodes { action entity } } }`,
      {},
      viewerAs("auditor", POLICY_COUNTY),
    );
    const entry = log?.auditLog.nodes.find(({ action }) => action === "grant.move");
    expect(JSON.stringify(entry?.entity)).toContain(area("003"));
    expect((await readBase(api, `${PLAN_TOWN}002`)).retired).toEqual([area("003")]);
    const back = await planDone(api, "revertPlan", { id: plan.id, revision: plan.revision });
    expect(back.changes.map((one) => [one.code, one.geometry === null])).toEqual([
      [area("002"), false],
      [area("003"), false],
    ]);
    expect(await issuesOf(back.id)).toEqual([]);
    const again = await approved(back);
    api.setNow("2026-02-11T02:00:00.000Z");
    await planDone(api, "publishPlan", { id: again.id, revision: again.revision, effectiveOn: "2026-02-11" });
    const now = await readBase(api, `${PLAN_TOWN}002`);
    expect(now.cells.map((cell) => [cell.id, cell.code, cell.polygons])).toEqual(
      base.cells.map((cell) => [cell.id, cell.code, cell.polygons]),
    );
  });

  /** Random points and times against rectangles, brute force. */
  async function checkLocate(): Promise<void> {
    const prng = new Prng("plan-locate");
    const asked = Array.from({ length: 150 }, () => {
      const [x, y] = [Math.floor(prng.float() * 60) / 20, Math.floor(prng.float() * 40) / 20];
      const at = prng.pick([BEFORE, "2026-01-14T15:59:59.999Z", EFFECTIVE, POLICY_NOW]);
      return { x, y, at };
    });
    const expected = ({ x, y, at }: (typeof asked)[number]): string => {
      const rows = [0, 1].flatMap((row) =>
        [0, 1, 2].map((column) => ({
          grid: String(row * 3 + column + 1).padStart(3, "0"),
          x0: column,
          x1: column + 1,
          y0: row,
        })),
      );
      const split = at >= EFFECTIVE;
      const boxes = rows.flatMap((box) =>
        box.grid === "002" && split
          ? [
              { ...box, x1: 1.25 },
              { ...box, grid: "007", x0: 1.25 },
            ]
          : [box],
      );
      const held = boxes.filter((box) => x >= box.x0 && x <= box.x1 && y >= box.y0 && y <= box.y0 + 1);
      return held.map(({ grid }) => code(grid)).sort()[0] ?? "";
    };
    for (let n = 0; n < asked.length; n += 25) {
      const part = asked.slice(n, n + 25);
      const fields = part.map(({ x, y, at }, i) => {
        const [lon, lat] = policyPoint(x, y);
        return `p${i}: locate(lon: ${lon}, lat: ${lat}, at: "${at}") { grid { code } }`;
      });
      const { data: found, errors } = await api.graphql<Record<string, { grid: { code: string } | null }>>(
        `{ ${fields.join(" ")} }`,
        {},
        PLANNER,
      );
      expect(errors).toBeUndefined();
      part.forEach((one, i) => {
        expect(found?.[`p${i}`]?.grid?.code, JSON.stringify(one)).toBe(expected(one));
      });
    }
  }

  it("sends statements that hold to the data rules", () => {
    expect(api.takeStatements().flatMap(lintEvent)).toEqual([]);
  });
});
