import type { ApolloServerPlugin } from "@apollo/server";
import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import { AppError } from "../data/model/errors.ts";
import type { RequestContext } from "./context.ts";
import { pageSize } from "./services/page.ts";

/** How many fields may lie in each other. */
export const MAX_DEPTH = 15;
/** Most field values that an operation may ask for, estimated from its page sizes. */
export const MAX_COST = 250_000;
/** Most fields in one selection, fragments included: no type has as many. */
export const MAX_BREADTH = 100;
/** Most fields that an operation names in all, each fragment counted where it is spread. */
export const MAX_FIELDS = 1_000;
/** Most renamed fields: one request is not to try a thousand codes or order numbers. */
export const MAX_ALIASES = 30;
/** Most values in a list that is passed in: filters name some dozens of classes or areas. */
export const MAX_LIST = 1_000;
/** Most writes in one operation: each is a transaction of its own, and its cost is not in the values it gives back. */
export const MAX_WRITES = 10;
/** Assumed length of lists without `first` (ancestors, events, posts). */
const LIST_LENGTH = 8;

const isList = (type: GraphQLOutputType): boolean =>
  type instanceof GraphQLList || (type instanceof GraphQLNonNull && type.ofType instanceof GraphQLList);

const tooComplex = (message: string, hint: string): AppError =>
  new AppError("USER", message, { code: "TOO_COMPLEX", hint });

/** What measuring an operation needs, and what it has counted so far. */
interface Measured {
  /** Selections visited: a fragment of fragments costs time before it costs a row. */
  visited: number;
  aliases: number;
  writes: number;
  /** True once a page size came from the variables: the cost is then that of these variables only. */
  depends: boolean;
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Page size that a field asks for; undefined when it has no `first`. */
function firstOf(field: GraphQLField<unknown, unknown>, node: FieldNode, measured: Measured): number | undefined {
  const definition = field.args.find(({ name }) => name === "first");
  if (!definition) return undefined;
  const given = node.arguments?.find(({ name }) => name.value === "first")?.value;
  let value: unknown = definition.defaultValue;
  if (given?.kind === Kind.INT) value = Number(given.value);
  if (given?.kind === Kind.VARIABLE) {
    measured.depends = true;
    value = measured.variables[given.name.value] ?? value;
  }
  return pageSize(typeof value === "number" ? value : undefined, 100);
}

/** Counts a selection that is visited; a fragment counts as often as it is spread. */
function count(measured: Measured, selection: SelectionNode): void {
  measured.visited++;
  if (selection.kind === Kind.FIELD && selection.alias) measured.aliases++;
  if (measured.visited > MAX_FIELDS)
    throw tooComplex(`the operation names more than ${MAX_FIELDS} fields`, "Ask in several operations.");
  if (measured.aliases > MAX_ALIASES)
    throw tooComplex(`the operation renames more than ${MAX_ALIASES} fields`, "Ask in several operations.");
}

/** Lists that come in as variables, at any depth; the tokens of a document limit those written into it. */
function checkLists(variables: Readonly<Record<string, unknown>>): void {
  // A queue, not recursion: the depth of JSON is the sender's choice.
  const queue: unknown[] = [variables];
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    if (typeof value !== "object" || value === null) continue;
    if (Array.isArray(value) && value.length > MAX_LIST)
      throw tooComplex(`a list in the variables has more than ${MAX_LIST} values`, "Ask in several operations.");
    for (const part of Object.values(value)) if (part !== undefined) queue.push(part);
  }
}

/** Estimated number of field values under a selection; checks depth and page sizes on the way. */
function costOf(
  measured: Measured,
  typeName: string,
  selections: SelectionSetNode,
  depth: number,
  page: number,
): number {
  if (depth > MAX_DEPTH)
    throw tooComplex(`fields lie more than ${MAX_DEPTH} deep in each other`, "Ask in several operations.");
  const type = measured.schema.getType(typeName);
  if (!isObjectType(type)) return 0;
  if (selections.selections.length > MAX_BREADTH)
    throw tooComplex(`more than ${MAX_BREADTH} fields stand beside each other`, "Ask in several operations.");
  let cost = 0;
  for (const selection of selections.selections) {
    count(measured, selection);
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      cost += costOf(measured, selection.typeCondition?.name.value ?? typeName, selection.selectionSet, depth, page);
    } else if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = measured.fragments.get(selection.name.value);
      if (fragment) cost += costOf(measured, fragment.typeCondition.name.value, fragment.selectionSet, depth, page);
    } else {
      const field = type.getFields()[selection.name.value];
      // Introspection has no rows behind it; graphql-js limits its depth, and `count` how often it is asked for.
      if (!field) continue;
      if (type === measured.schema.getMutationType() && ++measured.writes > MAX_WRITES)
        throw tooComplex(`the operation writes more than ${MAX_WRITES} times`, "Write in several operations.");
      const first = firstOf(field, selection, measured);
      // A connection passes its page size on to its lists of nodes and edges.
      const isPart = typeName.endsWith("Connection");
      const times = isList(field.type) ? (isPart ? page : (first ?? LIST_LENGTH)) : 1;
      cost += 1;
      if (selection.selectionSet)
        cost +=
          times * costOf(measured, getNamedType(field.type).name, selection.selectionSet, depth + 1, first ?? page);
      if (cost > MAX_COST)
        throw tooComplex(
          `the operation asks for more than ${MAX_COST} values`,
          "Pass a smaller `first`, also to lists inside lists (the default is 100, or 1000 for `children`).",
        );
    }
  }
  return cost;
}

/** Costs of operations that were let through and are the same whatever the variables; Apollo keeps documents parsed. */
const costs = new WeakMap<OperationDefinitionNode, number>();

/** Estimated number of values that an operation asks for; throws TOO_COMPLEX or, for a wrong page size, BAD_USER_INPUT. */
export function checkOperation(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: readonly FragmentDefinitionNode[],
  variables: Readonly<Record<string, unknown>>,
): number {
  const root = schema.getRootType(operation.operation);
  if (!root) return 0;
  checkLists(variables);
  const known = costs.get(operation);
  if (known !== undefined) return known;
  const measured: Measured = {
    schema,
    fragments: new Map(fragments.map((one) => [one.name.value, one])),
    variables,
    visited: 0,
    aliases: 0,
    writes: 0,
    depends: false,
  };
  const cost = costOf(measured, root.name, operation.selectionSet, 1, 1);
  if (!measured.depends) costs.set(operation, cost);
  return cost;
}

/** Refuses operations that are too deep or ask for too much before anything is read. */
export const queryLimitsPlugin = (): ApolloServerPlugin<RequestContext> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ schema, operation, document, request }) => {
      if (!operation) return;
      const fragments = document.definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
      try {
        if (operation.operation === OperationTypeNode.SUBSCRIPTION)
          throw new AppError("USER", "a subscription runs over a socket", {
            at: "query",
            hint: "Open a WebSocket to /graphql with the protocol graphql-transport-ws.",
          });
        checkOperation(schema, operation, fragments, request.variables ?? {});
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        throw new GraphQLError(error.message, { originalError: error, extensions: { http: { status: 400 } } });
      }
    },
  }),
});
