import { createRequest, type TypedDocumentNode } from "urql";
import { reportUnauthenticated } from "../app/csrf.ts";
import { graphqlClient } from "./client.ts";

/** What the server said went wrong, with its hint. */
export class RequestError extends Error {
  readonly hint: string | undefined;
  /** False when the server answered at all: then the connection is fine. */
  readonly offline: boolean;
  /** Code of the first error, e.g. FORBIDDEN (DESIGN section 3). */
  readonly code: string | undefined;
  /** What is at fault, e.g. `input.title`, so that it can be said at the field. */
  readonly at: string | undefined;
  constructor(message: string, hint: string | undefined, offline: boolean, code?: string, at?: string) {
    super(message);
    this.code = code;
    this.at = at;
    this.name = "RequestError";
    this.hint = hint;
    this.offline = offline;
  }
}

/** Keys of requests that stand alone; those of requests that equal ones share are never below zero. */
let lastKey = 0;
/** Grows with everything that makes answers on their way out of date. */
let epoch = 0;
/** urql's keys are 32 bits of hash (`createRequest`). */
const KEYS = 2 ** 32;

/**
 * What was asked before this is answered to whoever asked it, and to nobody who asks from here on: after a write, a live
 * change or a change of the viewer, an answer that is on its way says what was.
 */
export const outdateRequests = (): void => {
  epoch++;
};

/**
 * One GraphQL operation over the urql client, without a cache. Equal requests that are under way at once share one answer
 * unless something came between them (`outdateRequests`) or a signal is given: whoever asks anew after a cancellation must
 * not be handed the cancelled one.
 *
 * @throws RequestError when the server cannot be reached or answers with errors
 */
export async function request<Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Data> {
  const asked = createRequest(document, variables);
  const result = await (signal
    ? graphqlClient.executeQuery(
        { ...asked, key: --lastKey },
        { fetch: (input, init) => fetch(input, { ...init, signal }) },
      )
    : graphqlClient.executeQuery({ ...asked, key: epoch * KEYS + asked.key })
  ).toPromise();
  if (result.data && !result.error) return result.data;
  const first = result.error?.graphQLErrors[0];
  const hint = first?.extensions["hint"];
  const code = first?.extensions["code"];
  if (code === "UNAUTHENTICATED" || result.error?.response?.status === 401) reportUnauthenticated();
  throw new RequestError(
    first?.message ?? result.error?.message ?? "no answer",
    typeof hint === "string" ? hint : undefined,
    !!result.error?.networkError,
    typeof code === "string" ? code : undefined,
  );
}
