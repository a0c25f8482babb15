import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Sealer } from "../../api/seal/sealer.ts";
import { openContact, sealContact } from "../../api/services/report/contact-seal.ts";
import { giveContactKeys } from "../../api/services/report/give-contact-keys.ts";
import { purge } from "../../api/services/report/purge.ts";
import { isOpenState } from "../../data/model/incident.ts";
import { restoreBackup } from "../../db/backup/restore.ts";
import { writeBackup } from "../../db/backup/write-backup.ts";
import type { Database, Transaction } from "../../db/driver.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { type OpenOptions, openDatabase } from "../../db/open-database.ts";
import { contactOf, deleteContact, hasContact, putContact } from "../../db/repositories/contact-repository.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, smallCounty } from "../fixtures/small-county.ts";
import {
  createNativeDatabase,
  dropNativeDatabase,
  nativeMissing,
  nativeServer,
  TEST_CACHE_DIR,
} from "../helpers/database.ts";

const NOW = "2026-01-15T00:00:00Z";
const now = Date.parse(NOW);
const DAY = 86_400_000;
const PRODUCT = "9.9.9";
const SEALER = new Sealer(new Uint8Array(32).fill(7));
/** What is told of each case's contact: kept, deleted after the backup, corrected after it, of an older version, added after it. */
const [KEPT, DELETED, CORRECTED, OLDER, LATER] = [
  "13900000001",
  "13900000002",
  "13900000003",
  "13900000004",
  "13900000005",
];

const made: (() => unknown)[] = [];
afterAll(async () => {
  for (const undo of made) await undo();
});
function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "jingwei-contact-"));
  made.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

const forms: readonly { form: string; missing: string | undefined; place: () => Promise<OpenOptions> }[] = [
  {
    form: "embedded",
    missing: undefined,
    place: async () => ({ dir: folder(), cacheDir: TEST_CACHE_DIR, durable: false }),
  },
  {
    form: "native",
    missing: nativeMissing(),
    place: async () => {
      const server = await nativeServer();
      const url = await createNativeDatabase(server);
      made.push(() => dropNativeDatabase(server, url));
      return { dir: folder(), url };
    },
  },
];

const inCounty = <T>(database: Database, work: (tx: Transaction) => Promise<T>): Promise<T> =>
  database.transaction({ kind: "county", county: SMALL_COUNTY }, work);

async function inside<T>(place: OpenOptions, work: (database: Database) => Promise<T>): Promise<T> {
  const { database } = await openDatabase(place);
  return work(database).finally(() => database.close());
}

const ids: readonly string[] = smallCounty()
  .incidents.filter(({ state }) => isOpenState(state))
  .slice(0, 5)
  .map(({ id }) => id);
const [kept = "", deleted = "", corrected = "", older = "", later = ""] = ids;

const put = (tx: Transaction, id: string, text: string): Promise<void> =>
  putContact(tx, SMALL_COUNTY, id, sealContact(SEALER, SMALL_COUNTY, id, text, now), NOW);

/** What opens now, case by case. */
const openIn = (database: Database): Promise<(string | undefined)[]> =>
  inCounty(database, async (tx) => {
    const found: (string | undefined)[] = [];
    for (const id of ids) {
      const row = await contactOf(tx, SMALL_COUNTY, id);
      expect(await hasContact(tx, SMALL_COUNTY, id)).toBe(row !== undefined);
      found.push(row && openContact(SEALER, SMALL_COUNTY, id, row));
    }
    return found;
  });
const opens = (place: OpenOptions): Promise<(string | undefined)[]> => inside(place, openIn);

async function fill(database: Database): Promise<void> {
  await loadReference(database, SMALL_CLASSES);
  await loadCounty(database, smallCounty(), { now: NOW });
  await inCounty(database, async (tx) => {
    await put(tx, kept, KEPT);
    await put(tx, deleted, DELETED);
    await put(tx, corrected, "13900000000");
    // As an older version sealed them, under the installation's key itself; the second under one that is not here.
    for (const [id, sealer] of [
      [older, SEALER],
      [later, new Sealer(new Uint8Array(32).fill(9))],
    ] as const)
      await tx.execute(
        `INSERT INTO reporter_contact (county, incident_id, contact, created_at)
         VALUES ($1, $2::uuid, $3::bytea, $4::timestamptz)`,
        [SMALL_COUNTY, id, sealer.seal(OLDER, `reporter_contact/${SMALL_COUNTY}/${id}`), NOW],
      );
  });
}

