import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifyBackup } from "../../db/backup/read-backup.ts";
import { restoreBackup } from "../../db/backup/restore.ts";
import { writeBackup } from "../../db/backup/write-backup.ts";
import type { Database } from "../../db/driver.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { type OpenOptions, openDatabase } from "../../db/open-database.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, smallCounty } from "../fixtures/small-county.ts";
import { killBackups } from "../helpers/backup-kills.ts";
import { createNativeDatabase, dropNativeDatabase, TEST_CACHE_DIR } from "../helpers/database.ts";
import { startNativeServer } from "../helpers/native-postgres.ts";
import type { Figure } from "./figure.ts";

const ROWS = 100_000;
const KILLS = 20;
const NOW = "2026-01-15T00:00:00Z";
const LOADER = { kind: "loader", county: SMALL_COUNTY } as const;

/** A county of so many cases: those of the small one, again and again with ids of their own in their month. */
async function fill(database: Database): Promise<void> {
  await loadReference(database, SMALL_CLASSES);
  await loadCounty(database, smallCounty(), { now: NOW });
  await database.adminSession(async (client) => {
    const { rows } = await client.query(
      `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns FROM pg_attribute
       WHERE attrelid = 'incident'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname NOT IN ('id', 'ref')`,
    );
    const columns = String(rows[0]?.["columns"]);
    await client.query(
      `INSERT INTO incident (id, ref, ${columns})
       SELECT (substr(i.id::text, 1, 19) || substr(gen_random_uuid()::text, 20))::uuid, 1000000 + row_number() OVER (), ${columns
         .split(", ")
         .map((column) => `i.${column}`)
         .join(", ")}
       FROM incident i CROSS JOIN generate_series(1, ${Math.ceil(ROWS / smallCounty().incidents.length)}) LIMIT ${ROWS}`,
    );
  });
}

/** Writes until it is told to stop: each transaction raises the versions of two cases, which are equal at every moment. */
async function writeLoad(database: Database, stopped: () => boolean): Promise<{ writes: number; longestMs: number }> {
  const [a, b] = await database.transaction(LOADER, (tx) =>
    tx.rows<{ id: string }>("SELECT id FROM incident WHERE county = $1 ORDER BY id LIMIT 2", [SMALL_COUNTY]),
  );
  let writes = 0;
  let longestMs = 0;
  while (!stopped()) {
    const began = performance.now();
    await database.transaction(LOADER, async (tx) => {
      for (const row of [a, b])
        await tx.execute("UPDATE incident SET version = version + 1 WHERE county = $1 AND id = $2::uuid", [
          SMALL_COUNTY,
          row?.id ?? null,
        ]);
    });
    writes++;
    longestMs = Math.max(longestMs, performance.now() - began);
  }
  return { writes, longestMs };
}

async function* measure(form: string, from: OpenOptions, to: OpenOptions, dir: string): AsyncIterable<Figure> {
  const figure = (name: string, value: number, unit: string, rest: Partial<Figure> = {}): Figure => ({
    bench: "backup",
    name: `${form}: ${name}`,
    value,
    unit,
    ...rest,
  });
  const file = join(dir, `${form}.backup`);
  const { database } = await openDatabase(from);
  await fill(database);
  let done = false;
  const load = writeLoad(database, () => done);
  const began = performance.now();
  const manifest = await writeBackup(database, file, { product: "bench" });
  const seconds = (performance.now() - began) / 1000;
  done = true;
  const { writes, longestMs } = await load;
  await database.close();
  yield figure("backup of 100,000 cases under writes", seconds, "s");
  yield figure("file", statSync(file).size / 1e6, "MB");
  yield figure("writes meanwhile", writes / seconds, "transactions/s");
  yield figure("longest wait of a write", longestMs, "ms");
  if (manifest.heldMs > 0) yield figure("held", manifest.heldMs, "ms");
  const verifying = performance.now();
  await verifyBackup(file);
  yield figure("verify", (performance.now() - verifying) / 1000, "s");
  const restoring = performance.now();
  const { tables } = await restoreBackup(file, { target: to, sameState: true, now: 0 });
  yield figure("restore into the other form", (performance.now() - restoring) / 1000, "s");
  const restored = await openDatabase(to);
  const versions = await restored.database.transaction(LOADER, (tx) =>
    tx.rows<{ version: number }>("SELECT version FROM incident WHERE county = $1 ORDER BY id LIMIT 2", [SMALL_COUNTY]),
  );
  await restored.database.close();
  const unequal = tables.filter(
    (table) => manifest.tables.find(({ name }) => name === table.name)?.hash !== table.hash,
  );
  const torn = versions[0]?.version === versions[1]?.version ? 0 : 1;
  yield figure("tables that differ, and transactions torn", unequal.length + torn, "", {
    goal: "= 0",
    ok: unequal.length + torn === 0,
  });
  const outcomes = await killBackups(from, KILLS, (open) =>
    open.transaction(LOADER, (tx) =>
      tx.execute("UPDATE incident SET version = version + 1 WHERE county = $1", [SMALL_COUNTY]),
    ),
  );
  const count = (state: string): number => outcomes.filter((one) => one.state === state).length;
  yield figure("kills that left the old state", count("old"), `of ${KILLS}`);
  yield figure("kills that left neither the old nor the new state", count("neither"), `of ${KILLS}`, {
    goal: "= 0",
    ok: count("neither") === 0,
  });
}

/** A backup of 100,000 cases under writes, restored into the other form, and twenty kills, on both databases. */
export async function* backup(): AsyncIterable<Figure> {
  const dir = mkdtempSync(join(tmpdir(), "jingwei-bench-"));
  const server = await startNativeServer();
  if ("missing" in server) throw new Error(server.missing);
  const urls = [await createNativeDatabase(server.url), await createNativeDatabase(server.url)] as const;
  const folder = (name: string): OpenOptions => ({ dir: join(dir, name), cacheDir: TEST_CACHE_DIR });
  try {
    yield* measure("native", { ...folder("keys"), url: urls[0] }, folder("from-native"), dir);
    yield* measure("embedded", folder("embedded"), { ...folder("keys"), url: urls[1] }, dir);
  } finally {
    for (const url of urls) await dropNativeDatabase(server.url, url);
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
