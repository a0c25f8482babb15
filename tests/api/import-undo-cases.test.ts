import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { uuidV7 } from "../../data/model/ids.ts";
import type { Database } from "../../db/driver.ts";
import type { ImportBatch } from "../../db/repositories/import-repository.ts";
import { verifyRollups } from "../../db/rollups/rebuild.ts";
import { type CommandRunner, commandRunner } from "../helpers/command-runner.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { lintEvent } from "../helpers/sql-rules.ts";

const dir = mkdtempSync(join(tmpdir(), "jingwei-undo-cases-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const HEADER = "id,opened,due,closed,status,class,title,lon,lat,source,org";
const file = (...lines: readonly string[]): string => {
  const path = join(dir, "cases.csv");
  writeFileSync(path, `${HEADER}\n${lines.map((line) => `${line}\n`).join("")}`);
  return path;
};
const [ONE, TWO, THREE] = [
  "1,2025-03-01 08:00,2025-03-05 08:00,,Open,01001,井盖,112.5,40.5,hotline,城管局",
  "2,2025-03-02 08:00,,2025-03-03 08:00,Closed,01001,井盖,112.6,40.5,hotline,城管局",
  "3,2025-04-02 08:00,,,Open,80001,纠纷,112.7,40.5,hotline,",
] as const;
const ONE_CLOSED =
  "1,2025-03-01 08:00,2025-03-05 08:00,2025-03-04 08:00,Closed,01001,井盖补好,112.5,40.6,hotline,城管局";
const FOUR = "4,2025-05-02 08:00,,,Open,01001,井盖,112.7,40.5,hotline,";

/** Everything that hangs on cases; their versions only ever grow. */
const ROWS = `SELECT
  (SELECT json_agg(to_jsonb(i) - 'version' ORDER BY i.id) FROM incident i WHERE i.county = $1) AS cases,
  (SELECT json_agg(e ORDER BY e.incident_id, e.seq) FROM incident_event e WHERE e.county = $1) AS events,
  (SELECT json_agg(c ORDER BY c.incident_id, c.seq) FROM incident_clock c WHERE c.county = $1) AS clocks,
  (SELECT json_agg(p ORDER BY p.incident_id) FROM incident_sealed_place p WHERE p.county = $1) AS places`;

describeOnBothDatabases("undoing an import of cases", (open) => {
  const county = "140297";
  const breaches: string[] = [];
  let database: Database;
  let runner: CommandRunner;
  const state = () =>
    database.transaction({ kind: "loader", county }, async (tx) => (await tx.rows<object>(ROWS, [county]))[0]);
  const last = async (): Promise<string> => {
    const list = JSON.parse((await runner.run("import", "list", "--county", county, "--json")).out) as ImportBatch[];
    return list[0]?.id ?? "";
  };
  const undo = (batch: string) => runner.run("import", "undo", batch, "--county", county, "--json");
  const load = async (...lines: readonly string[]): Promise<string> => {
    runner.now = new Date(Date.parse(runner.now) + 60_000).toISOString();
    await runner.report("incidents", file(...lines), "--county", county);
    return last();
  };
  const differing = (): Promise<number> =>
    database.transaction({ kind: "loader", county }, async (tx) => (await verifyRollups(tx, county)).differing);

  beforeAll(async () => {
    ({ database } = await open());
    database.onStatement = (event) => {
      breaches.push(...lintEvent(event));
    };
    runner = await commandRunner(database);
    expect((await runner.run("county", "add", county, "--name", "试验县", "--timezone", "Asia/Shanghai")).code).toBe(0);
  });

  test("takes new cases away and puts changed ones back, with steps, clocks, places and counts", async () => {
    const nothing = await state();
    const first = await load(ONE, TWO, THREE);
    const before = await state();
    const second = await load(ONE_CLOSED, TWO, FOUR);
    expect(await state()).not.toEqual(before);
    expect(await undo(first)).toMatchObject({ code: 1, err: expect.stringMatching(/changed since \(first in No\. /) });

    const { code, out, err } = await undo(second);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(JSON.parse(out)).toMatchObject({ kind: "incidents", removed: 1 });
    expect(await state()).toEqual(before);
    expect(await differing()).toBe(0);

    const third = await load(FOUR);
    await database.transaction({ kind: "loader", county }, (tx) =>
      tx.execute(
        `INSERT INTO incident_event (county, id, incident_id, seq, from_state, to_state, actor, at, scope_code, sensitive, kind)
         SELECT $1, $3::uuid, i.id, 2, 'accepted', 'dispatched', '王调度', $2::timestamptz, i.scope_code, i.sensitive, 'step'
           FROM incident i WHERE i.county = $1 AND i.source_ref = '4'`,
        [county, runner.now, uuidV7(Date.parse(runner.now), 1, 2, 3)],
      ),
    );
    expect(await undo(third)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/1 cases that somebody has worked on/),
    });
    expect(await differing()).toBe(0);
    expect(nothing).toMatchObject({ cases: null });
    expect(breaches).toEqual([]);
  });
});