describe.each(forms)("contacts of reporters in backups ($form)", ({ form, missing, place: makePlace }) => {
  const backups = folder();
  const [before, after] = [join(backups, "before.backup"), join(backups, "after.backup")];
  let place: OpenOptions;
  const restore = (file: string, target: OpenOptions, contactKeys?: string) =>
    restoreBackup(file, { target, replace: true, now, contactKeys });
  const test = it.skipIf(missing !== undefined);
  /** The rules are the same on both, and each of these takes the embedded form seconds: they stand for one form. */
  const quickTest = (name: string, run: () => Promise<void>) => form === "embedded" || test(name, run);

  test("get keys of their own on an upgrade; what does not open stays as it is", async () => {
    place = await makePlace();
    await inside(place, async (database) => {
      await fill(database);
      expect(await giveContactKeys(database, SEALER, now)).toEqual({ sealed: 1, closed: 1 });
      expect(await giveContactKeys(database, SEALER, now)).toEqual({ sealed: 0, closed: 1 });
      await inCounty(database, (tx) => deleteContact(tx, SMALL_COUNTY, later));
      expect(await openIn(database)).toEqual([KEPT, DELETED, "13900000000", OLDER, undefined]);
    });
  });

  test("are forgotten by older backups once they were deleted, and only those", async () => {
    await inside(place, async (database) => {
      const { tables } = await writeBackup(database, before, { product: PRODUCT, contactKeys: "beside" });
      expect(tables.map(({ name }) => name)).toContain("reporter_contact");
      expect(tables.map(({ name }) => name)).not.toContain("contact_key");
      await inCounty(database, async (tx) => {
        await deleteContact(tx, SMALL_COUNTY, deleted);
        await put(tx, corrected, CORRECTED);
        await put(tx, later, LATER);
      });
    });
    // The keys beside the backup still know the deleted one; over a place that holds data they do not count.
    expect(keysBesideText(backups)).toContain(deleted);
    const { contacts } = await restore(before, place);
    expect(contacts).toEqual({ kept: 4, forgotten: 2 });
    await inside(place, async (database) => {
      expect(await openIn(database)).toEqual([KEPT, undefined, undefined, OLDER, undefined]);
      // The installation's key alone opens nothing of what the backup brought back.
      const [sealed] = await inCounty(database, (tx) =>
        tx.rows<{ hex: string }>(
          "SELECT encode(contact, 'hex') AS hex FROM reporter_contact WHERE county = $1 AND incident_id = $2::uuid",
          [SMALL_COUNTY, deleted],
        ),
      );
      const opened = () => openContact(SEALER, SMALL_COUNTY, deleted, { contact: sealed?.hex ?? "", key: null });
      expect(opened).toThrow("cannot be opened");
    });
  });

  quickTest("open again from a newer backup; on a new machine with the newest keys, and with no others", async () => {
    await inside(place, async (database) => {
      // Forward again: the key of the later contact was kept, as was that of the correction.
      await inCounty(database, (tx) => put(tx, later, LATER));
      await inCounty(database, (tx) => put(tx, corrected, CORRECTED));
      await writeBackup(database, after, { product: PRODUCT, contactKeys: "beside" });
    });
    expect(keysBesideText(backups)).not.toContain(deleted);
    await restore(before, place);
    expect(await opens(place)).toEqual([KEPT, undefined, undefined, OLDER, undefined]);
    await restore(after, place);
    expect(await opens(place)).toEqual([KEPT, undefined, CORRECTED, OLDER, LATER]);

    // The machine is lost: the backup of before, on a new one, with what lies beside it.
    const anew = await makePlace();
    expect((await restore(before, anew)).contacts).toEqual({ kept: 4, forgotten: 2 });
    expect(await opens(anew)).toEqual([KEPT, undefined, undefined, OLDER, undefined]);
    // Taken away from its keys it opens nothing, until they are named.
    const alone = join(folder(), "alone.backup");
    cpSync(before, alone);
    const bare = await makePlace();
    expect((await restore(alone, bare)).contacts).toEqual({ kept: 4, forgotten: 4 });
    expect(await opens(bare)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    await restore(alone, bare, keyFile(backups));
    expect(await opens(bare)).toEqual([KEPT, undefined, undefined, OLDER, undefined]);
    await expect(restore(alone, bare, alone)).rejects.toThrow("holds no keys of contacts");
  });

  quickTest("one county's too, and keys without a contact go after 30 days", async () => {
    const one = join(folder(), "county.backup");
    await inside(place, async (database) => {
      await writeBackup(database, one, { product: PRODUCT, county: SMALL_COUNTY, contactKeys: "beside" });
      await inCounty(database, (tx) => deleteContact(tx, SMALL_COUNTY, kept));
    });
    // With the row that the older backup brought back, whose key is gone.
    expect((await restore(one, place)).contacts.forgotten).toBe(2);
    expect(await opens(place)).toEqual([undefined, undefined, CORRECTED, OLDER, LATER]);
    await restore(before, place);
    const keys = (): Promise<string[]> =>
      inside(place, (database) =>
        inCounty(database, async (tx) =>
          (
            await tx.rows<{ id: string }>("SELECT incident_id AS id FROM contact_key WHERE county = $1", [SMALL_COUNTY])
          ).map(({ id }) => id),
        ),
      );
    expect((await keys()).sort()).toEqual([corrected, older, later].sort());
    await inside(place, (database) => purge(database, now + 31 * DAY));
    expect(await keys()).toEqual([older]);
  });
});

const keyFile = (backups: string): string => {
  const name = readdirSync(backups).find((file) => file.startsWith("contact-keys-"));
  return join(backups, name ?? "no key file");
};
const keysBesideText = (backups: string): string => readFileSync(keyFile(backups), "utf8");
