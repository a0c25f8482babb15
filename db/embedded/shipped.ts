import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What an archive brings for the embedded database (`api/pack`); a checkout has none. */
export const SHIPPED_DIR = join(ROOT, "shipped");
/** PostGIS of an archive, already without what is not needed. */
export const SHIPPED_POSTGIS = join(SHIPPED_DIR, "postgis.tar.gz");
/**
 * Where else a snapshot of an empty database may lie, only to be read: in the archive, or where the tests of a checkout left
 * theirs.
 */
export const SNAPSHOT_PLACES: readonly string[] = [SHIPPED_DIR, join(ROOT, "node_modules", ".cache", "jingwei")];
