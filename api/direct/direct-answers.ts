import { type ApolloServerPlugin, HeaderMap } from "@apollo/server";
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from "graphql";
import { areaListParams } from "../../db/repositories/area-json-repository.ts";
import { type RequestContext, viewerScope } from "../context.ts";
import type { ErrorLog } from "../errors.ts";
import { type AreaListPlan, areaListPlan, areaListQuery } from "./area-list-plan.ts";
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
  return {
    requestDidStart: async () => ({
      responseForOperation: async ({ schema, document, operation, contextValue, request }) => {
        const plan = planOf(plans, schema, document, operation);
        const query = plan && areaListQuery(schema, plan, contextValue, request.variables ?? {});
        if (!plan || !query) return null;
        const scope = viewerScope(contextValue, query.county);
        const nodes = await contextValue.database
          .readText(scope, plan.sql, areaListParams(query))
          .catch((error: unknown) => {
            log({ err: error }, "a direct answer failed");
            return undefined;
          });
        // Where the area is not there, the resolvers say so.
        if (nodes === undefined) return null;
        const http = { headers: new HeaderMap(), status: undefined };
        return { http, body: { kind: "single", singleResult: { data: dataOf(plan, nodes) } } };
      },
    }),
  };
}
