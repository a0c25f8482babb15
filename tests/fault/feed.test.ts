import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { relay } from "../../api/feed/relay.ts";
import type { Database } from "../../db/driver.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { openDatabase } from "../../db/open-database.ts";
import { startChild, type TestChild } from "../helpers/child.ts";
import {
  nativeMissing,
  nativeServer,
  openNativeTestDatabase,
  stopOwnServer,
  TEST_CACHE_DIR,
} from "../helpers/database.ts";
import { smallDataset } from "../helpers/small-dataset.ts";

const COUNTY = "990001";
const NOW = "2026-01-15T00:00:00Z";
const PER_PROCESS = 1_000_000;
const dataset = smallDataset({ county: COUNTY, gridsPerSide: 1, incidents: 0 });

describe("kill -9 between commits and relay", () => {
  const dirs: string[] = [];
  const children: TestChild[] = [];
  const folder = (): string => {
    const dir = mkdtempSync(join(tmpdir(), "jingwei-feed-"));
    dirs.push(dir);
    return dir;
  };
  afterEach(async () => {
    for (const child of children.splice(0)) await child.kill();
    for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
  });
  afterAll(stopOwnServer);

  const start = async (where: string, dir: string, n: number): Promise<TestChild> => {
    const child = startChild("write-feed.ts", [where, dir, TEST_CACHE_DIR, COUNTY, String(1 + n * PER_PROCESS)]);
    children.push(child);
    await child.line("told ");
    return child;
  };
  /** Changes that a process was told are committed: number → live version. */
  const committed = (all: readonly TestChild[]): Map<number, number> =>
    new Map(
      all.flatMap(({ lines }) =>
        lines.flatMap((line) => {
          const found = /^committed (\d+) (\d+)$/.exec(line);
          return found ? [[Number(found[1]), Number(found[2])] as const] : [];
        }),
      ),
    );

  async function check(database: Database, all: readonly TestChild[]): Promise<void> {
    while ((await relay(database, COUNTY, 1))?.events.length);
    const { feed, outbox, live } = await database.transaction({ kind: "county", county: COUNTY }, async (tx) => ({
      feed: await tx.rows<{ seq: number; id: string; v: number; ref: number | null }>(
        `SELECT f.seq, f.id, f.live_version AS v, (f.entity ->> 'ref')::int AS ref FROM change_feed f
         WHERE f.county = $1 ORDER BY f.seq`,
        [COUNTY],
      ),
      outbox: await tx.rows("SELECT o.id FROM outbox o WHERE o.county = $1", [COUNTY]),
      live: await tx.rows("SELECT p.live_version AS v FROM county_profile p WHERE p.county = $1", [COUNTY]),
    }));
    const count = feed.length;
    expect(outbox).toEqual([]);
    expect(live).toEqual([{ v: count }]);
    // Each commit adds one to the live version and is told once: both count from 1 without a gap, in the same order.
    expect(feed.map(({ seq }) => seq)).toEqual(Array.from({ length: count }, (_, n) => n + 1));
    expect(feed.map(({ v }) => v)).toEqual(feed.map(({ seq }) => seq));
    expect(new Set(feed.map(({ id }) => id)).size).toBe(count);
    const told = new Map(feed.flatMap(({ ref, v }) => (ref === null ? [] : [[ref, v] as const])));
    const acknowledged = committed(all);
    expect(acknowledged.size).toBeGreaterThan(20);
    for (const [ref, version] of acknowledged) expect(told.get(ref), `change ${ref}`).toBe(version);
    for (const { lines } of all) expect(lines).not.toContain("reset");
  }

  it("loses and doubles nothing (embedded)", async () => {
    const dir = folder();
    const { database } = await openDatabase({ dir, cacheDir: TEST_CACHE_DIR });
    await loadCounty(database, dataset, { now: NOW });
    await database.close();
    for (let round = 0; round < 2; round++) {
      const child = await start("embedded", dir, round);
      await delay(200 + round * 137);
      await child.kill();
    }
    const again = (await openDatabase({ dir, cacheDir: TEST_CACHE_DIR })).database;
    await check(again, children);
    await again.close();
  }, 240_000);

  it.skipIf(nativeMissing())(
    "loses and doubles nothing, also where others go on (native)",
    async () => {
      const test = await openNativeTestDatabase(await nativeServer());
      try {
        await loadCounty(test.database, dataset, { now: NOW });
        const where = test.url ?? "";
        const survivor = await start(where, folder(), 0);
        for (let round = 1; round <= 2; round++) {
          const child = await start(where, folder(), round);
          await delay(150 + round * 137);
          await child.kill();
        }
        await survivor.kill();
        await check(test.database, children);
      } finally {
        await test.dispose();
      }
    },
    120_000,
  );
});
