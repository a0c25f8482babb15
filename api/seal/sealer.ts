import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import { bugError, userError } from "../../data/model/errors.ts";

/** First byte of what is sealed: how the rest is to be read. */
const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Texts are filled up to a multiple of this, so that the length tells no phone number from a mailbox. */
const BLOCK_BYTES = 64;
export const SEAL_KEY_BYTES = 32;
const MAX_DERIVED = 64;

/**
 * Seals short texts with AES-256-GCM (NIST SP 800-38D) and makes keyed digests. Each purpose has a key of its own, derived
 * from the server's by HKDF (RFC 5869).
 */
export class Sealer {
  readonly #key: Uint8Array;
  /** Keys by purpose: deriving one takes longer than using it. */
  readonly #derived = new Map<string, KeyObject>();

  /** @param key 32 random bytes that are not kept in the database */
  constructor(key: Uint8Array) {
    if (key.length !== SEAL_KEY_BYTES) throw bugError(`A seal key has ${SEAL_KEY_BYTES} bytes, not ${key.length}`);
    this.#key = Uint8Array.from(key);
  }

  #derive(purpose: string): KeyObject {
    const known = this.#derived.get(purpose);
    if (known) return known;
    const bytes = hkdfSync("sha256", this.#key, "", `jingwei/${purpose}`, SEAL_KEY_BYTES);
    const key = createSecretKey(new Uint8Array(bytes));
    // Purposes are few words of the program's own; should one ever hold a number, it must not fill the memory.
    if (this.#derived.size < MAX_DERIVED) this.#derived.set(purpose, key);
    return key;
  }

  /**
   * Seals a text.
   *
   * @param about what it belongs to, e.g. table, county and row: sealed bytes that are moved elsewhere do not open
   * @returns format, nonce, ciphertext, tag
   */
  seal(text: string, about: string): Uint8Array {
    const plain = Buffer.from(text, "utf8");
    if (plain.includes(0)) throw userError("a text with a NUL character cannot be sealed");
    const filled = Buffer.alloc(Math.ceil((plain.length + 1) / BLOCK_BYTES) * BLOCK_BYTES);
    plain.copy(filled);
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#derive("seal"), nonce);
    cipher.setAAD(Buffer.from(about, "utf8"));
    return Buffer.concat([Buffer.of(FORMAT), nonce, cipher.update(filled), cipher.final(), cipher.getAuthTag()]);
  }

  /**
   * Opens what `seal` made.
   *
   * @throws USER error when it was sealed under another key, for something else, or was changed
   */
  open(sealed: Uint8Array, about: string): string {
    const bytes = Buffer.from(sealed);
    try {
      if (bytes[0] !== FORMAT) throw new Error("unknown format");
      const start = 1 + NONCE_BYTES;
      const end = bytes.length - TAG_BYTES;
      const opener = createDecipheriv("aes-256-gcm", this.#derive("seal"), bytes.subarray(1, start));
      opener.setAAD(Buffer.from(about, "utf8"));
      opener.setAuthTag(bytes.subarray(end));
      const filled = Buffer.concat([opener.update(bytes.subarray(start, end)), opener.final()]);
      return filled.subarray(0, filled.indexOf(0)).toString("utf8");
    } catch {
      // The cause says nothing more, and must not carry bytes into a log.
      throw userError("what is sealed here cannot be opened", {
        code: "INTERNAL",
        hint: "It was sealed under another key: restore SEAL_KEY or the seal.key of the time.",
      });
    }
  }

  /** HMAC-SHA-256 of a text under the key of a purpose: nobody without the server's key can try guesses on it. */
  digest(purpose: string, text: string): Uint8Array {
    return createHmac("sha256", this.#derive(purpose)).update(text, "utf8").digest();
  }
}
