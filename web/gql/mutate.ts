import type { TypedDocumentNode } from "urql";
import { graphqlClient } from "./client.ts";
import { outdateRequests, RequestError } from "./request.ts";

/**
 * One GraphQL write over the urql client.
 *
 * @throws RequestError when the server cannot be reached or refuses
 */
export async function mutate<Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const result = await graphqlClient.mutation(document, variables).toPromise();
  // Also after a failure: what was lost may have been the answer, not the write.
  outdateRequests();
  if (result.data && !result.error) return result.data;
  const first = result.error?.graphQLErrors[0];
  const told = (name: string): string | undefined => {
    const value = first?.extensions[name];
    return typeof value === "string" ? value : undefined;
  };
  throw new RequestError(
    first?.message ?? result.error?.message ?? "no answer",
    told("hint"),
    !!result.error?.networkError,
    told("code"),
    told("path"),
  );
}
