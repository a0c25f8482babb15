import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadCounty } from "../../db/load/load-county.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { removeCounty } from "../../db/load/remove-county.ts";
import { type OpenOptions, openDatabase } from "../../db/open-database.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, smallCounty } from "../fixtures/small-county.ts";
import { killBackups } from "../helpers/backup-kills.ts";
import {
  createNativeDatabase,
  dropNativeDatabase,
  nativeMissing,
  nativeServer,
  TEST_CACHE_DIR,
} from "../helpers/database.ts";

const NOW = "2026-01-15T00:00:00Z";
/** Kills of each form; the full count with KILLS=20, which the bench `backup` does over 100,000 cases. */
const KILLS = Number(process.env["KILLS"] ?? 2);

async function killsIn(place: OpenOptions): Promise<void> {
  const { database } = await openDatabase(place);
  await loadReference(database, SMALL_CLASSES);
  await loadCounty(database, smallCounty(), { now: NOW });
  await database.close();
  const outcomes = await killBackups(place, KILLS, (open) => removeCounty(open, SMALL_COUNTY, NOW));
  expect(outcomes).toHaveLength(KILLS);
  expect(new Set(outcomes.map(({ what }) => what))).toEqual(new Set(["restore", "backup"]));
  expect(outcomes.filter(({ state }) => state === "neither")).toEqual([]);
  if (process.env["KILLS"])
    console.info(outcomes.map(({ what, afterMs, state }) => `${what} ${afterMs.toFixed(0)} ms: ${state}`).join("\n"));
}

const inFolder = async (work: (dir: string) => Promise<void>): Promise<void> => {
  const dir = mkdtempSync(join(tmpdir(), "jingwei-backup-kill-"));
  await work(dir).finally(() => rmSync(dir, { recursive: true, force: true }));
};

describe("kill -9 while a backup is written or restored", () => {
  it.skipIf(nativeMissing())("leaves the old or the new state, never another (native)", () =>
    inFolder(async (dir) => {
      const server = await nativeServer();
      const url = await createNativeDatabase(server);
      await killsIn({ dir, url }).finally(() => dropNativeDatabase(server, url));
    }),
  );

  // A dozen starts of PGlite even for two kills: by hand, and in the bench.
  if (process.env["KILLS"])
    it(
      "leaves the old or the new state, never another (embedded)",
      () => inFolder((dir) => killsIn({ dir, cacheDir: TEST_CACHE_DIR })),
      3_600_000,
    );
});
