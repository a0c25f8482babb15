import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/**
 * 256 random bits: beyond guessing, so that a plain SHA-256 is enough to keep them (NIST SP 800-63B section 5.1.2.2 asks
 * for salted, slow hashes below 112 bits only).
 */
const SECRET_BYTES = 32;

/** A secret as it is handed out once: 43 characters of base64url. */
export const newSecret = (): string => randomBytes(SECRET_BYTES).toString("base64url");

/** What is kept of a secret: SHA-256 in lower-case hex. */
export const hashSecret = (secret: string): string => createHash("sha256").update(secret, "utf8").digest("hex");

/** Compares two texts in a time that says nothing about where they differ. */
export function sameText(a: string, b: string): boolean {
  const left = createHash("sha256").update(a, "utf8").digest();
  const right = createHash("sha256").update(b, "utf8").digest();
  return timingSafeEqual(left, right);
}

/** Does a secret belong to a kept hash? */
export const matchesHash = (secret: string, hash: string | null): boolean =>
  hash !== null && sameText(hashSecret(secret), hash);

/** Which row a secret claims to be of. */
export interface Credential {
  readonly county: string;
  readonly id: string;
  readonly secret: string;
}

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const COOKIE = new RegExp(`^(\\d{6})\\.(${UUID})\\.([A-Za-z0-9_-]{43})$`);
const BEARER = new RegExp(`^jw_(\\d{6})_(${UUID})_([A-Za-z0-9_-]{43})$`);

function parse(pattern: RegExp, text: string | undefined): Credential | undefined {
  const [, county, id, secret] = pattern.exec(text ?? "") ?? [];
  return county && id && secret ? { county, id, secret } : undefined;
}

/** Text of cookies and one-time links: `<county>.<uuid>.<secret>`. */
export const cookieText = ({ county, id, secret }: Credential): string => `${county}.${id}.${secret}`;

/** A cookie's or link's credential; undefined when the text is not one. */
export const parseCookieText = (text: string | undefined): Credential | undefined => parse(COOKIE, text);

/** Text of API tokens: `jw_<county>_<uuid>_<secret>`; the prefix lets scanners for leaked secrets find it. */
export const bearerText = ({ county, id, secret }: Credential): string => `jw_${county}_${id}_${secret}`;

/** A bearer token's credential; undefined when the text is not one. */
export const parseBearerText = (text: string | undefined): Credential | undefined => parse(BEARER, text);

/**
 * Token against cross-site requests of a cookie's owner: derived from its secret, so that nothing more is stored and it
 * ends with it; it does not reveal it.
 */
export const csrfTokenOf = (secret: string): string =>
  createHmac("sha256", secret).update("jingwei csrf", "utf8").digest("base64url");
