import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parse } from "graphql";
import { AppError } from "../../data/model/errors.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { unauthenticated } from "../channels.ts";
import { documentHash } from "./document-hash.ts";

const MANIFEST = new URL("../generated/trusted-documents.json", import.meta.url);
/** Sources that were found to be trusted; a client has some dozens of documents. */
const REMEMBERED = 1_000;

/** Hashes of the documents that this version's client sends (`npm run codegen`). */
export const readTrustedDocuments = (): ReadonlySet<string> =>
  new Set(Object.keys(JSON.parse(readFileSync(MANIFEST, "utf8")) as Record<string, string>));

/** Is a source one of the trusted documents? What cannot be parsed is not. */
export function isTrusted(source: string, trusted: ReadonlySet<string>, maxTokens: number): boolean {
  try {
    return trusted.has(documentHash(parse(source, { noLocation: true, maxTokens })));
  } catch {
    return false;
  }
}

/** Throws for a document that a viewer may not send. */
export type RequireTrusted = (viewer: Viewer | null, source: string) => void;

/**
 * Refuses every document that is not the client's own, before it is read any further: a stolen session can then be used
 * for nothing that the client does not do. API tokens may send documents of their own, within the limits of all.
 *
 * @returns throws FORBIDDEN for a viewer who may not send the source, UNAUTHENTICATED for nobody
 */
export function trustedDocuments(maxTokens: number): RequireTrusted {
  const trusted = readTrustedDocuments();
  const known = new Set<string>();
  return (viewer, source) => {
    if (viewer?.kind === "token") return;
    const hash = createHash("sha256").update(source).digest("hex");
    if (known.has(hash)) return;
    if (!isTrusted(source, trusted, maxTokens)) {
      // Whoever comes with a token that has ended must hear that, not that the document is at fault.
      if (!viewer) throw unauthenticated("query");
      throw new AppError("USER", "this document is not one of the client's", {
        code: "FORBIDDEN",
        at: "query",
        hint: "Programs ask with an API token: jingwei token add.",
      });
    }
    if (known.size >= REMEMBERED) known.clear();
    known.add(hash);
  };
}
