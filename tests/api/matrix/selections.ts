import {
  type GraphQLObjectType,
  getNamedType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from "graphql";

/**
 * A selection that names every field behind a type, each type once: where it comes again, only its name is asked for.
 *
 * @param seen types that are written out already
 */
export function selectAll(type: GraphQLObjectType, seen: Set<string> = new Set()): string {
  if (seen.has(type.name)) return "{ __typename }";
  seen.add(type.name);
  const fields = Object.values(type.getFields()).map((field) => {
    const inner = getNamedType(field.type);
    const page = field.args.some(({ name }) => name === "first") ? ["first: 2"] : [];
    const needed = field.args.filter(isRequiredArgument).map(({ name }) => `${name}: "核对"`);
    const args = [...page, ...needed].length > 0 ? `(${[...page, ...needed].join(", ")})` : "";
    return `${field.name}${args}${isObjectType(inner) ? ` ${selectAll(inner, seen)}` : ""}`;
  });
  return `{ __typename ${fields.join(" ")} }`;
}

/** A value of one field in an answer. */
export interface Given {
  /** `Type.field`. */
  readonly name: string;
  /** Where it stands, e.g. `answer.nodes.0.title`. */
  readonly path: string;
  readonly value: unknown;
  readonly nullable: boolean;
}

/** Every field value of an answer, with the type that it stands in. */
export function* valuesOf(type: GraphQLObjectType, value: unknown, path: string): Generator<Given> {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) yield* valuesOf(type, item, `${path}.${i}`);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (name === "__typename") continue;
    const field = type.getFields()[name];
    if (!field) throw new Error(`${type.name} has no field ${name}`);
    const named = getNamedType(field.type);
    yield { name: `${type.name}.${name}`, path: `${path}.${name}`, value: inner, nullable: !isNonNullType(field.type) };
    if (isObjectType(named) && (isListType(field.type) || inner !== null))
      yield* valuesOf(named, inner, `${path}.${name}`);
  }
}
