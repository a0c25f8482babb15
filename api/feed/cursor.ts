import { type Cipher, createCipheriv, createDecipheriv } from "node:crypto";
import type { Sealer } from "../seal/sealer.ts";
import type { FeedPosition } from "./event-bus.ts";

/** Epoch (ms) and number, 48 bits each, and 32 bits that must be zero: what was made up is taken for none. */
const BLOCK_BYTES = 16;
const NUMBER_BYTES = 6;
const CIPHER = "aes-256-ecb";

/** One key per county: a cursor of one is none of another. */
const keys = new WeakMap<Sealer, Map<string, Uint8Array>>();

function keyOf(sealer: Sealer, county: string): Uint8Array {
  const known = keys.get(sealer) ?? new Map<string, Uint8Array>();
  keys.set(sealer, known);
  const key = known.get(county) ?? sealer.digest("cursor", county);
  known.set(county, key);
  return key;
}

/** One cipher per key: to this mode each block is a message of its own, and to make one costs more than a block. */
const ciphers = new WeakMap<Uint8Array, Cipher>();

function cipherOf(key: Uint8Array): Cipher {
  const known = ciphers.get(key) ?? createCipheriv(CIPHER, key, null).setAutoPadding(false);
  ciphers.set(key, known);
  return known;
}

/**
 * A place in a county's feed as clients carry it, 22 characters. Enciphered: from two readable places anybody could tell how
 * many changes lie between them, those included that the viewer may not see. One block under a key of the county's own (AES as
 * a permutation of 16 bytes), so that a place has one cursor whoever makes it, and what is sent to many is made once.
 */
export function formatCursor(sealer: Sealer, county: string, { epoch, seq }: FeedPosition): string {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.writeUIntBE(epoch, 0, NUMBER_BYTES);
  block.writeUIntBE(seq, NUMBER_BYTES, NUMBER_BYTES);
  return cipherOf(keyOf(sealer, county)).update(block).toString("base64url");
}

/** The place that a cursor names; undefined for what is none of this county's. */
export function parseCursor(sealer: Sealer, county: string, cursor: string): FeedPosition | undefined {
  const bytes = Buffer.from(cursor, "base64url");
  if (bytes.length !== BLOCK_BYTES) return undefined;
  const opener = createDecipheriv(CIPHER, keyOf(sealer, county), null).setAutoPadding(false);
  const block = opener.update(bytes);
  if (block.readUInt32BE(2 * NUMBER_BYTES) !== 0) return undefined;
  return { epoch: block.readUIntBE(0, NUMBER_BYTES), seq: block.readUIntBE(NUMBER_BYTES, NUMBER_BYTES) };
}
