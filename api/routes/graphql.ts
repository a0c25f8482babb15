import { ApolloServer } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance } from "fastify";
import type { ContextOf, RequestContext } from "../context.ts";
import { type ErrorLog, graphqlErrorFormatter } from "../errors.ts";
import { queryLimitsPlugin } from "../query-limits.ts";
import { buildGraphqlSchema } from "../schema/index.ts";

/** Largest GraphQL request in bytes. */
const BODY_LIMIT = 256 * 1024;
/** Largest document in tokens. */
const MAX_TOKENS = 5_000;

/** POST `/graphql`: Apollo Server behind Fastify. */
export async function graphqlRoutes(app: FastifyInstance, contextOf: ContextOf, log: ErrorLog): Promise<void> {
  const apollo = new ApolloServer<RequestContext>({
    schema: buildGraphqlSchema(),
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    // Fastify drains its requests and then stops Apollo, below; whoever started the server handles signals.
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    formatError: graphqlErrorFormatter(log),
    plugins: [
      // It instruments every field: a quarter of the time of wide lists.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      queryLimitsPlugin(),
    ],
  });
  await apollo.start();
  app.addHook("onClose", () => apollo.stop());
  app.route({
    method: "POST",
    url: "/graphql",
    config: { channel: "graphql" },
    bodyLimit: BODY_LIMIT,
    handler: fastifyApolloHandler(apollo, { context: (request) => contextOf(request) }),
  });
}
