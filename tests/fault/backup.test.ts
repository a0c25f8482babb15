import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadCounty } from "../../db/load/load-county.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { removeCounty } from "../../db/load/remove-county.ts";
import { openDatabase } from "../../db/open-database.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, smallCounty } from "../fixtures/small-county.ts";
import { killBackups } from "../helpers/backup-kills.ts";
import { createNativeDatabase, dropNativeDatabase, nativeMissing, nativeServer } from "../helpers/database.ts";

const NOW = "2026-01-15T00:00:00Z";

// Twenty kills, and the embedded form too: npm run bench -- backup
describe.skipIf(nativeMissing())("kill -9 while a backup is written or restored (native)", () => {
  it("leaves the old or the new state, never another", async () => {
    const dir = mkdtempSync(join(tmpdir(), "jingwei-backup-kill-"));
    const server = await nativeServer();
    const url = await createNativeDatabase(server);
    try {
      const { database } = await openDatabase({ dir, url });
      await loadReference(database, SMALL_CLASSES);
      await loadCounty(database, smallCounty(), { now: NOW });
      await database.close();
      const outcomes = await killBackups({ dir, url }, 2, (open) => removeCounty(open, SMALL_COUNTY, NOW));
      expect(outcomes.map(({ what }) => what)).toEqual(["restore", "backup"]);
      expect(outcomes.filter(({ state }) => state === "neither")).toEqual([]);
    } finally {
      await dropNativeDatabase(server, url);
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
