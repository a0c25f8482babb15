import { Client, fetchExchange } from "urql";
import { csrfHeaders } from "../app/csrf.ts";

/** GraphQL client without a normalised cache: geometry and counts are never merged by id. */
export const graphqlClient = new Client({
  url: "/graphql",
  exchanges: [fetchExchange],
  preferGetMethod: false,
  // Every operation is a POST with the session cookie.
  fetchOptions: () => ({ headers: csrfHeaders() }),
  requestPolicy: "network-only",
});
