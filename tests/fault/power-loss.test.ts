import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { btree_gist } from "@electric-sql/pglite/contrib/btree_gist";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { durableFileSystem, startParameters } from "../../db/embedded/durability.ts";
import { slimPostgis } from "../../db/embedded/postgis-bundle.ts";
import { restoreSnapshot } from "../../db/embedded/snapshot.ts";
import { snapshotKey } from "../../db/open-database.ts";
import { openEmbeddedTestDatabase, TEST_CACHE_DIR } from "../helpers/database.ts";
import { PowerLossDisk } from "../helpers/power-loss-disk.ts";

/** Moments at which the power goes; more with POWER_LOSSES=40. */
const LOSSES = Number(process.env["POWER_LOSSES"] ?? 2);
/** Changes of the disk between two of them, at most: a commit is some five. */
const FURTHEST = 400;

const made: string[] = [];
const folder = (): string => {
  const dir = fs.mkdtempSync(join(tmpdir(), "jingwei-power-"));
  made.push(dir);
  return dir;
};
afterAll(() => {
  for (const dir of made) fs.rmSync(dir, { recursive: true, force: true });
});
beforeAll(async () => {
  // Makes the snapshot, if this is the first test of all.
  await (await openEmbeddedTestDatabase()).dispose();
});

const open = (data: string, durable: boolean): Promise<PGlite> =>
  PGlite.create({
    fs: durableFileSystem(data, durable),
    extensions: { postgis: slimPostgis(TEST_CACHE_DIR), btree_gist },
    startParams: startParameters(durable),
  });

interface Loss {
  readonly image: string;
  /** The last number whose commit was confirmed before. */
  readonly acknowledged: number;
}

/** Of what was not flushed: nothing, half of it in pieces, all of it. */
const CHANCES = [0, 0.5, 1] as const;

/** Writes pairs of rows, each pair a transaction, until the power has gone so many times. */
async function writeUntil(losses: number, durable: boolean): Promise<{ losses: Loss[]; msPerCommit: number }> {
  const dir = folder();
  const data = join(dir, "pgdata");
  expect(restoreSnapshot(TEST_CACHE_DIR, await snapshotKey(), data)).toBe(true);
  const disk = new PowerLossDisk(data, join(dir, "first"));
  const stop = disk.watch();
  const found: Loss[] = [];
  let acknowledged = 0;
  let msPerCommit = 0;
  try {
    const database = await open(data, durable);
    await database.exec(
      "CREATE TABLE probe (n integer PRIMARY KEY, pair integer NOT NULL, filler text NOT NULL); CHECKPOINT",
    );
    let next = disk.changes + 1 + Math.floor(Math.random() * FURTHEST);
    disk.onChange = () => {
      if (disk.changes < next || found.length >= losses) return;
      const chance = CHANCES[found.length % CHANCES.length] ?? 0;
      const image = join(dir, `lost-${found.length}`);
      disk.onChange = undefined;
      disk.pullPlug(image, () => Math.random() < chance);
      disk.onChange = again;
      found.push({ image, acknowledged });
      next = disk.changes + 1 + Math.floor(Math.random() * FURTHEST);
    };
    const again = disk.onChange;
    const began = performance.now();
    let n = 1;
    for (; found.length < losses && n < 40_000; n += 2) {
      await database.transaction(async (tx) => {
        for (const [one, pair] of [
          [n, n + 1],
          [n + 1, n],
        ])
          await tx.query("INSERT INTO probe VALUES ($1, $2, $3)", [one, pair, "x".repeat(700)]);
      });
      acknowledged = n + 1;
      // Data files, the commit log and the control file move on too; so do tables that come and go.
      if (n % 61 === 0) await database.exec("CHECKPOINT");
      if (n % 83 === 0)
        await database.exec("CREATE TABLE extra (n integer); INSERT INTO extra SELECT 1; DROP TABLE extra");
      if (n % 37 === 0) await database.exec("UPDATE probe SET filler = repeat('y', 900) WHERE n % 5 = 0");
    }
    msPerCommit = (performance.now() - began) / (n / 2);
    disk.onChange = undefined;
    await database.close();
  } finally {
    stop();
  }
  return { losses: found, msPerCommit };
}

/** What is missing of what was confirmed, and halves of transactions. */
async function lookAt({ image, acknowledged }: Loss): Promise<{ lost: number; halves: number }> {
  const database = await open(image, false);
  try {
    const { rows } = await database.query<{ kept: number; halves: number }>(
      `SELECT (SELECT count(*)::int FROM probe WHERE n <= $1) AS kept,
         (SELECT count(*)::int FROM probe a WHERE NOT EXISTS (SELECT FROM probe b WHERE b.n = a.pair)) AS halves`,
      [acknowledged],
    );
    return { lost: acknowledged - (rows[0]?.kept ?? 0), halves: rows[0]?.halves ?? 0 };
  } finally {
    await database.close();
  }
}

describe("power loss (embedded)", () => {
  it("loses nothing that was confirmed, whatever of the rest has reached the disk", async () => {
    const { losses, msPerCommit } = await writeUntil(LOSSES, true);
    expect(losses).toHaveLength(LOSSES);
    const results: string[] = [];
    for (const loss of losses) {
      const { lost, halves } = await lookAt(loss);
      results.push(`${lost} of ${loss.acknowledged} lost, ${halves} halves`);
      expect([lost, halves], results.join("; ")).toEqual([0, 0]);
    }
    if (process.env["POWER_LOSSES"]) console.info(`${msPerCommit.toFixed(2)} ms a commit; ${results.join("; ")}`);
  }, 1_800_000);

  it("would lose it without the flush: the test sees the difference", async () => {
    const { losses, msPerCommit } = await writeUntil(1, false);
    const [loss] = losses as [Loss];
    // What is left may not even open.
    const lost = await lookAt(loss).then(
      (found) => found.lost,
      () => loss.acknowledged,
    );
    if (process.env["POWER_LOSSES"]) console.info(`not flushed: ${msPerCommit.toFixed(2)} ms a commit; ${lost} lost`);
    expect(loss.acknowledged).toBeGreaterThan(0);
    expect(lost).toBeGreaterThan(0);
  }, 300_000);
});
