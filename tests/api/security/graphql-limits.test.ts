import { parse, print } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documentHash } from "../../../api/hardening/document-hash.ts";
import { isTrusted, readTrustedDocuments } from "../../../api/hardening/trusted-documents.ts";
import * as documents from "../../../web/gql/generated.ts";
import { SMALL_CLASSES } from "../../fixtures/small-classes.ts";
import { SMALL_CODES, SMALL_COUNTY, SMALL_NOW, smallCounty } from "../../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../../helpers/api.ts";
import { openEmbeddedTestDatabase, type TestDatabase } from "../../helpers/database.ts";
import { viewerAs } from "../../helpers/viewers.ts";

const DATA = { classes: SMALL_CLASSES, now: SMALL_NOW };
let opened: TestDatabase;
let api: TestApi;
let production: TestApi;

beforeAll(async () => {
  opened = await openEmbeddedTestDatabase();
  api = await testApiOver(opened.database, { ...DATA, datasets: [smallCounty()] });
  production = await testApiOver(opened.database, { ...DATA, datasets: [], environment: { NODE_ENV: "production" } });
});
afterAll(async () => {
  await api.close();
  await production.close();
  await opened.dispose();
});

const nested = (depth: number): string =>
  `{ area(code: "${SMALL_CODES.town}") { ${"ancestors { ".repeat(depth)} code ${"}".repeat(depth)} } }`;
const refusal = async (query: string, variables?: Record<string, unknown>) => {
  api.takeStatements();
  const { status, errors } = await api.graphql(query, variables);
  // Refused before anything was read.
  expect(api.takeStatements()).toEqual([]);
  return { status, code: errors?.[0]?.extensions?.["code"], message: errors?.[0]?.message };
};

describe("limits of a document", () => {
  test("a depth-100 query is refused", async () => {
    expect(await refusal(nested(100))).toMatchObject({ status: 400, code: "TOO_COMPLEX", message: /deep/ });
    expect((await api.graphql(nested(3))).errors).toBeUndefined();
  });

  test("depth hidden in fragments is refused too", async () => {
    const fragments = Array.from(
      { length: 40 },
      (_, i) => `fragment F${i} on Area { ancestors { ${i < 39 ? `...F${i + 1}` : "code"} } }`,
    );
    expect(await refusal(`{ area(code: "${SMALL_CODES.town}") { ...F0 } } ${fragments.join(" ")}`)).toMatchObject({
      code: "TOO_COMPLEX",
    });
  });

  test("a thousand aliases are refused, of codes, of order numbers and of __typename", async () => {
    const batch = (field: (i: number) => string): string =>
      `{ ${Array.from({ length: 1_000 }, (_, i) => `a${i}: ${field(i)}`).join(" ")} }`;
    expect((await refusal(batch(() => "__typename"))).code).toBe("TOO_COMPLEX");
    // 31 of them are enough, whatever the field.
    const few = (field: (i: number) => string): string =>
      `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: ${field(i)}`).join(" ")} }`;
    expect(
      await refusal(few((i) => `area(code: "${SMALL_COUNTY}${String(i).padStart(3, "0")}") { code }`)),
    ).toMatchObject({ code: "TOO_COMPLEX", message: /renames/ });
    expect((await refusal(few((i) => `myReport(orderNo: "${i}", code: "1") { orderNo }`))).code).toBe("TOO_COMPLEX");
    expect((await refusal(few(() => "__typename"))).code).toBe("TOO_COMPLEX");
  });

  test("aliases hidden in nested objects and fragments are counted where they are spread", async () => {
    const aliases = Array.from({ length: 8 }, (_, i) => `n${i}: name`).join(" ");
    const spread = Array.from({ length: 4 }, (_, i) => `c${i}: county(code: "${SMALL_COUNTY}") { ...A }`).join(" ");
    expect(await refusal(`{ ${spread} } fragment A on County { ${aliases} }`)).toMatchObject({ code: "TOO_COMPLEX" });
  });

  test("more than a hundred fields beside each other are refused", async () => {
    expect(await refusal(`{ county(code: "${SMALL_COUNTY}") { ${"name ".repeat(101)} } }`)).toMatchObject({
      code: "TOO_COMPLEX",
      message: /beside/,
    });
  });

  test("fragments that double with each step cost no time", async () => {
    const steps = Array.from({ length: 30 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`);
    const started = performance.now();
    expect((await refusal(`{ ...F0 } ${steps.join(" ")} fragment F30 on Query { __typename }`)).code).toBe(
      "TOO_COMPLEX",
    );
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test("a list of 10,000 values in the variables is refused, at any depth", async () => {
    const query = `query Q($filter: IncidentFilter!) { incidents(filter: $filter, first: 1) { totalCount } }`;
    const many = Array.from({ length: 10_000 }, () => "x");
    expect(await refusal(query, { filter: { inside: SMALL_COUNTY, classes: many } })).toMatchObject({
      code: "TOO_COMPLEX",
      message: /list in the variables/,
    });
    expect((await refusal("{ __typename }", { a: { b: [[many]] } })).code).toBe("TOO_COMPLEX");
  });

  test("pages within pages that ask for millions of rows are refused", async () => {
    const query = `{ areas(filter: { inside: "${SMALL_COUNTY}" }, first: 1000) { nodes { children(first: 1000) { nodes { children(first: 1000) { nodes { code } } } } } } }`;
    expect((await refusal(query)).code).toBe("TOO_COMPLEX");
  });

  test("a document of many tokens, directives or fragments in circles is refused before it is validated", async () => {
    expect((await refusal(`{ __typename ${"@skip(if: false) ".repeat(2_000)} }`)).code).toBe("BAD_USER_INPUT");
    expect((await refusal("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }")).code).toBe(
      "BAD_USER_INPUT",
    );
  });

  test("a list of operations in one request, and a GET, are not answered", async () => {
    const batch = await api.app.inject({
      method: "POST",
      url: "/graphql",
      payload: [{ query: "{ __typename }" }, { query: "{ __typename }" }],
    });
    expect(batch.statusCode).toBe(400);
    expect((await api.app.inject("/graphql?query=%7B__typename%7D")).statusCode).toBe(404);
  });
});

