import { type ApolloServerPlugin, HeaderMap } from "@apollo/server";
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from "graphql";
import { areaListParams, CONTENT_VERSION_SQL } from "../../db/repositories/area-json-repository.ts";
import { type RequestContext, scopeKey, viewerScope } from "../context.ts";
import type { ErrorLog } from "../errors.ts";
import { AnswerCache, type Versioned } from "./answer-cache.ts";
import { type AreaListPlan, type AreaListQuestion, areaListPlan, areaListQuery } from "./area-list-plan.ts";
import { LateReads } from "./late-reads.ts";
import { RawJson } from "./raw-json.ts";

type Plans = WeakMap<OperationDefinitionNode, AreaListPlan | null>;

/** Plan of an operation; made once for a document, which Apollo keeps parsed and validated. */
function planOf(
  plans: Plans,
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): AreaListPlan | null {
  const known = plans.get(operation);
  if (known !== undefined) return known;
  const made = areaListPlan(schema, document, operation) ?? null;
  plans.set(operation, made);
  return made;
}

/** Answers of the plan's connection: its list as the database wrote it. */
const dataOf = ({ key, connection }: AreaListPlan, nodes: string): Record<string, unknown> => ({
  [key]: Object.fromEntries(
    connection.map(({ key: name, field }) => [name, field === "nodes" ? new RawJson(nodes) : "AreaConnection"]),
  ),
});

/**
 * Answers operations that one statement can answer whole; every other goes on to the resolvers, which also say what is
 * wrong where the database refuses.
 */
export function directAnswers(log: ErrorLog): ApolloServerPlugin<RequestContext> {
  const plans: Plans = new WeakMap();
  const shared: Shared = { cache: new AnswerCache(), versions: new LateReads() };
  return {
    requestDidStart: async () => ({
      responseForOperation: async ({ schema, document, operation, contextValue, request }) => {
        const plan = planOf(plans, schema, document, operation);
        const query = plan && areaListQuery(schema, plan, contextValue, request.variables ?? {});
        if (!plan || !query) return null;
        const scope = viewerScope(contextValue, query.county);
        const answer = await answerTo(shared, contextValue, scope, plan, query).catch((err: unknown) => {
          log({ err }, "a direct answer failed");
          return undefined;
        });
        // Where the area is not there, the resolvers say so.
        if (!answer) return null;
        const http = { headers: new HeaderMap(), status: undefined };
        return { http, body: { kind: "single", singleResult: { data: dataOf(plan, answer.text) } } };
      },
    }),
  };
}

/** What viewers of one server share. */
interface Shared {
  readonly cache: AnswerCache;
  /** Versions of counties' data. */
  readonly versions: LateReads<string | undefined>;
}

/**
 * Reads the list, or shares an answer that was read for the same scope: equal scopes are cut alike by the database. What is
 * asked about now is shared until something inside begins or ends, and as long as the version is the same.
 */
function answerTo(
  { cache, versions }: Shared,
  { database, nowMs }: RequestContext,
  scope: ReturnType<typeof viewerScope>,
  { id, sql, lastingSql }: AreaListPlan,
  query: AreaListQuestion,
): Promise<Versioned | undefined> {
  const { county, inside, levels, limit, now } = query;
  return cache.answer(
    JSON.stringify([id, scopeKey(scope), inside, levels, limit, now ? "now" : query.at]),
    nowMs,
    () => versions.read(county, () => database.readText({ kind: "county", county }, CONTENT_VERSION_SQL, [county])),
    async () => {
      const text = await database.readText(scope, now ? lastingSql : sql, areaListParams(query));
      return text === undefined ? undefined : versioned(text, now ? nowMs : undefined);
    },
  );
}

/** Takes `version until list` apart. @param from when an answer that lasts was asked for, epoch ms */
function versioned(text: string, from: number | undefined): Versioned {
  const first = text.indexOf(" ");
  const second = text.indexOf(" ", first + 1);
  const read = { version: text.slice(0, first), text: text.slice(second + 1) };
  return from === undefined ? read : { ...read, lasts: { from, until: 1000 * Number(text.slice(first + 1, second)) } };
}
