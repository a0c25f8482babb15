import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LineDigest } from "../../db/backup/line-digest.ts";
import type { BackupManifest } from "../../db/backup/manifest.ts";
import { moveDatabase } from "../../db/backup/move.ts";
import { verifyBackup } from "../../db/backup/read-backup.ts";
import { restoreBackup } from "../../db/backup/restore.ts";
import { readManifest, trailer } from "../../db/backup/trailer.ts";
import { writeBackup } from "../../db/backup/write-backup.ts";
import type { Database } from "../../db/driver.ts";
import { NativeDatabase } from "../../db/driver-native.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { removeCounty } from "../../db/load/remove-county.ts";
import { MIGRATIONS_DIR, migrate } from "../../db/migrate.ts";
import { type OpenOptions, openDatabase } from "../../db/open-database.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, smallCounty } from "../fixtures/small-county.ts";
import {
  createNativeDatabase,
  describeOnBothDatabases,
  dropNativeDatabase,
  nativeMissing,
  nativeServer,
  TEST_CACHE_DIR,
} from "../helpers/database.ts";

const NOW = "2026-01-15T00:00:00Z";
const now = Date.parse(NOW);
const PRODUCT = "9.9.9";

const made: string[] = [];
const folder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), "jingwei-backup-"));
  made.push(dir);
  return dir;
};
const place = (): OpenOptions => ({ dir: folder(), cacheDir: TEST_CACHE_DIR, durable: false });
afterAll(() => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

/** An empty place: on a server where there is one, which starts faster; `move` goes to the embedded form. */
async function elsewhere(): Promise<OpenOptions> {
  if (nativeMissing()) return place();
  const server = await nativeServer();
  const url = await createNativeDatabase(server);
  dropped.push(() => dropNativeDatabase(server, url));
  return { dir: folder(), url };
}
const dropped: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const drop of dropped) await drop();
});

const fill = async (database: Database): Promise<void> => {
  await loadReference(database, SMALL_CLASSES);
  await loadCounty(database, smallCounty(), { now: NOW });
};

/** Digest of every table as the database holds it, computed here: by the rows' text and not by COPY. */
async function contents(database: Database): Promise<Readonly<Record<string, string>>> {
  return database.adminSession(async (client) => {
    const { rows } = await client.query(
      `SELECT relname AS name FROM pg_class c WHERE relkind IN ('r', 'p') AND NOT relispartition
       AND relnamespace = 'public'::regnamespace AND relname NOT IN ('spatial_ref_sys', 'schema_migration') ORDER BY 1`,
    );
    const found: Record<string, string> = {};
    for (const { name } of rows) {
      const text = await client.query(
        `SELECT md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) || count(*) AS sum FROM "${name}" t`,
      );
      found[String(name)] = String(text.rows[0]?.["sum"]);
    }
    return found;
  });
}

const inside = async <T>(options: OpenOptions, work: (database: Database) => Promise<T>): Promise<T> => {
  const { database } = await openDatabase(options);
  return work(database).finally(() => database.close());
};

describe("digest of rows", () => {
  it("is that of the rows whatever their order and wherever the pieces are cut, and tells one changed byte", () => {
    const digest = (...pieces: string[]): string => {
      const one = new LineDigest();
      for (const piece of pieces) one.update(Buffer.from(piece));
      return `${one.rows} ${one.hash}`;
    };
    expect(digest("a\t1\nb\t2\n")).toBe(digest("b\t2\n", "a\t", "1", "\n"));
    expect(digest("a\t1\nb\t2\n")).not.toBe(digest("a\t1\nb\t3\n"));
    expect(digest("a\na\n")).not.toBe(digest("a\n"));
  });
});

