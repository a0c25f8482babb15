import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { userError } from "../../data/model/errors.ts";
import { isLoopbackHost } from "../auth/connection.ts";
import type { Config } from "../config.ts";
import { hostNames } from "./host-names.ts";
import { type Certificate, ensureOwnCertificate } from "./own-certificate.ts";

/** How the server is spoken to. */
export interface Transport {
  /** Reads the certificate to serve now: called at start and from time to time; undefined = plain HTTP. */
  readonly certificate?: (() => Promise<Certificate>) | undefined;
}

async function readPem(path: string, at: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw userError(`${at} cannot be read: ${(error as Error).message}`, { at, hint: "Give the path of a PEM file." });
  }
}

/** A certificate that somebody else made, e.g. the county's own authority or certbot. */
async function suppliedCertificate(certFile: string, keyFile: string, nowMs: number): Promise<Certificate> {
  const [cert, key] = await Promise.all([readPem(certFile, "TLS_CERT"), readPem(keyFile, "TLS_KEY")]);
  let parsed: X509Certificate;
  let matches: boolean;
  try {
    parsed = new X509Certificate(cert);
    matches = parsed.checkPrivateKey(createPrivateKey(key));
  } catch (error) {
    throw userError(`TLS_CERT or TLS_KEY is not PEM: ${(error as Error).message}`, {
      at: "TLS_CERT",
      hint: "TLS_CERT is the certificate followed by those that lead to its authority; TLS_KEY is its key without a password.",
    });
  }
  if (!matches)
    throw userError("the key of TLS_KEY does not belong to the certificate of TLS_CERT", {
      at: "TLS_KEY",
      hint: "The server's own certificate must come first in TLS_CERT.",
    });
  if (Date.parse(parsed.validTo) <= nowMs)
    throw userError(`the certificate of TLS_CERT ended on ${parsed.validTo}`, {
      at: "TLS_CERT",
      hint: "Put a renewed one in its place.",
    });
  return { key, cert };
}

/**
 * Decides how a configuration listens: with a supplied certificate wherever one is given; with our own on an address that
 * others can reach; plain on this machine alone, behind a proxy, or where plain is asked for (then nobody can sign in).
 *
 * @param insecure plain HTTP was asked for (`--insecure-http`)
 * @throws AppError USER when the two wishes contradict each other
 */
export function transportOf(config: Config, insecure: boolean, now: () => number): Transport {
  const supplied = config.tls;
  if (supplied && insecure)
    throw userError("TLS_CERT asks for TLS and --insecure-http for none", {
      at: "--insecure-http",
      hint: "Leave one of them out.",
    });
  if (supplied) return { certificate: () => suppliedCertificate(supplied.cert, supplied.key, now()) };
  if (insecure || isLoopbackHost(config.host)) return {};
  return { certificate: () => ensureOwnCertificate(join(config.dir, "tls"), hostNames(config.host), now()) };
}
