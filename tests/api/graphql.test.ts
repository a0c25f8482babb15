import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_CODES, SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { expectFile, sqlText } from "../helpers/case-files.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { lintStatement } from "../helpers/sql-rules.ts";

/**
 * Each case is three files: the operation, its answer and the SQL it sent. `UPDATE_CASES=1` writes the last two anew;
 * read the difference before you commit it.
 */
const CASES = join(import.meta.dirname, "cases");
const names = readdirSync(CASES)
  .filter((name) => name.endsWith(".graphql"))
  .map((name) => name.replace(/\.graphql$/, ""))
  .sort();

describe("the cases", () => {
  it("are there, and no file is left without its operation", () => {
    expect(names.length).toBeGreaterThan(20);
    const known = names.flatMap((name) => [`${name}.graphql`, `${name}.json`, `${name}.sql`]).sort();
    expect(readdirSync(CASES).sort()).toEqual(known);
  });
});

describeOnBothDatabases("GraphQL", (open) => {
  let api: TestApi;
  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [smallCounty()], classes: SMALL_CLASSES, now: SMALL_NOW });
  });
  afterAll(() => api.close());

  const codeOf = async (query: string): Promise<unknown> => {
    const { errors, status } = await api.graphql(query);
    expect(status).toBeLessThan(500);
    return errors?.[0]?.extensions?.["code"];
  };

  for (const name of names) {
    it(`answers ${name}`, async () => {
      api.takeStatements();
      const answer = await api.graphql(readFileSync(join(CASES, `${name}.graphql`), "utf8"));
      const statements = api.takeStatements();
      // Resolvers of one level may fail in any order.
      const errors = answer.errors?.toSorted((a, b) => (a.message < b.message ? -1 : 1));
      expectFile(join(CASES, `${name}.json`), `${JSON.stringify({ ...answer, errors }, null, 2)}\n`);
      expectFile(join(CASES, `${name}.sql`), sqlText(statements));
      const reads = statements.filter(({ scope }) => scope.kind !== "reviewed");
      for (const { sql } of reads) expect(lintStatement(sql), sql).toEqual([]);
    });
  }

  const perRow: Record<string, readonly [query: string, few: object, many: object]> = {
    areas: [
      `query ($inside: String!) { areas(filter: { inside: $inside }) { totalCount nodes {
        geometry ancestors { code } children(first: 5) { totalCount nodes { code } } neighbours { code }
        counts { grids owned staff { kind count } } responsible { organisation { name } }
        staffLinks { staff { name workPhone posts { kind areaCodes organisation { name } } organisation { name } } post { place } }
        compounds(first: 5) { totalCount nodes { geometry grids { grid { code } } } }
        incidentSummary { open oldestOverdue { ref } } } } }`,
      { inside: SMALL_CODES.gridA },
      { inside: SMALL_COUNTY },
    ],
    incidents: [
      `query ($first: Int!) { incidents(filter: { inside: "${SMALL_COUNTY}" }, first: $first) { totalCount nodes {
        class { name } area { name } organisation { name } responsible { organisation { name } }
        dutyNow { staff { name workPhone } post { place } } events { toState } } } }`,
      { first: 6 },
      { first: 60 },
    ],
    staff: [
      `query ($first: Int!) { staff(inside: "${SMALL_COUNTY}", first: $first) { nodes {
        workPhone organisation { name responsibleFor(first: 3) { totalCount nodes { code } } } posts { areaCodes } } } }`,
      { first: 2 },
      { first: 100 },
    ],
    cameras: [
      `query ($first: Int!) { cameras(filter: { inside: "${SMALL_COUNTY}" }, first: $first) { nodes { owner { name } } } }`,
      { first: 4 },
      { first: 100 },
    ],
  };
  for (const [field, [query, few, many]] of Object.entries(perRow)) {
    it(`sends no more statements for many ${field} than for few`, async () => {
      const count = async (variables: object): Promise<number> => {
        api.takeStatements();
        const { errors } = await api.graphql(query, { ...variables });
        expect(errors).toBeUndefined();
        return api.takeStatements().length;
      };
      const ofFew = await count(few);
      expect(ofFew).toBeGreaterThan(0);
      // Fewer is possible: what one path has loaded, another need not load again.
      expect(await count(many)).toBeLessThanOrEqual(ofFew);
    });
  }

  it("pages through every list without a gap or a repeat", async () => {
    const pages: Record<string, string> = {
      areas: `areas(filter: { inside: "${SMALL_COUNTY}" }, orderBy: NAME`,
      byCode: `areas(filter: { inside: "${SMALL_COUNTY}" }, orderBy: CODE`,
      newest: `incidents(filter: { inside: "${SMALL_COUNTY}" }, orderBy: NEWEST`,
      oldest: `incidents(filter: { inside: "${SMALL_COUNTY}" }, orderBy: OLDEST`,
      overdue: `incidents(filter: { inside: "${SMALL_COUNTY}" }, orderBy: MOST_OVERDUE`,
      staff: `staff(inside: "${SMALL_COUNTY}"`,
      cameras: `cameras(filter: { inside: "${SMALL_COUNTY}" }`,
      organisations: `organisations(county: "${SMALL_COUNTY}"`,
    };
    for (const [name, field] of Object.entries(pages)) {
      type Answer = {
        page: {
          totalCount: number;
          nodes: { id: string }[];
          pageInfo: { endCursor: string | null; hasNextPage: boolean };
        };
      };
      const read = async (first: number, after: string | null) => {
        const { data, errors } = await api.graphql<Answer>(
          `query ($first: Int!, $after: String) { page: ${field}, first: $first, after: $after) {
            totalCount nodes { id } pageInfo { endCursor hasNextPage } } }`,
          { first, after },
        );
        if (!data) throw new Error(`${name}: ${JSON.stringify(errors)}`);
        return data.page;
      };
      const whole = await read(1000, null);
      const ids: string[] = [];
      let after: string | null = null;
      for (;;) {
        const page = await read(7, after);
        ids.push(...page.nodes.map(({ id }) => id));
        after = page.pageInfo.endCursor;
        if (!page.pageInfo.hasNextPage) break;
      }
      expect(ids, name).toEqual(whole.nodes.map(({ id }) => id));
      expect(new Set(ids).size, name).toBe(whole.totalCount);
    }
  });

  it("draws sensitive cases at their grid's label point, and boxes cannot find the true place", async () => {
    type Answer = { incidents: { nodes: { ref: number; point: number[]; area: { label: number[] } | null }[] } };
    const filter = `inside: "${SMALL_CODES.gridB}", classes: ["80001"]`;
    const { data } = await api.graphql<Answer>(
      `{ incidents(filter: { ${filter} }) { nodes { ref point area { label } } } }`,
    );
    const nodes = data?.incidents.nodes ?? [];
    expect(nodes.length).toBeGreaterThan(0);
    for (const { point, area } of nodes) expect(point).toEqual(area?.label);
    const truth = smallCounty().incidents.filter(({ ref }) => nodes.some((node) => node.ref === ref));
    for (const { point } of truth) {
      const [lon, lat] = point;
      const box = `{ west: ${lon - 1e-5}, south: ${lat - 1e-5}, east: ${lon + 1e-5}, north: ${lat + 1e-5} }`;
      const found = await api.graphql<{ stats: { total: number } }>(
        `{ stats(filter: { ${filter}, bbox: ${box} }, by: []) { total } }`,
      );
      expect(found.data?.stats.total).toBe(0);
    }
  });

  it("refuses operations that are too deep, too wide or too long", async () => {
    const deep = `${"children(first: 1) { nodes { ".repeat(9)}code${" } }".repeat(9)}`;
    expect(await codeOf(`{ area(code: "${SMALL_COUNTY}") { ${deep} } }`)).toBe("TOO_COMPLEX");
    const wide = `{ areas(filter: { inside: "${SMALL_COUNTY}" }, first: 1000) { nodes { children { nodes { code } } } } }`;
    expect(await codeOf(wide)).toBe("TOO_COMPLEX");
    expect(await codeOf(`{ ${Array.from({ length: 3000 }, (_, i) => `a${i}: server { version }`).join(" ")} }`)).toBe(
      "BAD_USER_INPUT",
    );
    expect(await codeOf("{ nothing }")).toBe("BAD_USER_INPUT");
    expect(await codeOf(`{ area(code: "${SMALL_COUNTY}") { children(first: 0) { nodes { code } } } }`)).toBe(
      "BAD_USER_INPUT",
    );
    api.takeStatements();
    await api.graphql(wide);
    expect(api.takeStatements()).toEqual([]);
  });

  it("tells nothing of an error that nobody meant", async () => {
    const { database } = api;
    const transaction = database.transaction;
    database.transaction = () => Promise.reject(new Error("secret connection string"));
    try {
      const { errors } = await api.graphql("{ counties { code } }");
      expect(errors?.[0]?.extensions?.["code"]).toBe("INTERNAL");
      expect(JSON.stringify(errors)).not.toContain("secret");
      expect(errors?.[0]?.extensions?.["id"]).toMatch(/^[0-9a-f-]{36}$/);
    } finally {
      database.transaction = transaction;
    }
  });
});
