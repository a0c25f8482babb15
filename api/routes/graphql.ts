import { ApolloServer } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { GraphQLSchema } from "graphql";
import type { ContextOf, RequestContext } from "../context.ts";
import { directAnswers } from "../direct/direct-answers.ts";
import { stringifyWithRaw } from "../direct/raw-json.ts";
import { type ErrorLog, graphqlErrorFormatter } from "../errors.ts";
import { readOnlyKiosksPlugin } from "../hardening/read-only-kiosks.ts";
import type { RequireTrusted } from "../hardening/trusted-documents.ts";
import { queryLimitsPlugin } from "../query-limits.ts";

/** Largest GraphQL request in bytes. */
const BODY_LIMIT = 256 * 1024;
/** Largest document in tokens. */
export const MAX_TOKENS = 5_000;

/**
 * POST `/graphql`: Apollo Server behind Fastify.
 *
 * @param production no introspection, and sessions send the client's own documents only
 */
export async function graphqlRoutes(
  app: FastifyInstance,
  schema: GraphQLSchema,
  contextOf: ContextOf,
  log: ErrorLog,
  production: boolean,
  requireTrusted: RequireTrusted | undefined,
): Promise<void> {
  const apollo = new ApolloServer<RequestContext>({
    schema,
    introspection: !production,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    // A document that one viewer may send must not be at another's hand by its hash.
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    // Fastify drains its requests and then stops Apollo, below; whoever started the server handles signals.
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    formatError: graphqlErrorFormatter(log),
    stringifyResult: stringifyWithRaw,
    plugins: [
      // It instruments every field: a quarter of the time of wide lists.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      readOnlyKiosksPlugin(),
      queryLimitsPlugin(),
      // After the limits: it answers.
      directAnswers(log),
    ],
  });
  await apollo.start();
  const contexts = new WeakMap<FastifyRequest, RequestContext>();
  app.addHook("onClose", () => apollo.stop());
  app.route({
    method: "POST",
    url: "/graphql",
    config: { channel: "graphql" },
    bodyLimit: BODY_LIMIT,
    // Who asks is found out before Apollo, which would call every refusal an error of the server.
    preHandler: async (request) => {
      const context = await contextOf(request);
      const { query } = (request.body ?? {}) as { readonly query?: unknown };
      if (typeof query === "string") requireTrusted?.(context.viewer, query);
      contexts.set(request, context);
    },
    handler: fastifyApolloHandler(apollo, { context: async (request) => contexts.get(request) ?? contextOf(request) }),
  });
}
