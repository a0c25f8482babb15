import { Client, fetchExchange } from "urql";

/** GraphQL client without a normalised cache: geometry and counts are never merged by id. */
export const graphqlClient = new Client({
  url: "/graphql",
  exchanges: [fetchExchange],
  preferGetMethod: false,
  requestPolicy: "network-only",
});
