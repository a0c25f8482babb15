import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { slimBundle } from "../../db/embedded/postgis-bundle.ts";
import { SHIPPED_POSTGIS } from "../../db/embedded/shipped.ts";
import { openDatabase } from "../../db/open-database.ts";

/** PostGIS's bundle of the package; an archive brings the part that is needed instead. */
export const POSTGIS_BUNDLE = "node_modules/@electric-sql/pglite-postgis/dist/postgis.tar.gz";

/**
 * Makes what an archive ships for the embedded database: the snapshot of an empty one with all migrations, so that the first
 * start copies files instead of running them, and PostGIS without what is not needed. Both are the same on every platform:
 * the database is WebAssembly.
 *
 * @returns a temporary folder with the contents of `shipped/`; the caller removes it
 */
export async function shipDatabase(root: string): Promise<string> {
  const out = mkdtempSync(join(tmpdir(), "jingwei-pack-"));
  const making = mkdtempSync(join(tmpdir(), "jingwei-pack-"));
  try {
    // Made anew each time: what a release brings comes from its own sources only.
    const cacheDir = join(making, "cache");
    const { database } = await openDatabase({ dir: join(making, "data"), cacheDir, snapshots: [], durable: false });
    await database.close();
    mkdirSync(out, { recursive: true });
    for (const name of readdirSync(cacheDir).filter((one) => one.startsWith("database-")))
      cpSync(join(cacheDir, name), join(out, name), { recursive: true });
    writeFileSync(join(out, basename(SHIPPED_POSTGIS)), slimBundle(readFileSync(join(root, POSTGIS_BUNDLE)), 9));
    return out;
  } catch (error) {
    rmSync(out, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}
