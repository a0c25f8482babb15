import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  NoSchemaIntrospectionCustomRule,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from "graphql";
import type { SubscribePayload } from "graphql-ws";
import { AppError } from "../../data/model/errors.ts";
import type { RequestContext } from "../context.ts";
import type { RequireTrusted } from "../hardening/trusted-documents.ts";
import { checkOperation } from "../query-limits.ts";

export interface OperationRules {
  readonly schema: GraphQLSchema;
  /** No introspection, and sessions send the client's own documents only. */
  readonly production: boolean;
  /** Throws for a document that the viewer may not send; absent where any may be sent. */
  readonly requireTrusted: RequireTrusted | undefined;
  readonly maxTokens: number;
}

/** An error of ours as graphql-js carries it; the formatter finds it again. */
export const asGraphqlError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError
    ? error
    : new GraphQLError(error instanceof Error ? error.message : "error", {
        ...(error instanceof Error ? { originalError: error } : {}),
      });

/** Documents that were found valid, the latest last: after a restart every screen sends the same few at once. */
const MOST_KEPT = 100;
const valid = new WeakMap<GraphQLSchema, Map<string, DocumentNode>>();

/** @returns the parsed document, one for equal texts, or what is wrong with it */
function validDocument(
  schema: GraphQLSchema,
  production: boolean,
  maxTokens: number,
  query: string,
): DocumentNode | readonly GraphQLError[] {
  const kept = valid.get(schema) ?? new Map<string, DocumentNode>();
  valid.set(schema, kept);
  const known = kept.get(query);
  if (known) return known;
  const document = parse(query, { maxTokens });
  const rules = production ? [...specifiedRules, NoSchemaIntrospectionCustomRule] : specifiedRules;
  const wrong = validate(schema, document, rules);
  if (wrong.length > 0) return wrong;
  kept.set(query, document);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  return document;
}

/**
 * What a message `subscribe` asks to run, checked by the same rules as a request over HTTP. Only subscriptions run over a
 * socket: queries and mutations have guards of their own on the way of HTTP.
 *
 * @returns errors for the client, or what graphql-js runs
 */
export function prepareOperation(
  { schema, production, requireTrusted, maxTokens }: OperationRules,
  context: RequestContext,
  { query, operationName, variables }: SubscribePayload,
): ExecutionArgs | readonly GraphQLError[] {
  try {
    requireTrusted?.(context.viewer, query);
    const document = validDocument(schema, production, maxTokens, query);
    if (!("kind" in document)) return document;
    const operation = getOperationAST(document, operationName);
    if (operation?.operation !== OperationTypeNode.SUBSCRIPTION)
      throw new AppError("USER", "only subscriptions run over a socket", {
        code: "BAD_USER_INPUT",
        at: "query",
        hint: "Send queries and mutations to POST /graphql.",
      });
    const fragments = document.definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
    checkOperation(schema, operation, fragments, variables ?? {});
    return { schema, document, operationName, variableValues: variables, contextValue: context };
  } catch (error) {
    return [asGraphqlError(error)];
  }
}
