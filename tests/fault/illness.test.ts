import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "../../api/cli/main.ts";
import type { Database } from "../../db/driver.ts";
import { openDatabase } from "../../db/open-database.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { nativeMissing, withClient } from "../helpers/database.ts";
import { KillablePostgres } from "../helpers/killable-postgres.ts";
import { viewerAs } from "../helpers/viewers.ts";

interface Finding {
  readonly id: string;
  readonly level: string;
  readonly detailZh?: string;
  readonly advice?: string;
  readonly adviceZh?: string;
}
const HAN = /\p{Script=Han}/u;
const ADMIN = viewerAs("admin", SMALL_COUNTY);
const HEALTH =
  "query ($county: String!) { health(county: $county) { findings { id level detailZh advice: adviceEn adviceZh } } }";
/** The server looks at most so often, ms. */
const FRESH_MS = 5_000;

describe.skipIf(nativeMissing())("a server whose database falls ill under it", () => {
  const dir = mkdtempSync(join(tmpdir(), "jingwei-ill-"));
  let postgres: KillablePostgres;
  let database: Database;
  let api: TestApi;
  let rows = 0;
  let clock = Date.parse(SMALL_NOW);

  const countRows = (): Promise<number> =>
    withClient(postgres.url, async (client) =>
      Number((await client.query("SELECT count(*) AS n FROM incident")).rows[0]?.n),
    );
  const onPage = async (): Promise<Finding | undefined> => {
    clock += FRESH_MS + 1;
    const { data, errors } = await api.graphql<{ health: { findings: Finding[] } }>(
      HEALTH,
      { county: SMALL_COUNTY },
      ADMIN,
    );
    expect(errors).toBeUndefined();
    return data?.health.findings.find(({ id }) => id === "database");
  };
  const byDoctor = async (): Promise<{ code: number; finding: Finding | undefined }> => {
    let out = "";
    const code = await main(["doctor", "--json", "--dir", dir], {
      out: (text) => {
        out += text;
      },
      err: () => undefined,
      env: { DATABASE_URL: postgres.url },
      now: Date.now,
      openDatabase: (folder) => openDatabase({ dir: folder, url: postgres.url }),
    });
    return { code, finding: (JSON.parse(out) as { findings: Finding[] }).findings.find(({ id }) => id === "database") };
  };

  beforeAll(async () => {
    const started = await KillablePostgres.start();
    if ("missing" in started) throw new Error(started.missing);
    postgres = started;
    mkdirSync(dir, { recursive: true });
    ({ database } = await openDatabase({ dir, url: postgres.url }));
    api = await testApiOver(database, {
      ...{ datasets: [smallCounty(5)], classes: SMALL_CLASSES, now: SMALL_NOW, clock: () => clock },
      environment: { JINGWEI_DIR: dir, DATABASE_URL: postgres.url },
    });
    rows = await countRows();
  }, 120_000);
  afterAll(async () => {
    await api?.close();
    await database?.close();
    await postgres?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it("names a database that is down, on the page, to everybody and by the doctor, and goes on when it is back", async () => {
    expect(await onPage()).toMatchObject({ level: "OK" });
    await postgres.kill();
    const ill = await onPage();
    expect(ill).toMatchObject({ level: "FAULT" });
    expect(ill?.adviceZh).toMatch(HAN);
    const { errors } = await api.graphql("{ counties { code } }", {}, ADMIN);
    expect(errors?.[0]?.message).toContain("数据库没有回答");
    expect(errors?.[0]?.extensions?.["hint"]).toContain("jingwei doctor");
    // Where it is concerns nobody who asks.
    expect(JSON.stringify(errors)).not.toContain(new URL(postgres.url).port);
    expect((await api.app.inject("/readyz")).statusCode).toBe(503);
    const told = await byDoctor();
    expect([told.code, told.finding?.level]).toEqual([1, "fault"]);
    expect(told.finding?.advice).toBeTruthy();
    await postgres.up();
    for (let n = 0; n < 40 && (await onPage())?.level !== "OK"; n++) await delay(250);
    expect(await onPage()).toMatchObject({ level: "OK" });
    expect((await api.graphql("{ counties { code } }", {}, ADMIN)).errors).toBeUndefined();
    expect(await countRows()).toBe(rows);
  });

  it("names a PostGIS that is too old, on the page and by the doctor, which touches nothing", async () => {
    const pretend = (version: string): Promise<unknown> =>
      withClient(postgres.url, (client) =>
        client.query("UPDATE pg_extension SET extversion = $1 WHERE extname = 'postgis'", [version]),
      );
    const [now] = await withClient(
      postgres.url,
      async (client) => (await client.query("SELECT extversion AS v FROM pg_extension WHERE extname = 'postgis'")).rows,
    );
    await pretend("2.5.1");
    try {
      const ill = await onPage();
      expect(ill).toMatchObject({ level: "FAULT", adviceZh: expect.stringContaining("PostGIS 3.3 以上") });
      const { code, finding } = await byDoctor();
      expect([code, finding?.level]).toEqual([1, "fault"]);
      expect(`${finding?.advice}`).toContain("PostGIS 3.3 or newer");
      expect(await countRows()).toBe(rows);
    } finally {
      await pretend(String(now?.["v"]));
    }
    expect(await onPage()).toMatchObject({ level: "OK" });
  });
});