describe("in production", () => {
  const admin = viewerAs("admin", SMALL_COUNTY);
  const token = viewerAs("admin", SMALL_COUNTY, { kind: "token", accountId: null });
  const INTROSPECT = "{ __schema { types { name } } }";

  test("introspection is off, for tokens too", async () => {
    expect((await production.graphql(INTROSPECT, {}, token)).errors?.[0]?.message).toMatch(/introspection/i);
    expect((await production.graphql('{ __type(name: "Account") { name } }', {}, token)).errors?.[0]?.message).toMatch(
      /introspection/i,
    );
    expect((await api.graphql(INTROSPECT, {}, token)).errors).toBeUndefined();
  });

  test("sessions, kiosks and nobody send the client's own documents only", async () => {
    const kiosk = viewerAs("wall", SMALL_COUNTY, { kind: "kiosk", accountId: null });
    for (const [viewer, status, code] of [
      [admin, 403, "FORBIDDEN"],
      [kiosk, 403, "FORBIDDEN"],
      // A program whose token has ended must hear that.
      [null, 401, "UNAUTHENTICATED"],
    ] as const) {
      const refused = await production.graphql("{ counties { code } }", {}, viewer);
      expect(refused).toMatchObject({ status, code, path: "query" });
      expect(refused.data).toBeUndefined();
    }
  });

  test("tokens may send documents of their own, within the limits of all", async () => {
    expect((await production.graphql("{ counties { code } }", {}, token)).data).toEqual({
      counties: [{ code: SMALL_COUNTY }],
    });
    expect((await production.graphql(nested(100), {}, token)).errors?.[0]?.extensions?.["code"]).toBe("TOO_COMPLEX");
  });

  test("every document of the client is trusted as the client prints it, and no changed one is", async () => {
    const trusted = readTrustedDocuments();
    const { stringifyDocument } = await import("@urql/core");
    const operations = Object.entries(
      documents as unknown as Record<string, Parameters<typeof stringifyDocument>[0]>,
    ).filter(([name]) => name.endsWith("Document"));
    expect(operations.length).toBe(trusted.size);
    expect(operations.length).toBeGreaterThan(10);
    for (const [name, document] of operations) {
      const sent = stringifyDocument(document);
      expect(isTrusted(sent, trusted, 5_000), name).toBe(true);
      expect(isTrusted(sent.replace(/\{/, "{ stolen: __typename "), trusted, 5_000), name).toBe(false);
    }
    const [, counties] = operations.find(([name]) => name === "CountiesDocument") ?? [];
    if (!counties) throw new Error("no document Counties");
    expect((await production.graphql(stringifyDocument(counties), {}, admin)).errors).toBeUndefined();
  });

  test("the hash is of what a document says, not of how it is written", () => {
    const one = "query A { counties { ...C } } fragment C on County { code name }";
    const two = "# a comment\nfragment C on County {\n code, name\n}\nquery A { counties { ...C } }";
    expect(documentHash(parse(one))).toBe(documentHash(parse(two)));
    expect(documentHash(parse(print(parse(one))))).toBe(documentHash(parse(one)));
    expect(documentHash(parse(one.replace("name", "timezone")))).not.toBe(documentHash(parse(one)));
  });
});
