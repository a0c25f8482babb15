import { createHash, timingSafeEqual } from "node:crypto";
import type { Sealer } from "../../seal/sealer.ts";

/** Crockford's base 32: no I, L, O, U, so that a code can be read aloud and copied by hand. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** 13 × 5 = 65 bits: beyond guessing even without the limit on attempts. */
const CODE_LENGTH = 13;

/**
 * The code that opens a report together with its order number, `XXXX-XXXX-XXXXX`. It is derived from the server's key, so
 * that a repeated request gets the same receipt although only a hash of the code is kept.
 */
export function reportCode(sealer: Sealer, county: string, incidentId: string): string {
  const bytes = sealer.digest("report-code", `${county}/${incidentId}`);
  let code = "";
  for (let i = 0; i < CODE_LENGTH; i++) code += ALPHABET.charAt((bytes[i] as number) & 31);
  return `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`;
}

/** A code as people write it, in its bare form: O read as 0, I and L as 1, without spaces and dashes. */
const bareCode = (text: string): string =>
  text
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");

/** What is kept of a code: its hash with the report it belongs to. */
export const hashReportCode = (county: string, incidentId: string, code: string): string =>
  createHash("sha256")
    .update(`${county}/${incidentId}/${bareCode(code)}`, "utf8")
    .digest("hex");

/** True when a code has the hash; takes equally long wherever they differ. */
export const isReportCode = (county: string, incidentId: string, code: string, hash: string): boolean =>
  timingSafeEqual(Buffer.from(hashReportCode(county, incidentId, code)), Buffer.from(hash));
