import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reportCode } from "../../api/services/report/report-code.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { TEST_SEALER, type TestApi, testApiOver } from "../helpers/api.ts";
import { expectFile, sqlText } from "../helpers/case-files.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { DISPATCHER, type Reported, reportInput, SENSITIVE_CLASS, WORKER } from "../helpers/reports.ts";
import { expectedRollups, storedRollups } from "../helpers/rollup-oracle.ts";
import { lintEvent } from "../helpers/sql-rules.ts";

/**
 * The life of two cases, step by step: operation, answer and SQL. Ids are random and a code follows from its id, so both are
 * masked.
 */
const CASES = join(import.meta.dirname, "report-cases");
const KEY = "report-cases-key-1";
const number = (name: string): number => Number.parseInt(name, 10);
const names = readdirSync(CASES)
  .filter((name) => name.endsWith(".graphql"))
  .map((name) => name.replace(/\.graphql$/, ""))
  .sort((a, b) => number(a) - number(b));

const masked = (answer: unknown): string =>
  `${JSON.stringify(answer, null, 2)}\n`
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>")
    .replaceAll(/"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}"/g, '"<code>"');

describe("the cases of reports", () => {
  it("are there, and no file is left without its operation", () => {
    expect(names.length).toBeGreaterThan(10);
    const known = names.flatMap((name) => [`${name}.graphql`, `${name}.json`, `${name}.sql`]).sort();
    expect(readdirSync(CASES).sort()).toEqual(known);
  });
});

describeOnBothDatabases("the life of a report", (open) => {
  let api: TestApi;
  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [smallCounty()], classes: SMALL_CLASSES, now: SMALL_NOW });
  });
  afterAll(() => api.close());

  const contact = "13800000000";
  const ordinary = reportInput({ key: KEY, contact });
  const inputs: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    "1-report": ordinary,
    "2-repeat": ordinary,
    "3-conflict": { ...ordinary, title: "另一件" },
    "4-report-sensitive": reportInput({ key: `${KEY}-2`, class: SENSITIVE_CLASS, title: "邻里噪声", contact }),
  };
  const viewerOf = (query: string): Viewer | null => {
    if (query.startsWith("# as the dispatcher")) return DISPATCHER;
    return query.startsWith("# as the grid worker") ? WORKER : null;
  };

  it("answers each step", async () => {
    const made: Reported[] = [];
    for (const name of names) {
      const query = readFileSync(join(CASES, `${name}.graphql`), "utf8");
      const about = made[name.startsWith("11") ? 1 : 0];
      const variables = {
        report: inputs[name],
        orderNo: about?.orderNo,
        code: about?.code,
        id: about?.incident.id,
        key: `${KEY}-move`,
      };
      api.takeStatements();
      const answer = await api.graphql<{ reportIncident?: Reported }>(query, variables, viewerOf(query));
      const statements = api.takeStatements();
      expectFile(join(CASES, `${name}.json`), masked(answer));
      expectFile(join(CASES, `${name}.sql`), sqlText(statements));
      expect(statements.flatMap(lintEvent), name).toEqual([]);
      const receipt = answer.data?.reportIncident;
      if (receipt && !name.startsWith("2")) made.push(await complete(receipt));
    }
    expect(await storedRollups(api.database, SMALL_COUNTY)).toEqual(await expectedRollups(api.database, SMALL_COUNTY));
  });

  /** A receipt with what its operation did not ask for. */
  async function complete({ orderNo, incident: { ref } }: Reported): Promise<Reported> {
    const query = `{ incidentByRef(county: "${orderNo.slice(0, 6)}", ref: ${ref}) { id } }`;
    const { data } = await api.graphql<{ incidentByRef: Reported["incident"] }>(query, {}, DISPATCHER);
    const incident = data?.incidentByRef;
    if (!incident) throw new Error(`no case ${ref}`);
    const code = reportCode(TEST_SEALER, orderNo.slice(0, 6), incident.id.split(":")[2] ?? "");
    return { orderNo, code, incident };
  }
});
