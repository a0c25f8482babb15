import type { TypedDocumentNode } from "urql";
import { useLiveRefetch } from "../app/use-live.ts";
import { type QueryState, useQuery } from "../gql/use-query.ts";

const CASES = { kinds: ["INCIDENT"] } as const;

/** A query of what cases are made of, read anew when cases change and by no timer. */
export function useLiveQuery<Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): QueryState<Data> {
  const state = useQuery(document, variables);
  useLiveRefetch(CASES, state.retry);
  return state;
}
