import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { runGrids } from "../../api/services/importing/areas.ts";
import { Prng } from "../../data/demo/prng.ts";
import type { ImportReport } from "../../data/importers/report.ts";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import type { Database } from "../../db/driver.ts";
import { addCounty } from "../../db/import/county-admin.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { openDatabase } from "../../db/open-database.ts";
import { verifyRollups } from "../../db/rollups/rebuild.ts";
import { benchGrids, BENCH_COUNTY as COUNTY, writeBenchCases } from "../bench/incident-csv.ts";
import { startChild, type TestChild } from "../helpers/child.ts";
import {
  createNativeDatabase,
  dropNativeDatabase,
  nativeMissing,
  nativeServer,
  stopOwnServer,
  TEST_CACHE_DIR,
} from "../helpers/database.ts";

/** Twenty in the long form: `KILLS=20`. */
const KILLS = Number(process.env["KILLS"] ?? 2);
const PART = 250;
const ROWS = Math.max(12, 2 * KILLS + 4) * PART;
const NOW_MS = Date.parse("2026-01-15T00:00:00Z");

interface Stored {
  readonly refs: readonly string[];
  readonly parts: readonly { readonly first: number; readonly end: number; readonly loaded: number }[];
  readonly events: number;
  readonly clocks: number;
}

const read = (database: Database): Promise<Stored> =>
  database.transaction({ kind: "loader", county: COUNTY }, async (tx) => {
    const count = async (table: string): Promise<number> =>
      (await tx.rows<{ n: number }>(`SELECT count(*) AS n FROM ${table} WHERE county = $1`, [COUNTY]))[0]?.n ?? -1;
    const { differing } = await verifyRollups(tx, COUNTY);
    expect(differing).toBe(0);
    return {
      refs: (await tx.rows<{ ref: string }>("SELECT source_ref AS ref FROM incident WHERE county = $1", [COUNTY])).map(
        ({ ref }) => ref,
      ),
      parts: await tx.rows(
        "SELECT first_line AS first, end_line AS end, loaded FROM import_batch_part WHERE county = $1 ORDER BY part",
        [COUNTY],
      ),
      events: await count("incident_event"),
      clocks: await count("incident_clock"),
    };
  });

describe.each(["embedded", "native"] as const)("kill -9 while cases are imported (%s)", (form) => {
  const dir = mkdtempSync(join(tmpdir(), "jingwei-import-kill-"));
  const file = join(dir, "cases.csv");
  const prng = new Prng(`kills/${form}/${process.env["KILLS_SEED"] ?? ""}`);
  let url = "";
  let child: TestChild | undefined;
  /** Of each line: its id, and how many events and clocks it makes. */
  let lines: { readonly ref: string; readonly events: number }[] = [];

  const open = async (): Promise<Database> =>
    (await openDatabase(url === "" ? { dir, cacheDir: TEST_CACHE_DIR } : { dir, url })).database;
  const start = (): TestChild =>
    startChild("import-cases.ts", [dir, TEST_CACHE_DIR, url, file, COUNTY, String(PART), String(NOW_MS)]);

  beforeAll(async () => {
    if (form === "native" && nativeMissing()) return;
    if (form === "native") url = await createNativeDatabase(await nativeServer());
    await writeBenchCases(file, ROWS);
    writeFileSync(join(dir, "grids.geojson"), benchGrids());
    lines = readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(","))
      .map(([ref = "", , , closed]) => ({ ref, events: closed === "" ? 1 : 2 }));
    const database = await open();
    await loadReference(database, CLASS_CODES);
    await addCounty(database, { code: COUNTY, name: "测县", timezone: "Asia/Shanghai" }, NOW_MS);
    const quiet = {
      dryRun: false,
      nowMs: NOW_MS,
      actor: "test",
      level: undefined,
      crs: undefined,
      onProgress: () => undefined,
    };
    await runGrids(database, { ...quiet, county: COUNTY, files: [join(dir, "grids.geojson")], map: { code: "code" } });
    await database.close();
  }, 120_000);
  afterEach(() => child?.kill());
  afterAll(async () => {
    if (url !== "") await dropNativeDatabase(await nativeServer(), url);
    await stopOwnServer();
    rmSync(dir, { recursive: true, force: true });
  });

  it("every part is there as a whole or not at all, and running it again completes it", {
    timeout: 180_000 + KILLS * 90_000,
  }, async ({ skip }) => {
    skip(form === "native" && nativeMissing() !== undefined, nativeMissing() ?? "");
    let before = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      child = start();
      // In the first pass, in the first part, or after some parts; then anywhere within a part.
      const parts = prng.int(0, 2);
      await child.line(parts === 0 ? "open" : `written ${(before + parts) * PART}`);
      await delay(prng.range(0, 300));
      await child.kill();
      const database = await open();
      const stored = await read(database);
      await database.close();
      const expected = stored.parts.flatMap(({ first, end }) => lines.slice(first, end));
      expect([...stored.refs].sort()).toEqual(expected.map(({ ref }) => ref).sort());
      expect(stored.parts.every(({ first, end, loaded }) => loaded === end - first)).toBe(true);
      expect(stored.events).toBe(expected.reduce((sum, { events }) => sum + events, 0));
      expect(stored.clocks).toBe(expected.length);
      expect(stored.parts.length).toBeGreaterThanOrEqual(before + parts);
      before = stored.parts.length;
    }
    expect(before).toBeGreaterThan(0);
    expect(before * PART).toBeLessThan(ROWS);
    child = start();
    const report = JSON.parse((await child.line("done ")).slice("done ".length)) as ImportReport;
    const there = before * PART;
    expect(report).toMatchObject({ read: ROWS, loaded: ROWS - there, updated: 0, unchanged: there, skipped: [] });
    expect(report.flags.find(({ kind }) => kind === "resumed")?.count).toBe(there);
    const database = await open();
    const stored = await read(database);
    const [batches] = await database.transaction({ kind: "loader", county: COUNTY }, (tx) =>
      tx.rows<{ n: number; loaded: number }>(
        "SELECT count(*) AS n, max((report ->> 'loaded')::int) AS loaded FROM import_batch WHERE county = $1 AND kind = 'incidents'",
        [COUNTY],
      ),
    );
    await database.close();
    expect([...stored.refs].sort()).toEqual(lines.map(({ ref }) => ref).sort());
    expect(batches).toEqual({ n: 1, loaded: ROWS });
  });
});