describeOnBothDatabases("backup", (open, form) => {
  let database: Database;
  let before: Readonly<Record<string, string>>;
  let file: string;
  let manifest: BackupManifest;

  beforeAll(async () => {
    ({ database } = await open());
    await fill(database);
    before = await contents(database);
    file = join(folder(), "all.backup");
    manifest = await writeBackup(database, file, { product: PRODUCT });
  });

  it("says what it is: moment, versions, counties, rows of every table", async () => {
    expect(await verifyBackup(file)).toEqual(manifest);
    expect(manifest).toMatchObject({ format: 1, product: PRODUCT, county: null, source: { form } });
    expect(manifest.counties.map(({ code }) => code)).toEqual([SMALL_COUNTY]);
    // No backup carries the keys of contacts: tests/api/contact-keys.test.ts
    const carried = Object.keys(before).filter((name) => name !== "contact_key");
    expect(manifest.tables.map(({ name }) => name).sort()).toEqual(carried);
    expect(manifest.tables.find(({ name }) => name === "incident")?.rows).toBe(smallCounty().incidents.length);
    expect(manifest.migrations.length).toBe(readdirSync(MIGRATIONS_DIR).filter((name) => name.endsWith(".sql")).length);
    expect(readdirSync(join(file, ".."))).toEqual(["all.backup"]);
  });

  it("is of its moment: what is written afterwards is not in it; restored it is equal, table by table", async () => {
    await removeCounty(database, SMALL_COUNTY, NOW);
    expect((await contents(database))["incident"]).not.toBe(before["incident"]);
    const to = await elsewhere();
    const { tables } = await restoreBackup(file, { target: to, sameState: true, now });
    expect(tables.map(({ name }) => name)).toContain("incident_event");
    await inside(to, async (restored) => expect(await contents(restored)).toEqual(before));
    // Full now: refused, and left alone.
    await expect(restoreBackup(file, { target: to, now })).rejects.toThrow("holds data already");
  });

  it("refuses one changed byte wherever it lies, naming the table", async () => {
    const bytes = readFileSync(file);
    const broken = join(folder(), "broken.backup");
    const places = manifest.tables.flatMap(({ name, offset, bytes: length }) =>
      length > 0 ? [[name, offset + Math.floor(length / 2)] as const] : [],
    );
    const end = Math.max(...manifest.tables.map(({ offset, bytes: length }) => offset + length));
    const all = [["head", 3] as const, ...places, ["manifest", end + 20] as const, ["line", bytes.length - 5] as const];
    for (const [name, at] of all) {
      const copy = Buffer.from(bytes);
      copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
      writeFileSync(broken, copy);
      const why = places.some(([table]) => table === name) ? `table ${name}:` : /no backup|damaged/;
      await expect(verifyBackup(broken), name).rejects.toThrow(why);
    }
    writeFileSync(broken, bytes.subarray(0, bytes.length - 1));
    await expect(verifyBackup(broken)).rejects.toThrow("cut off");
    const target = place();
    await expect(restoreBackup(broken, { target, now })).rejects.toThrow("damaged");
    expect(readdirSync(target.dir)).toEqual([]);
  });

  it("of a newer version is refused by name", async () => {
    const read = await readManifest(file);
    const end = Math.max(...read.tables.map(({ offset, bytes: length }) => offset + length));
    const newer = join(folder(), "newer.backup");
    const fromTomorrow = { ...read, product: "10.0.0", migrations: [...read.migrations, "0999_tomorrow"] };
    writeFileSync(newer, Buffer.concat([readFileSync(file).subarray(0, end), trailer(fromTomorrow, end)]));
    await expect(restoreBackup(newer, { target: place(), now })).rejects.toThrow(
      /newer Jingwei \(10\.0\.0\).*0999_tomorrow/,
    );
  });
});

describe("restoring into what is there", () => {
  it("one county beside others, from its own backup and from that of all; only what must not go back differs", async () => {
    const to = await elsewhere();
    const dir = folder();
    const [all, own] = [join(dir, "all.backup"), join(dir, "county.backup")];
    const before = await inside(to, async (database) => {
      await fill(database);
      await writeBackup(database, all, { product: PRODUCT });
      const one = await writeBackup(database, own, { product: PRODUCT, county: SMALL_COUNTY });
      expect(one.tables.find(({ name }) => name === "class_code")?.rows).toBe(0);
      await expect(writeBackup(database, own, { product: PRODUCT, county: "110101" })).rejects.toThrow("no county");
      const found = await contents(database);
      await removeCounty(database, SMALL_COUNTY, NOW);
      return found;
    });
    const changed = (): Promise<string[]> =>
      inside(to, async (database) => {
        const after = await contents(database);
        return Object.keys(before).filter((name) => before[name] !== after[name]);
      });
    await restoreBackup(own, { target: to, now });
    // The log of the removal stays: a log that can be taken back proves nothing. Cached answers are out of date.
    expect(await changed()).toEqual(["audit_log", "county_profile"]);
    await expect(restoreBackup(all, { target: to, county: SMALL_COUNTY, now })).rejects.toThrow("is there already");
    await restoreBackup(all, { target: to, county: SMALL_COUNTY, replace: true, now });
    expect(await changed()).toEqual(["audit_log", "county_profile"]);
    await expect(restoreBackup(all, { target: to, now })).rejects.toThrow("holds data already");
    await restoreBackup(all, { target: to, replace: true, now });
    expect(await changed()).toEqual(["county_profile"]);
  });
});

