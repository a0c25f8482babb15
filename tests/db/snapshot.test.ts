import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { restoreSnapshot, saveSnapshot } from "../../db/embedded/snapshot.ts";
import { openDatabase, snapshotKey } from "../../db/open-database.ts";
import { TEST_CACHE_DIR } from "../helpers/database.ts";

describe("snapshot of an empty database", () => {
  let dir = "";
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "jingwei-snapshot-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const makeData = (): { data: string; cache: string } => {
    const data = join(dir, "pgdata");
    const cache = join(dir, "cache");
    mkdirSync(join(data, "base", "empty"), { recursive: true });
    writeFileSync(join(data, "PG_VERSION"), "18\n");
    writeFileSync(join(data, "base", "1259"), Buffer.from([0, 1, 2, 255]));
    saveSnapshot(data, cache, "key");
    return { data, cache };
  };

  it("gives the same files and empty folders back", () => {
    const { cache } = makeData();
    const copy = join(dir, "copy");
    expect(restoreSnapshot(cache, "key", copy)).toBe(true);
    expect(readFileSync(join(copy, "base", "1259"))).toEqual(Buffer.from([0, 1, 2, 255]));
    expect(existsSync(join(copy, "base", "empty"))).toBe(true);
  });

  it("is not there under another key", () => {
    const { cache } = makeData();
    expect(restoreSnapshot(cache, "other", join(dir, "copy"))).toBe(false);
  });

  it.each([
    ["a changed file", (cache: string) => appendFileSync(join(cache, "database-key", "data", "base", "1259"), "x")],
    ["a missing file", (cache: string) => rmSync(join(cache, "database-key", "data", "PG_VERSION"))],
    ["a broken manifest", (cache: string) => writeFileSync(join(cache, "database-key", "manifest.json"), "{")],
  ])("is thrown away with %s, and nothing of it is left", (_name, damage) => {
    const { cache } = makeData();
    damage(cache);
    const copy = join(dir, "copy");
    expect(restoreSnapshot(cache, "key", copy)).toBe(false);
    expect(existsSync(copy)).toBe(false);
    expect(existsSync(join(cache, "database-key"))).toBe(false);
  });

  it("opens a new embedded database without running a migration", async () => {
    const warm = await openDatabase({ dir: join(dir, "warm"), cacheDir: TEST_CACHE_DIR, durable: false });
    await warm.database.close();
    expect(existsSync(join(TEST_CACHE_DIR, `database-${await snapshotKey()}`))).toBe(true);
    const { database, fresh, migrated } = await openDatabase({ dir, cacheDir: TEST_CACHE_DIR, durable: false });
    expect({ fresh, migrated }).toEqual({ fresh: true, migrated: [] });
    await expect(openDatabase({ dir, cacheDir: TEST_CACHE_DIR })).rejects.toThrow(/in use by process/);
    await database.close();
    const again = await openDatabase({ dir, cacheDir: TEST_CACHE_DIR, durable: false });
    expect(again.fresh).toBe(false);
    await again.database.close();
  });

  it("makes a database anew when making it was interrupted", async () => {
    mkdirSync(join(dir, "pgdata", "base"), { recursive: true });
    writeFileSync(join(dir, "pgdata", "PG_VERSION"), "18\n");
    writeFileSync(join(dir, "pgdata.creating"), "");
    const { database, fresh } = await openDatabase({ dir, cacheDir: TEST_CACHE_DIR, durable: false });
    expect(fresh).toBe(true);
    expect(existsSync(join(dir, "pgdata.creating"))).toBe(false);
    await database.close();
  });
});
