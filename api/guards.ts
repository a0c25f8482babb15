import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { AppError, bugError } from "../data/model/errors.ts";
import { ASKERS, type Asker, askerOf, FIELD_RULE, type FieldRule, ruleAllows } from "../data/policy/fields.ts";
import { unauthenticated } from "./channels.ts";
import type { RequestContext } from "./context.ts";

type Field = GraphQLField<unknown, RequestContext>;
type Askers = ReadonlySet<Asker>;

const allowed = new Map<FieldRule, Askers>();
/** Who may ask for fields under a rule. */
export function allowedBy(rule: FieldRule): Askers {
  const known = allowed.get(rule) ?? new Set(ASKERS.filter((asker) => ruleAllows(rule, asker)));
  allowed.set(rule, known);
  return known;
}

/** Rule of a field; throws a BUG error where nobody decided one. */
export function ruleOf(type: string, field: string): FieldRule {
  const rule = FIELD_RULE.get(`${type}.${field}`);
  if (rule) return rule;
  throw bugError(`${type}.${field} has no rule`, { hint: "Name it in FIELD_RULES (data/policy/fields.ts)." });
}

const forbidden = (name: string, role: string): AppError =>
  new AppError("USER", `${name} is not for the role ${role}`, {
    code: "FORBIDDEN",
    at: name,
    hint: "Ask under another grant, or use Query.cube and Area.counts for aggregates.",
  });

const objectTypes = (schema: GraphQLSchema): GraphQLObjectType[] =>
  Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith("__"),
  );

/**
 * Who can get to an object of each type at all, along any path of fields that they may ask for. A field that all of
 * them may ask for needs no guard of its own, so most fields of rows cost nothing.
 */
function reachOfTypes(
  types: readonly GraphQLObjectType[],
  roots: readonly GraphQLObjectType[],
): Map<string, Set<Asker>> {
  const reach = new Map(types.map((type) => [type.name, new Set<Asker>(roots.includes(type) ? ASKERS : [])]));
  for (let grown = true; grown; ) {
    grown = false;
    for (const type of types)
      for (const field of Object.values(type.getFields())) {
        const next = reach.get(getNamedType(field.type).name);
        if (!next) continue;
        const by = allowedBy(ruleOf(type.name, field.name));
        for (const asker of reach.get(type.name) ?? []) {
          if (!by.has(asker) || next.has(asker)) continue;
          next.add(asker);
          grown = true;
        }
      }
  }
  return reach;
}

/** Puts a guard before the resolver of a field: refused where it may be null → null, otherwise an error. */
function guard(type: GraphQLObjectType, field: Field, by: Askers, isRoot: boolean): void {
  const name = `${type.name}.${field.name}`;
  const resolve: GraphQLFieldResolver<unknown, RequestContext> = field.resolve ?? defaultFieldResolver;
  // What is asked for at the root was asked for by name: a silent null would read as "there is none".
  const silent = !isRoot && !isNonNullType(field.type);
  const refusal = (context: RequestContext): AppError | undefined => {
    const asker = askerOf(context.viewer);
    if (by.has(asker)) return undefined;
    return asker === "nobody" ? unauthenticated(name) : forbidden(name, asker);
  };
  field.resolve = (source, args, context, info) => {
    const refused = refusal(context);
    if (!refused) return resolve(source, args, context, info);
    if (silent && refused.code !== "UNAUTHENTICATED") return null;
    throw refused;
  };
  const { subscribe } = field;
  if (subscribe)
    field.subscribe = (source, args, context, info) => {
      const refused = refusal(context);
      if (refused) throw refused;
      return subscribe(source, args, context, info);
    };
}

/**
 * Guards every field of a schema by its rule in `data/policy/fields.ts`, once, in place. Fields that everybody who gets
 * to their type may ask for stay as they are. Throws a BUG error for a field without a rule.
 */
export function guardSchema(schema: GraphQLSchema): GraphQLSchema {
  const types = objectTypes(schema);
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter(
    (type): type is GraphQLObjectType => type != null,
  );
  const reach = reachOfTypes(types, roots);
  for (const type of types)
    for (const field of Object.values(type.getFields()) as Field[]) {
      const by = allowedBy(ruleOf(type.name, field.name));
      if ([...(reach.get(type.name) ?? [])].every((asker) => by.has(asker))) continue;
      guard(type, field, by, roots.includes(type));
    }
  return schema;
}