describe.skipIf(nativeMissing())("backup of an older version", () => {
  it("is restored at its level and brought up to date", async () => {
    const older = readdirSync(MIGRATIONS_DIR)
      .filter((name) => name.endsWith(".sql") && name < "0039")
      .sort();
    const level = folder();
    for (const name of older) cpSync(join(MIGRATIONS_DIR, name), join(level, name));
    const server = await nativeServer();
    const file = join(folder(), "older.backup");
    const urls = [await createNativeDatabase(server), await createNativeDatabase(server)] as const;
    try {
      const database = new NativeDatabase({ url: urls[0] });
      try {
        await migrate(database, { dir: level });
        await database.adminSession((client) =>
          client.query(
            `INSERT INTO county_profile (county, name, name_en, name_sort, timezone, demo, anchor_at, grid_term, source,
               figures, extra_classes, content_version, updated_at)
             VALUES ('${SMALL_COUNTY}', '旧县', 'Old', 'jiu xian', 'Asia/Shanghai', false, '${NOW}', '网格', 'test',
               '[]', '[]', 7, '${NOW}')`,
          ),
        );
        await writeBackup(database, file, { product: "0.0.1" });
      } finally {
        await database.close();
      }
      const to = { dir: folder(), url: urls[1] };
      const { manifest } = await restoreBackup(file, { target: to, sameState: true, now });
      expect(manifest.migrations).toHaveLength(older.length);
      await inside(to, async (restored) => {
        const { rows } = await restored.adminSession((client) => client.query("SELECT name FROM county_profile"));
        expect(rows).toEqual([{ name: "旧县" }]);
        // A table of a later migration.
        expect(Object.keys(await contents(restored))).toContain("plan");
        // What a newer version would have left, which this one does not know.
        await restored.adminSession(async (client) => {
          await client.query("CREATE TABLE of_tomorrow (county text PRIMARY KEY)");
          await client.query("INSERT INTO schema_migration (name, run_on) VALUES ('9001_of_tomorrow', now())");
        });
      });
      // The way back from an upgrade: the older version takes its backup over what the newer one made.
      await expect(openDatabase(to)).rejects.toThrow("newer version");
      await expect(restoreBackup(file, { target: to, now })).rejects.toThrow("holds data already");
      await restoreBackup(file, { target: to, replace: true, now });
      await inside(to, async (restored) => {
        const tables = Object.keys(await contents(restored));
        expect([tables.includes("plan"), tables.includes("of_tomorrow")]).toEqual([true, false]);
      });
    } finally {
      for (const url of urls) await dropNativeDatabase(server, url);
    }
  });
});

describe.skipIf(nativeMissing())("move", () => {
  it("to a server and back: every table equal, the old place as it was", async () => {
    const from = place();
    const before = await inside(from, async (database) => {
      await fill(database);
      // The one table that backups leave out goes along.
      await database.adminSession((client) =>
        client.query(
          `INSERT INTO contact_key (county, incident_id, id, key, created_at)
           SELECT county, id, id, '\\x00', '${NOW}' FROM incident LIMIT 3`,
        ),
      );
      return contents(database);
    });
    const server = await nativeServer();
    const url = await createNativeDatabase(server);
    try {
      const to = { dir: from.dir, url };
      const options = { replace: false, product: PRODUCT, now };
      const there = await moveDatabase({ from, to, ...options });
      expect(there.find(({ name }) => name === "incident")?.rows).toBe(smallCounty().incidents.length);
      await inside(to, async (database) => expect(await contents(database)).toEqual(before));
      const back = { ...place() };
      await moveDatabase({ from: to, to: back, ...options });
      await inside(back, async (database) => expect(await contents(database)).toEqual(before));
      expect(readdirSync(from.dir).filter((name) => name.startsWith("move-"))).toEqual([]);
    } finally {
      await dropNativeDatabase(server, url);
    }
  }, 180_000);
});
