import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { btree_gist } from "@electric-sql/pglite/contrib/btree_gist";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { durableFileSystem, startParameters } from "../../db/embedded/durability.ts";
import { slimPostgis } from "../../db/embedded/postgis-bundle.ts";
import { restoreSnapshot } from "../../db/embedded/snapshot.ts";
import { openDatabase, snapshotKey } from "../../db/open-database.ts";
import { openEmbeddedTestDatabase, TEST_CACHE_DIR } from "../helpers/database.ts";

/** Paths that the host was told to flush, in order. */
const flushed: string[] = [];
const original = fs.fsyncSync;
let refuse = false;

describe("flushing to disk (embedded)", () => {
  const dirs: string[] = [];
  const folder = (): string => {
    const dir = fs.mkdtempSync(join(tmpdir(), "jingwei-flush-"));
    dirs.push(dir);
    return dir;
  };

  beforeAll(async () => {
    // Makes the snapshot, if this is the first test of all.
    await (await openEmbeddedTestDatabase()).dispose();
    fs.fsyncSync = (fd: number): void => {
      if (refuse) throw Object.assign(new Error("EIO: i/o error, fsync"), { code: "EIO" });
      flushed.push(process.platform === "linux" ? fs.readlinkSync(`/proc/self/fd/${fd}`) : String(fd));
      original(fd);
    };
    syncBuiltinESMExports();
  });
  afterEach(() => {
    refuse = false;
    flushed.length = 0;
  });
  afterAll(() => {
    fs.fsyncSync = original;
    syncBuiltinESMExports();
    for (const dir of dirs) fs.rmSync(dir, { recursive: true, force: true });
  });

  /** PGlite in this thread, where the calls to the host can be seen. */
  const start = async (durable: boolean): Promise<PGlite> => {
    const data = join(folder(), "pgdata");
    expect(restoreSnapshot(TEST_CACHE_DIR, await snapshotKey(), data)).toBe(true);
    const database = await PGlite.create({
      fs: durableFileSystem(data, durable),
      extensions: { postgis: slimPostgis(TEST_CACHE_DIR), btree_gist },
      startParams: startParameters(durable),
    });
    await database.query("CREATE TABLE flush_probe (n integer)");
    flushed.length = 0;
    return database;
  };

  it.runIf(process.platform === "linux")("flushes the log before each commit is confirmed", async () => {
    const database = await start(true);
    for (let n = 1; n <= 3; n++) {
      await database.query("INSERT INTO flush_probe VALUES ($1)", [n]);
      expect(flushed.filter((path) => path.includes("/pg_wal/"))).toHaveLength(n);
    }
    await database.query("BEGIN");
    await database.query("INSERT INTO flush_probe VALUES (4)");
    expect(flushed).toHaveLength(3);
    await database.query("COMMIT");
    expect(flushed).toHaveLength(4);
    flushed.length = 0;
    await database.query("CHECKPOINT");
    // Data files first, the control file that points past them last; folders are flushed as such.
    expect(flushed.some((path) => /\/base\/\d+\/\d+$/.test(path))).toBe(true);
    expect(flushed.some((path) => path.endsWith("/pg_xact"))).toBe(true);
    expect(flushed.at(-1)).toMatch(/\/global\/pg_control$/);
    await database.close();
  });

  it("confirms nothing when the disk refuses to flush", async () => {
    const database = await start(true);
    refuse = true;
    await expect(database.query("INSERT INTO flush_probe VALUES (1)")).rejects.toThrow();
  });

  it("flushes nothing where it is switched off, as PGlite does by itself", async () => {
    const database = await start(false);
    await database.query("INSERT INTO flush_probe VALUES (1)");
    await database.query("CHECKPOINT");
    expect(flushed).toEqual([]);
    await database.close();
  });

  it("says of itself what it does", async () => {
    const { database } = await openDatabase({ dir: folder(), cacheDir: TEST_CACHE_DIR });
    expect(await database.describe()).toMatchObject({ survivesPowerLoss: true, durabilityKey: "durability.embedded" });
    await database.close();
    const fast = await openEmbeddedTestDatabase();
    expect(await fast.database.describe()).toMatchObject({ survivesPowerLoss: false });
    await fast.dispose();
  });
});
