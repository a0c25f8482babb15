import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals short texts that a browser keeps for us: it can neither read nor change them (AES-256-GCM). The key comes from a
 * secret that every process of the server has, so that any of them opens what another one sealed.
 *
 * @param purpose separates keys of one secret from each other
 */
export function textSealer(
  secret: string,
  purpose: string,
): {
  readonly seal: (text: string) => string;
  /** Undefined when the text was not sealed here or was changed. */
  readonly open: (sealed: string) => string | undefined;
} {
  const key = new Uint8Array(hkdfSync("sha256", secret, "", `jingwei ${purpose}`, 32));
  return {
    seal(text) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, iv);
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64url");
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, "base64url");
      if (bytes.length < IV_BYTES + TAG_BYTES) return undefined;
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString(
          "utf8",
        );
      } catch {
        return undefined;
      }
    },
  };
}
