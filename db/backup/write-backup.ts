import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { userError } from "../../data/model/errors.ts";
import type { AdminClient, Database } from "../driver.ts";
import { flushFolder } from "../embedded/flush.ts";
import { appliedMigrations, readCatalogue, readPartitions } from "./catalogue.ts";
import { type ContactKey, KEY_TABLE, readContactKeys, writeKeyFile } from "./contact-keys.ts";
import { asDiskError } from "./disk-errors.ts";
import { LineDigest } from "./line-digest.ts";
import { type BackupManifest, type BackupTable, FORMAT, MAGIC } from "./manifest.ts";
import { readRows } from "./read-rows.ts";
import { trailer } from "./trailer.ts";

export interface BackupOptions {
  /** Six digits; absent = all counties. */
  readonly county?: string | undefined;
  /** Version of Jingwei. */
  readonly product: string;
  readonly onProgress?: ((message: string) => void) | undefined;
  /**
   * Where the keys of contacts go (`contact-keys.ts`): into a file beside the backup; into the backup, of a move only; nowhere
   * when absent, where the database that has them stays.
   */
  readonly contactKeys?: "beside" | "within" | undefined;
}

/** Fast, and the embedded database waits for it: a better packed file is a matter of where it is kept. */
const GZIP_LEVEL = 1;

/** Bytes in a row, hashed on their way into the file. */
class Section {
  readonly #hash = createHash("sha256");
  bytes = 0;

  constructor(
    private readonly file: FileHandle,
    readonly offset: number,
  ) {}

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.bytes += bytes.length;
    for (let from = 0; from < bytes.length; )
      from += (await this.file.write(bytes, from, bytes.length - from)).bytesWritten;
  }

  get sha256(): string {
    return this.#hash.copy().digest("hex");
  }
}

/** Rows through gzip into a section; the digest is that of the rows. */
async function packRows(rows: AsyncIterable<Uint8Array>, section: Section): Promise<LineDigest> {
  const digest = new LineDigest();
  const digested = async function* () {
    for await (const piece of rows) {
      digest.update(piece);
      yield piece;
    }
  };
  await pipeline(digested, createGzip({ level: GZIP_LEVEL }), async (packed: AsyncIterable<Buffer>) => {
    for await (const piece of packed) await section.write(piece);
  });
  return digest;
}

/**
 * Writes a backup while the database is in use: everything is of one moment (one snapshot, REPEATABLE READ). A server goes on
 * with its work meanwhile; the embedded database, which has one connection, serves nobody else until the rows are read.
 * The file is written beside its place, flushed and renamed: whatever ends the process leaves the file that was there or the
 * whole new one.
 *
 * @returns what the file says of itself
 * @throws USER when the place cannot be written; NOT_FOUND when there is no such county
 */
export async function writeBackup(database: Database, file: string, options: BackupOptions): Promise<BackupManifest> {
  const target = resolve(file);
  const draft = `${target}.partial-${randomUUID()}`;
  try {
    mkdirSync(dirname(target), { recursive: true });
  } catch (error) {
    throw asDiskError(error, target);
  }
  try {
    // Left over where a process was ended in the middle.
    for (const name of readdirSync(dirname(target)))
      if (name.startsWith(`${basename(target)}.partial-`)) rmSync(join(dirname(target), name), { force: true });
    const handle = await open(draft, "wx", 0o600);
    let written: Written;
    try {
      written = await database.adminSession((client) => writeTables(client, database.form, handle, options));
      const { manifest } = written;
      const start = manifest.tables.reduce((end, table) => Math.max(end, table.offset + table.bytes), MAGIC.length);
      await new Section(handle, start).write(trailer(manifest, start));
      await handle.sync();
    } finally {
      await handle.close();
    }
    // Before the backup counts: of keys, rather too new a file than too old a one.
    if (written.keys) writeKeyFile(target, database.audit?.key.id ?? "0", written.keys, options.county ?? null);
    renameSync(draft, target);
    flushFolder(dirname(target));
    return written.manifest;
  } catch (error) {
    rmSync(draft, { force: true });
    throw asDiskError(error, target);
  }
}

interface Written {
  readonly manifest: BackupManifest;
  /** Of the same moment; undefined where they go nowhere else. */
  readonly keys: readonly ContactKey[] | undefined;
}

async function writeTables(
  client: AdminClient,
  form: Database["form"],
  handle: FileHandle,
  { county, product, onProgress, contactKeys }: BackupOptions,
): Promise<Written> {
  const started = performance.now();
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  try {
    const taken = await client.query(
      `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
         current_setting('server_version') AS postgres,
         (SELECT extversion FROM pg_extension WHERE extname = 'postgis') AS postgis`,
    );
    const counties = (
      await client.query(
        "SELECT county AS code, name, demo FROM county_profile WHERE $1::text IS NULL OR county = $1",
        [county ?? null],
      )
    ).rows;
    if (county !== undefined && counties.length === 0)
      throw userError(`There is no county ${county}`, { code: "NOT_FOUND", at: "--county" });
    const feed = (
      await client.query(
        "SELECT county, seq::float8 AS seq FROM feed_head WHERE $1::text IS NULL OR county = $1 ORDER BY county",
        [county ?? null],
      )
    ).rows;
    const head = new Section(handle, 0);
    await head.write(Buffer.from(MAGIC));
    let offset = head.bytes;
    const tables: BackupTable[] = [];
    for (const table of await readCatalogue(client)) {
      if (table.name === KEY_TABLE && contactKeys !== "within") continue;
      const section = new Section(handle, offset);
      const digest = await packRows(readRows(client, table, table.columns, county ?? null), section);
      offset += section.bytes;
      const { name, columns } = table;
      const { bytes, sha256 } = section;
      tables.push({
        name,
        columns: [...columns],
        rows: digest.rows,
        hash: digest.hash,
        offset: section.offset,
        bytes,
        sha256,
      });
      if (digest.rows > 0) onProgress?.(`${name}: ${digest.rows}`);
    }
    const [first] = taken.rows;
    const manifest: BackupManifest = {
      format: FORMAT,
      product,
      source: { form, postgres: String(first?.["postgres"]), postgis: String(first?.["postgis"] ?? "missing") },
      takenAt: String(first?.["at"]),
      heldMs: form === "embedded" ? Math.round(performance.now() - started) : 0,
      county: county ?? null,
      counties: counties.map(({ code, name, demo }) => ({
        code: String(code),
        name: String(name),
        demo: demo === true,
      })),
      feed: feed.map((row) => ({ county: String(row["county"]), seq: Number(row["seq"]) })),
      migrations: await appliedMigrations(client),
      partitions: await readPartitions(client),
      tables,
    };
    return { manifest, keys: contactKeys === "beside" ? await readContactKeys(client, county ?? null) : undefined };
  } finally {
    // Read only: how it ends changes nothing, and a connection that is gone has ended it.
    await client.query("ROLLBACK").catch(() => undefined);
  }
}
