import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../api/cli/open-store.ts";
import { verifyBackup } from "../../db/backup/read-backup.ts";
import { writeBackup } from "../../db/backup/write-backup.ts";
import type { Database } from "../../db/driver.ts";
import { NativeDatabase } from "../../db/driver-native.ts";
import { MIGRATIONS_DIR, MIGRATIONS_TABLE, migrate, migrationState } from "../../db/migrate.ts";
import { SMALL_COUNTY } from "../fixtures/small-county.ts";
import { compareBackups } from "../helpers/compare-backups.ts";
import { createNativeDatabase, dropNativeDatabase, nativeMissing, nativeServer } from "../helpers/database.ts";

const NOW = "2026-01-15T00:00:00Z";

describe.skipIf(nativeMissing())("an upgrade", () => {
  const dir = mkdtempSync(join(tmpdir(), "jingwei-upgrade-"));
  const level = join(dir, "level");
  const older = readdirSync(MIGRATIONS_DIR)
    .filter((name) => name.endsWith(".sql") && name < "0039")
    .sort();
  let server: string;
  let url: string;

  const withOld = async <T>(work: (database: Database) => Promise<T>): Promise<T> => {
    const database = new NativeDatabase({ url });
    return work(database).finally(() => database.close());
  };
  const counties = (): Promise<unknown[]> =>
    withOld((database) =>
      database.adminSession(async (client) => (await client.query("SELECT county, name FROM county_profile")).rows),
    );
  const applied = (): Promise<readonly string[]> =>
    withOld(async (database) => (await migrationState(database)).applied);

  beforeAll(async () => {
    server = await nativeServer();
    url = await createNativeDatabase(server);
    for (const name of older) cpSync(join(MIGRATIONS_DIR, name), join(level, name));
    await withOld(async (database) => {
      await migrate(database, { dir: level });
      await database.adminSession((client) =>
        client.query(
          `INSERT INTO county_profile (county, name, name_en, name_sort, timezone, demo, anchor_at, grid_term, source,
             figures, extra_classes, content_version, updated_at)
           VALUES ('${SMALL_COUNTY}', '旧县', 'Old', 'jiu xian', 'Asia/Shanghai', false, '${NOW}', '网格', 'test',
             '[]', '[]', 7, '${NOW}');
           INSERT INTO import_batch (county, id, kind, file_name, report, at)
           VALUES ('${SMALL_COUNTY}', '01900000-0000-7000-8000-000000000001', 'areas', E'a\\tb.csv', '{"read": 1}', '${NOW}')`,
        ),
      );
    });
  });
  afterAll(async () => {
    await dropNativeDatabase(server, url);
    rmSync(dir, { recursive: true, force: true });
  });

  it("that fails in the middle leaves the database as the old version had it", async () => {
    const failing = join(dir, "failing");
    cpSync(level, failing, { recursive: true });
    writeFileSync(join(failing, "0997_good.sql"), "-- Up Migration\nDELETE FROM county_profile;\n");
    writeFileSync(join(failing, "0998_bad.sql"), "-- Up Migration\nSELECT 1 / 0;\n");
    await expect(withOld((database) => migrate(database, { dir: failing }))).rejects.toThrow("division by zero");
    expect(await applied()).toHaveLength(older.length);
    expect(await counties()).toEqual([{ county: SMALL_COUNTY, name: "旧县" }]);
  });

  it("writes and verifies a backup first, then brings the data up to date", async () => {
    const said: string[] = [];
    const { database, migrated } = await openStore(dir, url, (message) => said.push(message));
    const after = join(dir, "after.backup");
    await writeBackup(database, after, { product: "test" });
    await database.close();
    expect(migrated.length).toBeGreaterThan(10);
    const last = older.at(-1)?.replace(".sql", "");
    const before = join(dir, "backups", `before-upgrade-from-${last}.backup`);
    const manifest = await verifyBackup(before);
    expect(manifest.migrations).toHaveLength(older.length);
    expect(manifest.counties).toEqual([{ code: SMALL_COUNTY, name: "旧县", demo: false }]);
    expect(await counties()).toEqual([{ county: SMALL_COUNTY, name: "旧县" }]);
    // Row by row, in the columns that were there before. The codes of classes come with the program.
    const compared = await compareBackups(before, after);
    expect(compared.differing).toEqual(["class_code"]);
    expect(compared.widened).toContain("import_batch");
    expect(compared.rows).toBeGreaterThan(1);
    expect((await compareBackups(after, before)).differing).not.toEqual([]);
    // The next start has nothing to upgrade.
    const again = await openStore(dir, url, (message) => said.push(message));
    await again.database.close();
    expect(said.filter((message) => message.includes("backing up before the upgrade"))).toHaveLength(1);
  });

  it("back to an older version is refused by name, before anything is touched", async () => {
    await withOld((database) =>
      database.adminSession((client) =>
        client.query(`INSERT INTO ${MIGRATIONS_TABLE} (name, run_on) VALUES ('0999_tomorrow', $1)`, [NOW]),
      ),
    );
    await expect(openStore(dir, url, () => undefined)).rejects.toThrow(
      /newer version of Jingwei: it has 0999_tomorrow/,
    );
  });
});
