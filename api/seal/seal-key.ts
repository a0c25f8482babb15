import { randomBytes, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, open, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { userError } from "../../data/model/errors.ts";
import { SEAL_KEY_BYTES, Sealer } from "./sealer.ts";

const FILE = "seal.key";

/**
 * The server's sealer: under the key of the environment, or of `seal.key` in the data folder, which is made where there is
 * none. Two processes that start at once get the same key.
 *
 * @param given value of `SEAL_KEY`; undefined = the file
 * @throws USER error when the key is malformed, or others may read its file
 */
export async function openSealer(given: string | undefined, dir: string): Promise<Sealer> {
  if (given !== undefined) return new Sealer(requireKey(given, "SEAL_KEY"));
  const path = join(dir, FILE);
  await mkdir(dir, { recursive: true });
  if (!existsSync(path)) await makeKeyFile(path);
  // Windows keeps no such bits.
  if (process.platform !== "win32" && ((await stat(path)).mode & 0o077) !== 0)
    throw userError(`${FILE} may be read by others than its owner`, { at: path, hint: `chmod 600 ${path}` });
  return new Sealer(requireKey(await readFile(path, "utf8"), path));
}

/** Written whole and then linked to its name: nobody can read half a key, and the first of two processes wins. */
async function makeKeyFile(path: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.write(`${randomBytes(SEAL_KEY_BYTES).toString("base64")}\n`);
    await file.sync();
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await file.close();
    await rm(draft);
  }
}

/** The key in text: 32 bytes in base64. */
function requireKey(text: string, at: string): Uint8Array {
  const key = Buffer.from(text.trim(), "base64");
  if (key.length === SEAL_KEY_BYTES && key.toString("base64") === text.trim()) return key;
  throw userError("the seal key is not 32 bytes in base64", {
    at,
    hint: "Make one with: openssl rand -base64 32. Keep the one that is in use: what it sealed opens with no other.",
  });
}
