import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  getVariableValues,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { type AreaLevel, countyOfCode, levelOfCode } from "../../data/model/codes.ts";
import { ASKERS, type Asker, askerOf } from "../../data/policy/fields.ts";
import type { Resource } from "../../data/policy/policy.ts";
import { mayReadIn } from "../../data/policy/viewer.ts";
import {
  type AreaJsonQuery,
  areaListJsonSql,
  isJsonField,
  type JsonField,
} from "../../db/repositories/area-json-repository.ts";
import type { RequestContext } from "../context.ts";
import type { QueryAreasArgs } from "../generated/resolvers-types.ts";
import { allowedBy, ruleOf } from "../guards.ts";
import { RESOURCE_OF_COUNT } from "../services/area-counts.ts";
import { pageSize } from "../services/page.ts";

/** An operation that is one list of areas: what hangs on the document alone. */
export interface AreaListPlan {
  /** Number of the plan in this process, for keys. */
  readonly id: number;
  /** Name of the root field in the answer. */
  readonly key: string;
  /** Fields of the connection: the nodes, and what its type is called. */
  readonly connection: readonly { readonly key: string; readonly field: "nodes" | "__typename" }[];
  /** The statement that makes the list as of an instant that was asked for. */
  readonly sql: string;
  /** The same as of now, with the instant until which it stays so. */
  readonly lastingSql: string;
  readonly operation: OperationDefinitionNode;
  readonly node: FieldNode;
  /** Who may ask for all of it, by the policy of fields. */
  readonly askers: ReadonlySet<Asker>;
  /** What must be the viewer's to read there for the counts that are asked for to be counted now. */
  readonly resources: readonly Resource[];
}

/** Fields of a selection with its fragments opened, merged by key; undefined where anything is out of the ordinary. */
function fieldsOf(
  selections: SelectionSetNode,
  typeName: string,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): FieldNode[] | undefined {
  const found = new Map<string, FieldNode>();
  for (const selection of selections.selections) {
    if (selection.directives?.length) return undefined;
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value;
      // The same key twice would have to be merged: whoever writes so is answered the ordinary way.
      if (found.has(key)) return undefined;
      found.set(key, selection);
      continue;
    }
    const inner =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : (fragments.get(selection.name.value) ?? undefined);
    if (!inner || (inner.typeCondition && inner.typeCondition.name.value !== typeName)) return undefined;
    for (const field of fieldsOf(inner.selectionSet, typeName, fragments) ?? [undefined]) {
      const key = field && (field.alias?.value ?? field.name.value);
      if (!field || !key || found.has(key)) return undefined;
      found.set(key, field);
    }
  }
  return [...found.values()];
}

const keyOf = (node: FieldNode): string => node.alias?.value ?? node.name.value;

let plans = 0;

/** Makes the plan of an operation; undefined where it is none of these. */
export function areaListPlan(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): AreaListPlan | undefined {
  if (operation.operation !== "query" || operation.directives?.length) return undefined;
  const fragments = new Map(
    document.definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION).map((one) => [one.name.value, one]),
  );
  const asked: (readonly [string, string])[] = [["Query", "areas"]];
  const json = (type: GraphQLObjectType, selections: SelectionSetNode): JsonField[] | undefined => {
    const fields: JsonField[] = [];
    for (const node of fieldsOf(selections, type.name, fragments) ?? [undefined]) {
      if (!node || node.arguments?.length || !isJsonField(type.name, node.name.value)) return undefined;
      const field = node.name.value;
      if (field !== "__typename") asked.push([type.name, field]);
      const inner = type.getFields()[field];
      const innerType = inner && getNamedType(inner.type);
      if (!node.selectionSet || !isObjectType(innerType)) {
        fields.push({ key: keyOf(node), field });
        continue;
      }
      const innerFields = json(innerType, node.selectionSet);
      if (!innerFields) return undefined;
      fields.push({ key: keyOf(node), field, fields: innerFields });
    }
    return fields;
  };
  const [root, ...others] = fieldsOf(operation.selectionSet, "Query", fragments) ?? [];
  const area = schema.getType("Area");
  if (!root || others.length > 0 || root.name.value !== "areas" || !root.selectionSet || !isObjectType(area))
    return undefined;
  let fields: JsonField[] | undefined;
  const connection: AreaListPlan["connection"][number][] = [];
  for (const node of fieldsOf(root.selectionSet, "AreaConnection", fragments) ?? []) {
    const field = node.name.value;
    if (field === "nodes" && node.selectionSet && !fields) fields = json(area, node.selectionSet);
    else if (field !== "__typename") return undefined;
    connection.push({ key: keyOf(node), field });
  }
  if (!fields) return undefined;
  asked.push(["AreaConnection", "nodes"]);
  const counted = asked.filter(([type]) => type === "AreaCounts").map(([, field]) => RESOURCE_OF_COUNT[field]);
  const rules = asked.map(([type, field]) => allowedBy(ruleOf(type, field)));
  const askers = new Set(ASKERS.filter((asker) => rules.every((allowed) => allowed.has(asker))));
  const resources = [...new Set(counted.filter((resource) => resource !== undefined))];
  return {
    id: ++plans,
    key: keyOf(root),
    connection,
    sql: areaListJsonSql(fields, false),
    lastingSql: areaListJsonSql(fields, true),
    operation,
    node: root,
    askers,
    resources,
  };
}

/** Arguments of the root field with the variables put in; undefined where they are wrong: the ordinary way says how. */
function argumentsOf(
  schema: GraphQLSchema,
  { operation, node }: AreaListPlan,
  given: Readonly<Record<string, unknown>>,
): QueryAreasArgs | undefined {
  const definition = schema.getQueryType()?.getFields()["areas"];
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], given, { maxErrors: 1 });
  if (!definition || !coerced) return undefined;
  return getArgumentValues(definition, node, coerced) as unknown as QueryAreasArgs;
}

/** A question of a plan, and whether it is about now rather than about an instant that was named. */
export interface AreaListQuestion extends AreaJsonQuery {
  readonly now: boolean;
}

/** What the plan asks the database for this viewer; undefined where the ordinary way must answer. */
export function areaListQuery(
  schema: GraphQLSchema,
  plan: AreaListPlan,
  context: RequestContext,
  given: Readonly<Record<string, unknown>>,
): AreaListQuestion | undefined {
  const { viewer } = context;
  const asker = askerOf(viewer);
  if (!viewer || !plan.askers.has(asker)) return undefined;
  const args = argumentsOf(schema, plan, given);
  if (!args || args.after != null || args.orderBy !== "code" || args.filter.kinds) return undefined;
  const { inside, levels, at } = args.filter;
  if (!levels?.length || levels.includes("county") || !levelOfCode(inside)) return undefined;
  if (!mayReadIn(viewer, "map", inside)) return undefined;
  // Whoever may count everything inside may count everything in each of its parts.
  if (!plan.resources.every((resource) => mayReadIn(viewer, resource, inside))) return undefined;
  return {
    county: countyOfCode(inside),
    inside,
    levels: levels as AreaLevel[],
    at: at ?? new Date(context.nowMs).toISOString(),
    now: at == null,
    limit: pageSize(args.first),
  };
}
