import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { POLICY_NOW, policyCounty } from "../fixtures/policy-county.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { expectFile, sqlText } from "../helpers/case-files.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { importLayer, POLICY_LAYER } from "../helpers/grid-layers.ts";
import { movedBorder, PLAN_COMMUNITY, PLANNER, planDone, readBase } from "../helpers/plans.ts";
import { lintEvent } from "../helpers/sql-rules.ts";

/** What is read of a plan that moves a border, and of a layer of grids: operation, answer and SQL, as a planner asks. */
const CASES = join(import.meta.dirname, "plan-cases");
const names = readdirSync(CASES)
  .filter((name) => name.endsWith(".graphql"))
  .map((name) => name.replace(/\.graphql$/, ""))
  .sort();

describe("the cases of plans and layers", () => {
  it("are there, and no file is left without its operation", () => {
    expect(names.length).toBeGreaterThan(4);
    const known = names.flatMap((name) => [`${name}.graphql`, `${name}.json`, `${name}.sql`]).sort();
    expect(readdirSync(CASES).sort()).toEqual(known);
  });
});

describeOnBothDatabases("reading plans and layers", (open) => {
  let api: TestApi;
  let plan = "";
  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [policyCounty()], classes: SMALL_CLASSES, now: POLICY_NOW });
    await importLayer(database, POLICY_LAYER);
    const made = await planDone(api, "createPlan", { scope: PLAN_COMMUNITY, name: "移界" });
    const changes = movedBorder(await readBase(api), 2.5);
    ({ id: plan } = await planDone(api, "savePlan", { id: made.id, revision: 1, changes }));
  });
  afterAll(() => api.close());

  it.each(names)("answers %s", async (name) => {
    const query = readFileSync(join(CASES, `${name}.graphql`), "utf8");
    api.takeStatements();
    const answer = await api.graphql(query, { plan }, PLANNER);
    const statements = api.takeStatements();
    expect(answer.errors).toBeUndefined();
    // What PostGIS versions compute differs in the last digits.
    const told = JSON.stringify(
      answer.data,
      (_, value) => (typeof value === "number" ? Number(value.toFixed(4)) : value),
      2,
    );
    expectFile(join(CASES, `${name}.json`), `${told}\n`);
    expectFile(join(CASES, `${name}.sql`), sqlText(statements));
    expect(statements.flatMap(lintEvent), name).toEqual([]);
  });
});
