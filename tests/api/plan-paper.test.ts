import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Viewer } from "../../data/policy/viewer.ts";
import { policyId, policyPoint } from "../fixtures/policy-base.ts";
import { POLICY_NOW, policyCounty } from "../fixtures/policy-county.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import {
  cellOf,
  movedBorder,
  PLAN_COMMUNITY,
  PLAN_LEADER,
  PLANNER,
  planDone,
  readBase,
  TOWN_PLANNER,
} from "../helpers/plans.ts";

const grid = (n: number): string => `${PLAN_COMMUNITY}00${n}`;
interface Bounds {
  readonly cell: string;
  readonly code: string;
  readonly sides: readonly {
    readonly side: string;
    readonly text: string;
    readonly proposed: string;
    readonly editedBy: string | null;
  }[];
}

describeOnBothDatabases("the paper of plans", (open) => {
  let api: TestApi;
  let id = "";
  let cell = "";
  let revision = 0;
  beforeAll(async () => {
    const { database } = await open();
    const data = policyCounty();
    const road = (name: string, ...line: (readonly [number, number])[]) => ({
      id: policyId(`road/${name}`),
      kind: "road" as const,
      rank: "local",
      name,
      geometry: { type: "MultiLineString" as const, coordinates: [line.map(([x, y]) => policyPoint(x, y))] },
    });
    // Along the border that the plan moves grid 2's east side to, along its south side, and one that touches nothing.
    const context = [
      ...data.context,
      road("纬一路", [1, 0.005], [2.5, 0.01]),
      road("经二路", [2.505, -1], [2.5, 2]),
      road("经九路", [0.2, -1], [0.2, 2]),
    ];
    api = await testApiOver(database, { datasets: [{ ...data, context }], classes: SMALL_CLASSES, now: POLICY_NOW });
    const plan = await planDone(api, "createPlan", { scope: PLAN_COMMUNITY, name: "移界" });
    const base = await readBase(api);
    cell = cellOf(base, grid(2));
    ({ id, revision } = await planDone(api, "savePlan", { id: plan.id, revision: 1, changes: movedBorder(base, 2.5) }));
  });
  afterAll(() => api.close());

  const bounds = async (viewer: Viewer = PLANNER): Promise<Bounds | undefined> => {
    const { data, errors } = await api.graphql<{ plan: { bounds: Bounds[] } }>(
      `{ plan(id: "${id}") { bounds { cell code sides { side text proposed names editedBy } } } }`,
      {},
      viewer,
    );
    if (!data) throw new Error(JSON.stringify(errors));
    return data.plan.bounds.find(({ code }) => code === grid(2));
  };
  const save = (input: object, viewer: Viewer = PLANNER) =>
    api.graphql(
      "mutation ($input: SavePlanBoundsInput!) { savePlanBounds(input: $input) { id revision } }",
      { input: { id, cell, key: randomUUID(), ...input } },
      viewer,
    );
  const refusal = async (input: object, viewer?: Viewer) =>
    ((await save(input, viewer)).errors?.[0]?.extensions as { code?: string } | undefined)?.code;

  it("tells the bounds by what touches each side, neighbours where nothing named does", async () => {
    expect((await bounds())?.sides.map(({ text }) => text)).toEqual([
      "东至经二路",
      "南至纬一路",
      `西至策区${grid(1)}-02`,
      `北至策区${grid(5)}、策区${grid(6)}`,
    ]);
  });

  it("keeps a planner's words with the plan, also after it is published, and refuses names that do not touch", async () => {
    expect(await refusal({ east: "东至经九路" })).toBe("BAD_USER_INPUT");
    expect(await refusal({ north: "北至纬一路" })).toBe("BAD_USER_INPUT");
    expect(await refusal({ cell: "new:7", east: "东至经二路" })).toBe("BAD_USER_INPUT");
    expect(await refusal({ east: "东至经二路" }, PLAN_LEADER)).toBe("FORBIDDEN");
    expect(await refusal({ east: "东至经二路" }, TOWN_PLANNER)).toBe("NOT_FOUND");
    const done = await save({ east: "东至经二路中线", west: "西至田埂" });
    expect(done.data?.["savePlanBounds"]).toEqual({ id, revision });
    await planDone(api, "submitPlan", { id, revision });
    await planDone(api, "approvePlan", { id, revision }, PLAN_LEADER);
    await planDone(api, "publishPlan", { id, revision, effectiveOn: "2026-01-15" });
    await save({ west: "" });
    const after = (await bounds(PLAN_LEADER))?.sides;
    expect(after?.map(({ text, editedBy }) => [text, editedBy])).toEqual([
      ["东至经二路中线", "planner 1"],
      ["南至纬一路", null],
      [after?.[2]?.proposed, null],
      [after?.[3]?.proposed, null],
    ]);
  });

  it("says of a published plan what it changed then", async () => {
    const { data } = await api.graphql<{
      plan: { impact: { buildings: number; cells: { code: string; areaM2Before: number; areaM2After: number }[] } };
    }>(`{ plan(id: "${id}") { impact { buildings cells { code areaM2Before areaM2After } } } }`, {}, PLANNER);
    const two = data?.plan.impact.cells.find(({ code }) => code === grid(2));
    expect((two?.areaM2After ?? 0) / (two?.areaM2Before ?? 1)).toBeCloseTo(1.5, 3);
  });
});
