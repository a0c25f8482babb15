import fc from "fast-check";
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildGraphqlSchema } from "../../../api/schema/index.ts";
import { SMALL_CLASSES } from "../../fixtures/small-classes.ts";
import { SMALL_CODES, SMALL_COUNTY, SMALL_NOW, smallCounty } from "../../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../../helpers/api.ts";
import { describeOnBothDatabases } from "../../helpers/database.ts";
import { viewerAs, viewerHeaders } from "../../helpers/viewers.ts";

/** What people try in a field, and what a LIKE, a cast or a protocol would take for something else. */
const ATTACKS = [
  "' OR '1'='1",
  "'; DROP TABLE incident; --",
  `" OR ""="`,
  "') OR TRUE --",
  "990100' UNION SELECT password_hash FROM account --",
  "1; SELECT pg_sleep(9) --",
  "$$; DROP TABLE account; $$",
  "%",
  "_",
  "990100%",
  "\\",
  "\\' OR 1=1 --",
  "$1",
  "E'\\x27'",
  "\u0000",
  "990100\u0000",
  "\ud800",
  "{}",
  "NULL",
  "-1",
  "x".repeat(5_000),
] as const;
const attack = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ATTACKS) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 40 }) },
);

/** Codes of a refusal that was meant. */
const MEANT = ["BAD_USER_INPUT", "NOT_FOUND", "FORBIDDEN", "UNAUTHENTICATED", "CONFLICT", "TOO_COMPLEX"];

const schema = buildGraphqlSchema();
const bare = (type: GraphQLInputType): GraphQLInputType => (isNonNullType(type) ? bare(type.ofType) : type);

/** A value that the argument would take from an honest client. */
function honest(type: GraphQLInputType, name: string): unknown {
  const inner = bare(type);
  if (isListType(inner)) return [honest(inner.ofType, name)];
  if (isInputObjectType(inner))
    return Object.fromEntries(
      Object.values(inner.getFields())
        .filter((field) => isNonNullType(field.type))
        .map((field) => [field.name, honest(field.type, field.name)]),
    );
  if (isEnumType(inner)) return inner.getValues()[0]?.name;
  const scalar = getNamedType(inner).name;
  if (scalar === "Int") return name === "first" ? 5 : 1;
  if (scalar === "Float") return name === "lon" ? 112.5 : name === "lat" ? 39.9 : 100;
  if (scalar === "Boolean") return true;
  if (scalar === "DateTime") return SMALL_NOW;
  if (name === "county") return SMALL_COUNTY;
  if (name === "grid") return SMALL_CODES.gridA;
  if (scalar === "ID") return `Incident:${SMALL_COUNTY}:0195f3a0-0000-7000-8000-000000000001`;
  return /code|inside|area/i.test(name) ? SMALL_CODES.town : "东";
}

/** Arguments and fields of input objects that take text, as paths. */
function textSlots(args: readonly GraphQLArgument[]): string[][] {
  const inType = (type: GraphQLInputType, path: string[]): string[][] => {
    const inner = bare(type);
    if (isListType(inner)) return inType(inner.ofType, [...path, "0"]);
    if (isInputObjectType(inner))
      return Object.values(inner.getFields()).flatMap((field) => inType(field.type, [...path, field.name]));
    return isLeafType(inner) && !isEnumType(inner) && ["String", "ID", "DateTime"].includes(inner.name) ? [path] : [];
  };
  return args.flatMap((arg) => inType(arg.type, [arg.name]));
}

/** Puts a value at a path of a copy of the variables. */
function place(variables: Record<string, unknown>, path: readonly string[], value: string): Record<string, unknown> {
  const [head = "", ...rest] = path;
  const set = (current: unknown, keys: readonly string[]): unknown => {
    const [key, ...more] = keys;
    if (key === undefined) return value;
    if (key === "0") return [set(undefined, more)];
    return {
      ...(current as object | undefined),
      [key]: set((current as Record<string, unknown> | undefined)?.[key], more),
    };
  };
  return { ...variables, [head]: set(variables[head], rest) };
}

/** The cheapest selection that tells how many rows there are. */
function selection(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  if (!isObjectType(named)) return "";
  if (named.name.endsWith("Connection")) return "{ totalCount nodes { __typename } }";
  return named.name === "Stats" ? "{ total }" : named.name === "Heat" ? "{ max }" : "{ __typename }";
}

