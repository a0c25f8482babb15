import { createPrivateKey, randomUUID, X509Certificate } from "node:crypto";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import { generate } from "selfsigned";
import type { HostNames } from "./host-names.ts";

const DAY_MS = 86_400_000;
/** Browsers refuse server certificates that are valid for more than 398 days (CA/Browser Forum, ballot SC31). */
const SERVER_DAYS = 397;
const AUTHORITY_DAYS = 3_650;
/** A server certificate is renewed when this much of it is left; the authority must outlive what it signs. */
const RENEW_DAYS = 30;
/** Clocks of walls run slow: valid since yesterday. */
const BACKDATED_MS = DAY_MS;

/** Key and certificates in PEM form. */
export interface Certificate {
  readonly key: string;
  /** The server's certificate, then those that lead to its authority. */
  readonly cert: string;
  /** The authority that browsers are to trust; absent for a supplied certificate. */
  readonly authority?: { readonly file: string; readonly fingerprint: string; readonly cert: string };
}

interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

const KEYS = { keyType: "ec", curve: "P-256", algorithm: "sha256" } as const;

/** Key and certificate of a file pair; undefined when one is missing, broken, or they do not belong together. */
async function readPair(certFile: string, keyFile: string): Promise<KeyPair | undefined> {
  try {
    const [cert, key] = await Promise.all([readFile(certFile, "utf8"), readFile(keyFile, "utf8")]);
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)) ? { cert, key } : undefined;
  } catch {
    return undefined;
  }
}

/** Written beside and moved into place, so that a reader never sees half of a file. */
async function writeWhole(path: string, content: string, mode: number): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, content, { mode });
  await rename(draft, path);
}

async function writePair(pair: KeyPair, certFile: string, keyFile: string): Promise<void> {
  await writeWhole(keyFile, pair.key, 0o600);
  await writeWhole(certFile, pair.cert, 0o600);
}

const endsAfter = (cert: string, instantMs: number): boolean =>
  Date.parse(new X509Certificate(cert).validTo) > instantMs;

async function newAuthority(nowMs: number): Promise<KeyPair> {
  const made = await generate([{ name: "commonName", value: `Jingwei own authority ${randomUUID().slice(0, 8)}` }], {
    ...KEYS,
    notBeforeDate: new Date(nowMs - BACKDATED_MS),
    notAfterDate: new Date(nowMs + AUTHORITY_DAYS * DAY_MS),
    extensions: [
      { name: "basicConstraints", cA: true, pathLenConstraint: 0, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { key: made.private, cert: made.cert };
}

async function newServerPair(authority: KeyPair, { names, addresses }: HostNames, nowMs: number): Promise<KeyPair> {
  const made = await generate([{ name: "commonName", value: "Jingwei server" }], {
    ...KEYS,
    ca: authority,
    notBeforeDate: new Date(nowMs - BACKDATED_MS),
    notAfterDate: new Date(nowMs + (SERVER_DAYS - 1) * DAY_MS),
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          ...names.map((value) => ({ type: 2, value }) as const),
          ...addresses.map((ip) => ({ type: 7, ip }) as const),
        ],
      },
    ],
  });
  return { key: made.private, cert: made.cert };
}

/** Does a certificate stand for all of these, signed by this authority, long enough? */
function stillServes(pair: KeyPair, authority: KeyPair, { names, addresses }: HostNames, nowMs: number): boolean {
  const cert = new X509Certificate(pair.cert);
  const issuer = new X509Certificate(authority.cert);
  return (
    endsAfter(pair.cert, nowMs + RENEW_DAYS * DAY_MS) &&
    cert.checkIssued(issuer) &&
    cert.verify(issuer.publicKey) &&
    names.every((name) => cert.checkHost(name) !== undefined) &&
    addresses.every((address) => isIP(address) !== 0 && cert.checkIP(address) !== undefined)
  );
}

/**
 * The server's certificate from our own authority, both kept in a folder that only this user may read. Made where they
 * are missing; the certificate anew when it ends within 30 days or the machine has got another address. The authority
 * stays for ten years, so that browsers that trust it go on trusting; it is replaced only when it can no longer sign a
 * certificate that it outlives.
 *
 * @param folder e.g. `<JINGWEI_DIR>/tls`
 */
export async function ensureOwnCertificate(folder: string, wanted: HostNames, nowMs: number): Promise<Certificate> {
  const file = (name: string): string => join(folder, name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const kept = await readPair(file("authority.pem"), file("authority.key"));
  const lasts = kept && endsAfter(kept.cert, nowMs + (SERVER_DAYS + RENEW_DAYS) * DAY_MS);
  const authority = lasts ? kept : await newAuthority(nowMs);
  if (!lasts) await writePair(authority, file("authority.pem"), file("authority.key"));
  const served = await readPair(file("server.pem"), file("server.key"));
  const serves = served && stillServes(served, authority, wanted, nowMs);
  const server = serves ? served : await newServerPair(authority, wanted, nowMs);
  if (!serves) await writePair(server, file("server.pem"), file("server.key"));
  return {
    key: server.key,
    cert: `${server.cert.trimEnd()}\n${authority.cert.trimEnd()}\n`,
    authority: {
      file: file("authority.pem"),
      fingerprint: new X509Certificate(authority.cert).fingerprint256,
      cert: authority.cert,
    },
  };
}
