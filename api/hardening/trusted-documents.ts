import { readFileSync } from "node:fs";
import type { ApolloServerPlugin } from "@apollo/server";
import { GraphQLError, parse } from "graphql";
import { AppError } from "../../data/model/errors.ts";
import type { RequestContext } from "../context.ts";
import { documentHash } from "./document-hash.ts";

const MANIFEST = new URL("../generated/trusted-documents.json", import.meta.url);
/** Answers by source text; a client has some dozens of documents. */
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

/**
 * Refuses every document that is not the client's own, before it is validated: a stolen session can then be used for
 * nothing that the client does not do. API tokens may send documents of their own, within the limits of all.
 */
export function trustedDocumentsPlugin(maxTokens: number): ApolloServerPlugin<RequestContext> {
  const trusted = readTrustedDocuments();
  const known = new Map<string, boolean>();
  const check = (hash: string, source: string): boolean => {
    const answer = known.get(hash) ?? isTrusted(source, trusted, maxTokens);
    if (known.size >= REMEMBERED) known.clear();
    known.set(hash, answer);
    return answer;
  };
  return {
    requestDidStart: async () => ({
      didResolveSource: async ({ contextValue, queryHash, source }) => {
        if (contextValue.viewer?.kind === "token" || check(queryHash, source)) return;
        const error = new AppError("USER", "this document is not one of the client's", {
          code: "FORBIDDEN",
          at: "query",
          hint: "Programs ask with an API token: jingwei token add.",
        });
        throw new GraphQLError(error.message, { originalError: error, extensions: { http: { status: 403 } } });
      },
    }),
  };
}