interface Case {
  readonly name: string;
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly slot: readonly string[];
}
const casesOf = (kind: "query" | "mutation", fields: Record<string, GraphQLField<unknown, unknown>>): Case[] =>
  Object.values(fields).flatMap((field) => {
    const declared = field.args.map((arg) => `$${arg.name}: ${arg.type}`).join(", ");
    const passed = field.args.map((arg) => `${arg.name}: $${arg.name}`).join(", ");
    const query = `${kind} Attack(${declared}) { result: ${field.name}(${passed}) ${selection(field.type)} }`;
    const required = field.args.filter((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined);
    const variables = Object.fromEntries(required.map((arg) => [arg.name, honest(arg.type, arg.name)]));
    return textSlots(field.args).map((slot) => ({ name: `${field.name}(${slot.join(".")})`, query, variables, slot }));
  });
const QUERIES = casesOf("query", schema.getQueryType()?.getFields() ?? {});
const MUTATIONS = casesOf("mutation", schema.getMutationType()?.getFields() ?? {});

/** How many rows an answer holds. */
function rowsOf(result: unknown): number {
  if (result === null || result === undefined) return 0;
  if (Array.isArray(result)) return result.length;
  // Counts that are no lists say how many cases they found.
  const { totalCount, total, max } = result as Readonly<Record<"totalCount" | "total" | "max", number | null>>;
  return totalCount ?? total ?? max ?? 1;
}

/** Reasons, names and cursors: what is stored or skipped, and narrows nothing. */
const NARROWS_NOTHING = /^(at|from|to|after)$|\.(at|from|to)$/;

describeOnBothDatabases("SQL in every text", (open) => {
  let api: TestApi;
  const admin = viewerAs("admin", SMALL_COUNTY);
  const auditor = viewerAs("auditor", SMALL_COUNTY);
  const counts = () =>
    api.database.transaction({ kind: "loader", county: SMALL_COUNTY }, (tx) =>
      tx.rows(
        `SELECT (SELECT count(*) FROM incident WHERE county = $1) AS incidents,
           (SELECT count(*) FROM area_version WHERE county = $1) AS areas`,
        [SMALL_COUNTY],
      ),
    );
  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [smallCounty()], classes: SMALL_CLASSES, now: SMALL_NOW });
  });
  afterAll(() => api.close());

  const ask = async ({ query, variables, slot }: Case, text: string) => {
    const viewer = query.includes("audit") ? auditor : admin;
    const answer = await api.graphql<{ result: unknown }>(query, place(variables, slot, text), viewer);
    const codes = (answer.errors ?? []).map(({ extensions }) => String(extensions?.["code"]));
    expect(answer.status, codes.join()).toBeLessThan(500);
    expect(codes.filter((code) => !MEANT.includes(code))).toEqual([]);
    return answer;
  };

  test("there are as many texts as the schema has", () => {
    expect(QUERIES.length).toBeGreaterThan(30);
    expect(MUTATIONS.length).toBeGreaterThan(15);
    expect(QUERIES.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "search(text)",
        "areas(filter.inside)",
        "incident(id)",
        "accounts(text)",
        "auditLog(filter.actor)",
      ]),
    );
  });

  test.each(QUERIES)("$name finds nothing and breaks nothing", async (one) => {
    await fc.assert(
      fc.asyncProperty(attack, async (text) => {
        const { data } = await ask(one, text);
        const name = one.slot.join(".");
        // One letter may be part of a name; a text of more that is none must match none.
        // An entity of the audit log is JSON, in which any mark may stand.
        const isPlain = name === "filter.entity" ? text.length <= 3 : /^[\p{L}\p{N}\s]{0,3}$/u.test(text);
        if (!NARROWS_NOTHING.test(name) && !isPlain && data) expect(rowsOf(data.result), JSON.stringify(text)).toBe(0);
      }),
      { numRuns: 12, examples: [["%"], ["_"], ["' OR '1'='1"], ["\u0000"]] },
    );
  });

  test.each(MUTATIONS)("mutation $name breaks nothing", async (one) => {
    await fc.assert(
      fc.asyncProperty(attack, async (text) => {
        await ask(one, text);
      }),
      { numRuns: 5, examples: [["'; DROP TABLE incident; --"], ["\u0000"]] },
    );
  });

  test.each(["areas", "cameras", "buildings", "incidents", "context", "footprints", "compounds"])(
    "/columns/%s refuses it in each parameter",
    async (layer) => {
      const parameters = ["county", "levels", "from", "to", "inside", "bbox", "nothing"];
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...parameters), attack, async (name, text) => {
          const query = new URLSearchParams({ county: SMALL_COUNTY });
          query.set(name, text);
          const response = await api.app.inject({ url: `/columns/${layer}?${query}`, headers: viewerHeaders(admin) });
          expect(response.statusCode, `${name}=${JSON.stringify(text)}`).toBeGreaterThanOrEqual(400);
          expect(response.statusCode, `${name}=${JSON.stringify(text)}`).toBeLessThan(500);
        }),
        { numRuns: 60 },
      );
    },
  );

  test("nothing was dropped or changed on the way", async () => {
    const data = smallCounty();
    expect(await counts()).toEqual([{ incidents: data.incidents.length, areas: data.areas.length }]);
  });
});
