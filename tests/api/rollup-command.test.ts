import { beforeAll, expect, test } from "vitest";
import type { Database } from "../../db/driver.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { type CommandRunner, commandRunner } from "../helpers/command-runner.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { smallDataset } from "../helpers/small-dataset.ts";

const COUNTY = "990177";

describeOnBothDatabases("jingwei rollup", (open) => {
  let database: Database;
  let runner: CommandRunner;
  beforeAll(async () => {
    ({ database } = await open());
    runner = await commandRunner(database);
    await loadCounty(database, smallDataset({ county: COUNTY, incidents: 40 }), { now: runner.now });
  });
  const verify = () => runner.run("rollup", "verify", "--county", COUNTY, "--json");

  test("finds what a load counted equal to a fresh count", async () => {
    const { code, out, err } = await verify();
    expect(code, err).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, county: COUNTY, differing: 0, differences: [] });
  });

  test("says which count is wrong, with exit code 1, and counts anew", async () => {
    await database.transaction({ kind: "loader", county: COUNTY }, (tx) =>
      tx.execute("UPDATE incident_day SET count = count + 3 WHERE county = $1 AND whole", [COUNTY]),
    );
    const wrong = await verify();
    expect(wrong.code).toBe(1);
    const { ok, differing, differences } = JSON.parse(wrong.out);
    expect({ ok, some: differing > 0 }).toEqual({ ok: false, some: true });
    for (const one of differences) expect(one).toMatchObject({ table: "incident_day", stored: one.counted + 3 });
    const text = await runner.run("rollup", "verify", "--county", COUNTY);
    expect(text.out).toContain(`jingwei rollup rebuild --county ${COUNTY}`);
    expect((await runner.run("rollup", "rebuild", "--county", COUNTY)).code).toBe(0);
    expect((await verify()).code).toBe(0);
  });

  test("tells wrong words from wrong counties", async () => {
    expect((await runner.run("rollup", "mend", "--county", COUNTY)).code).toBe(2);
    const nowhere = await runner.run("rollup", "rebuild", "--county", "999999");
    expect(nowhere.code).toBe(1);
    expect(nowhere.err).toContain("999999");
  });
});
