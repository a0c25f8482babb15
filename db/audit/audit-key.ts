import { createHash, createHmac, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { userError } from "../../data/model/errors.ts";
import { flushFolder } from "../embedded/flush.ts";

/** Bytes of a key: as long as the hash (RFC 2104 section 3). */
const KEY_BYTES = 32;

/** The key that audit rows and heads are signed with. It is never in the database: who can write there cannot sign. */
export class AuditKey {
  /** Names the key without telling it: the first 8 hexadecimal digits of a hash of it. */
  readonly id: string;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.id = createHash("sha256").update("jingwei audit key id\n").update(bytes).digest("hex").slice(0, 8);
  }

  /** HMAC-SHA-256 (RFC 2104) of a text in UTF-8, 64 hexadecimal digits. */
  mac(text: string): string {
    return createHmac("sha256", this.#bytes).update(text, "utf8").digest("hex");
  }

  /** Is it the mac of the text? Takes equally long whatever is wrong. */
  verifies(text: string, mac: string): boolean {
    const expected = Buffer.from(this.mac(text), "hex");
    const given = Buffer.from(mac, "hex");
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}

/** What a process needs to write, seal and prove the audit log. */
export interface AuditKeeper {
  readonly key: AuditKey;
  /** File outside the database that the chain's heads are appended to. */
  readonly headsFile: string;
}

const HINT = "It is 32 random bytes in base64, e.g. from: openssl rand -base64 32";

function parseKey(text: string, at: string): AuditKey {
  const trimmed = text.trim();
  const bytes = Buffer.from(trimmed, "base64");
  if (bytes.length !== KEY_BYTES || bytes.toString("base64") !== trimmed)
    throw userError("the audit key is not 32 bytes in base64", { at, hint: HINT });
  return new AuditKey(new Uint8Array(bytes));
}

/** Makes a key and puts it in place whole, unless another process was first. */
function makeKeyFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.draft-${randomUUID()}`;
  const fd = openSync(draft, "wx", 0o600);
  try {
    writeSync(fd, `${randomBytes(KEY_BYTES).toString("base64")}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  try {
    linkSync(draft, file);
    flushFolder(dirname(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readKeyFile(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw userError(`the audit key cannot be read: ${(error as Error).message}`, {
      at: file,
      hint: "Let the user that runs Jingwei read it, or give the key as AUDIT_KEY.",
    });
  }
}

/**
 * The audit key and the place of the heads.
 *
 * @param dir folder of Jingwei (`JINGWEI_DIR`): the key is made in `<dir>/audit/key` (0600) at the first start
 * @param given `AUDIT_KEY`, base64; wins over the file. Several servers on one database share it.
 * @throws USER when the key cannot be read or is none
 */
export function openAuditKeeper(dir: string, given: string | undefined): AuditKeeper {
  const headsFile = join(dir, "audit", "heads.log");
  if (given !== undefined && given.trim() !== "") return { key: parseKey(given, "AUDIT_KEY"), headsFile };
  const file = join(dir, "audit", "key");
  let text = readKeyFile(file);
  if (text === undefined) {
    makeKeyFile(file);
    text = readKeyFile(file) ?? "";
  }
  return { key: parseKey(text, file), headsFile };
}
