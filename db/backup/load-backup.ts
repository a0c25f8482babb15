import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataError, userError } from "../../data/model/errors.ts";
import type { AdminClient } from "../driver.ts";
import { MIGRATIONS_DIR, migrateWithin } from "../migrate.ts";
import { type CatalogueTable, readCatalogue, readPartitions } from "./catalogue.ts";
import { rowsOfCounty } from "./county-rows.ts";
import { LineDigest } from "./line-digest.ts";
import type { BackupManifest, BackupTable } from "./manifest.ts";
import { readTable } from "./read-backup.ts";
import { countyColumn, digestTable } from "./read-rows.ts";

/** A table after it was loaded: what the file says and what the database holds. */
export interface LoadedTable {
  readonly name: string;
  readonly rows: number;
  readonly hash: string;
}

/**
 * Refuses a backup of a newer Jingwei: it has migrations that this version does not know, so nobody here knows what its
 * tables mean.
 */
export async function requireKnownMigrations(manifest: BackupManifest, file: string): Promise<void> {
  const shipped = new Set((await readdir(MIGRATIONS_DIR)).map((name) => name.replace(/\.sql$/, "")));
  const unknown = manifest.migrations.filter((name) => !shipped.has(name));
  if (unknown.length === 0) return;
  throw userError(`${file} was written by a newer Jingwei (${manifest.product}): it has ${unknown.join(", ")}`, {
    at: file,
    hint: "Install that version or a newer one, then restore.",
  });
}

/** Brings an empty schema to the level of a backup: exactly its migrations. */
export async function migrateToLevel(client: AdminClient, manifest: BackupManifest): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), "jingwei-level-"));
  try {
    for (const name of manifest.migrations) cpSync(join(MIGRATIONS_DIR, `${name}.sql`), join(dir, `${name}.sql`));
    await migrateWithin(client, { dir });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Makes the monthly partitions of a backup, so that rows do not pile up in the DEFAULT one. */
async function makePartitions(client: AdminClient, manifest: BackupManifest): Promise<void> {
  const have = new Set((await readPartitions(client)).map(({ name }) => name));
  for (const { table, name, from, to } of manifest.partitions) {
    if (have.has(name)) continue;
    const { rows } = await client.query(
      `SELECT EXISTS (SELECT FROM "${table}_default" WHERE id >= $1::uuid AND id < $2::uuid) AS found`,
      [from, to],
    );
    // Rows of that month lie in the DEFAULT partition already: they stay there, as with every load.
    if (rows[0]?.["found"]) continue;
    await client.query(`CREATE TABLE "${name}" PARTITION OF "${table}" FOR VALUES FROM ('${from}') TO ('${to}')`);
    await client.query(`ALTER TABLE "${name}" ENABLE ROW LEVEL SECURITY`);
  }
}

/** The table of the database that a table of the backup goes to; refused where they are not of one form. */
function targetOf(table: BackupTable, catalogue: readonly CatalogueTable[], file: string): CatalogueTable {
  const target = catalogue.find(({ name }) => name === table.name);
  const unknown = table.columns.filter((column) => !target?.columns.includes(column));
  if (target && unknown.length === 0) return target;
  const what = target ? `columns ${unknown.join(", ")} of table ${table.name}` : `table ${table.name}`;
  throw dataError(`${file} holds ${what}, which this database has not`, {
    at: `${file} table ${table.name}`,
    hint: "It was written by another state of the program. Restore it with the version that wrote it.",
  });
}

export interface LoadOptions {
  /** Tables that are left as they are. */
  readonly skip?: readonly string[];
  /** Only the rows of this county, out of a file of all. */
  readonly county?: string | null;
  readonly onProgress?: ((message: string) => void) | undefined;
}

/** Rows of a table in the file: all of them, or those of one county. */
function rowsOf(
  file: string,
  table: BackupTable,
  manifest: BackupManifest,
  county: string | null,
): AsyncIterable<Uint8Array> {
  const pieces = readTable(file, table);
  if (county === manifest.county || county === null) return pieces;
  const column = countyColumn(table);
  return rowsOfCounty(pieces, column === undefined ? -1 : table.columns.indexOf(column), county);
}

async function* digested(pieces: AsyncIterable<Uint8Array>, digest: LineDigest): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    digest.update(piece);
    yield piece;
  }
}

/**
 * Loads the rows of a backup into tables that are empty of them, and compares what the database then holds with what the file
 * says. Part of a transaction that the caller ends.
 *
 * @throws DATA naming the table that is damaged, or is not what the file says after it was loaded
 */
export async function loadTables(
  client: AdminClient,
  file: string,
  manifest: BackupManifest,
  { skip = [], county = manifest.county, onProgress }: LoadOptions = {},
): Promise<LoadedTable[]> {
  const tables = manifest.tables.filter(({ name, rows }) => rows > 0 && !skip.includes(name));
  const before = await readCatalogue(client);
  for (const table of tables) targetOf(table, before, file);
  const allowed = await client.query(
    "SELECT has_parameter_privilege(current_user, 'session_replication_role', 'SET') AS allowed",
  );
  // Row by row, foreign keys cost more than the rest of a load; these rows come from a database that has checked them, and
  // their digests say that they are those.
  if (allowed.rows[0]?.["allowed"]) await client.query("SET LOCAL session_replication_role = replica");
  await makePartitions(client, manifest);
  const catalogue = await readCatalogue(client);
  const loaded: LoadedTable[] = [];
  for (const table of tables) {
    const target = targetOf(table, catalogue, file);
    const wanted = new LineDigest();
    await client.copyFrom(table.name, table.columns, digested(rowsOf(file, table, manifest, county), wanted));
    if (wanted.rows === 0) continue;
    const { rows, hash } = await digestTable(client, target, table.columns, county);
    if (rows !== wanted.rows || hash !== wanted.hash)
      throw dataError(
        `table ${table.name} is not what ${file} says after it was loaded (${rows} of ${wanted.rows} rows)`,
        {
          at: `${file} table ${table.name}`,
          hint: "Nothing was changed. Was the table empty?",
        },
      );
    loaded.push({ name: table.name, rows, hash });
    onProgress?.(`${table.name}: ${rows}`);
  }
  if (allowed.rows[0]?.["allowed"]) await client.query("SET LOCAL session_replication_role = DEFAULT");
  return loaded;
}
