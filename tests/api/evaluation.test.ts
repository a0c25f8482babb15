import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generate } from "../../data/demo/generate.ts";
import { Prng } from "../../data/demo/prng.ts";
import { DEMO_PROFILES } from "../../data/demo/profiles/registry.ts";
import { EVALUATION_INDEX_KEYS, EVALUATION_PARTS, type EvaluationBy, factOf } from "../../data/evaluation/indices.ts";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import { toGlobalId } from "../../data/model/ids.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { POLICY_COUNTY, POLICY_NOW, policyCounty } from "../fixtures/policy-county.ts";
import { withRandomLogs } from "../fixtures/random-logs.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { openTestApi, type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { assessedCases } from "../helpers/evaluation-oracle.ts";
import { codeOf } from "../helpers/reports.ts";
import { lintEvent } from "../helpers/sql-rules.ts";
import { viewerAs } from "../helpers/viewers.ts";
import { withClocks } from "../helpers/with-clocks.ts";
import { Oracle } from "./differential/oracle.ts";

interface Row {
  readonly key: string;
  readonly name: string;
  readonly cases: number;
  readonly figures: readonly {
    readonly index: string;
    readonly numerator: number;
    readonly denominator: number;
    readonly value: number | null;
  }[];
  readonly score: number | null;
  readonly rank: number | null;
}
interface Evaluation {
  readonly version: string;
  readonly formulas: readonly { readonly index: string; readonly weight: number }[];
  readonly rows: readonly Row[];
  readonly total: Row;
  readonly asOf: string;
}
interface Asked {
  readonly inside: string;
  readonly by: EvaluationBy;
  readonly from: string;
  readonly to: string;
}

const ROW = "{ key name cases score rank figures { index numerator denominator value } }";
const argumentsOf = ({ inside, by, from, to }: Asked): string =>
  `inside: "${inside}", by: ${by.toUpperCase()}, from: "${from}", to: "${to}"`;
const assess = (api: TestApi, asked: Asked, viewer?: Viewer) =>
  api.graphql<{ evaluation: Evaluation }>(
    `{ evaluation(${argumentsOf(asked)}) { version formulas { index text textEn weight } rows ${ROW} total ${ROW} asOf } }`,
    {},
    viewer,
  );

const FIGURES = EVALUATION_INDEX_KEYS.flatMap((index) => EVALUATION_PARTS.map((part) => ({ index, part })));
interface List {
  readonly totalCount: number;
  readonly nodes: readonly { readonly id: string }[];
}
/** The lists of all figures of a row, in order of `FIGURES`. */
async function listsOf(api: TestApi, asked: Asked, key: string | null, viewer?: Viewer): Promise<List[]> {
  const fields = FIGURES.map(
    ({ index, part }, n) =>
      `l${n}: evaluationCases(${argumentsOf(asked)}, ${key === null ? "" : `key: "${key}", `}index: ${index.toUpperCase()}, part: ${part.toUpperCase()}, first: 500) { totalCount nodes { id } }`,
  );
  const { data, errors } = await api.graphql<Record<string, List>>(`{ ${fields.join(" ")} }`, {}, viewer);
  if (!data) throw new Error(JSON.stringify(errors));
  return FIGURES.map((_, n) => data[`l${n}`] as List);
}
const numbersOf = (row: Row): number[] => row.figures.flatMap(({ numerator, denominator }) => [numerator, denominator]);

const DATA = withRandomLogs(policyCounty(), "evaluation");
const ORACLE = new Oracle(DATA, POLICY_NOW);
const YEAR = { from: "2025-01-15T00:00:00.000Z", to: "2026-01-15T00:00:00.000Z" };
const TOWN = `${POLICY_COUNTY}001`;

describeOnBothDatabases("the assessment", (open) => {
  let api: TestApi;
  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [DATA], classes: SMALL_CLASSES, now: POLICY_NOW });
  });
  afterAll(async () => {
    const breaches = api.takeStatements().flatMap(lintEvent);
    await api.close();
    expect(breaches).toEqual([]);
  });

  const viewers = [
    viewerAs("leader", POLICY_COUNTY),
    viewerAs("leader", TOWN),
    viewerAs("dispatcher", `${TOWN}001`),
    viewerAs("planner", POLICY_COUNTY),
    viewerAs("wall", TOWN),
    viewerAs("grid_worker", `${TOWN}001`),
    viewerAs("wall", POLICY_COUNTY, { kind: "kiosk", accountId: null, pointDays: 7 }),
  ];
  const prng = new Prng("assessments");
  const questions = Array.from({ length: 14 }, (_, n) => {
    const viewer = viewers[n % viewers.length] as Viewer;
    const codes = DATA.areas.map(({ code }) => code).filter((code) => code.startsWith(viewer.area));
    const asked: Asked = {
      inside: n < viewers.length ? viewer.area : prng.pick(codes),
      by: prng.pick(["area", "department"] as const),
      ...(prng.chance(0.5) ? YEAR : { from: "2025-12-20T00:00:00.000Z", to: "2026-01-10T08:00:00.000Z" }),
    };
    return { viewer, asked, lists: n === 1 || n === 2 };
  });

  it("figures and the lists behind them are what the logs say, for whoever asks", { timeout: 120_000 }, async () => {
    let passedOn = 0;
    for (const { viewer, asked, lists } of questions) {
      const { data, errors } = await assess(api, asked, viewer);
      const where = `${viewer.role} of ${viewer.area}: ${JSON.stringify(asked)} ${JSON.stringify(errors ?? [])}`;
      const evaluation = data?.evaluation;
      if (!evaluation) throw new Error(where);
      const expected = (by: EvaluationBy | null) =>
        assessedCases(ORACLE.data, (one) => ORACLE.seesPoint(viewer, one), { ...asked, by, asOf: POLICY_NOW });
      const byKey = expected(asked.by);
      const rowKey = (key: string) => (asked.by === "area" ? key : (key.split(":")[2] ?? ""));
      const all = [
        ...evaluation.rows.map((row) => ({ row, key: row.key as string | null, facts: byKey.get(rowKey(row.key)) })),
        { row: evaluation.total, key: null, facts: expected(null).get("") },
      ];
      // Nobody with a case is left out.
      for (const key of byKey.keys())
        expect(
          evaluation.rows.map((row) => rowKey(row.key)),
          where,
        ).toContain(key);
      for (const { row, key, facts } of all) {
        const ids = FIGURES.map(({ index, part }) => [...(facts?.[factOf(index, part)] ?? [])]);
        expect(numbersOf(row), `${where} ${row.name}`).toEqual(ids.map(({ length }) => length));
        expect(row.cases).toBe(facts?.reported.size ?? 0);
        passedOn += facts?.passedOn.size ?? 0;
        if (!lists) continue;
        const shown = await listsOf(api, asked, key, viewer);
        expect(shown.map(({ totalCount }) => totalCount)).toEqual(numbersOf(row));
        expect(shown.map(({ nodes }) => nodes.map(({ id }) => id).sort())).toEqual(
          ids.map((list) => list.map((id) => toGlobalId("Incident", POLICY_COUNTY, id)).sort()),
        );
      }
    }
    expect(passedOn).toBeGreaterThan(10);
  });

  it("lists go on page by page, newest first, without a case twice", async () => {
    const asked: Asked = { inside: POLICY_COUNTY, by: "area", ...YEAR };
    const page = async (after: string | null) => {
      const { data } = await api.graphql<{
        evaluationCases: {
          nodes: { id: string; openedAt: string }[];
          pageInfo: { endCursor: string | null; hasNextPage: boolean };
        };
      }>(
        `{ evaluationCases(${argumentsOf(asked)}, index: FILING, part: NUMERATOR, first: 70${after ? `, after: "${after}"` : ""}) { nodes { id openedAt } pageInfo { endCursor hasNextPage } } }`,
      );
      if (!data) throw new Error("no page");
      return data.evaluationCases;
    };
    const seen: { id: string; openedAt: string }[] = [];
    for (let after: string | null = null; ; ) {
      const { nodes, pageInfo } = await page(after);
      seen.push(...nodes);
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    const { data } = await assess(api, asked);
    expect(seen.length).toBe(data?.evaluation.total.figures[0]?.numerator);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    expect(seen.map(({ openedAt }) => openedAt)).toEqual(
      seen
        .map(({ openedAt }) => openedAt)
        .sort()
        .reverse(),
    );
  });

  it("rows with fewer than ten cases are not ranked; formulas and their version come along", async () => {
    const { data } = await assess(api, { inside: TOWN, by: "area", ...YEAR }, viewerAs("leader", TOWN));
    const rows = data?.evaluation.rows ?? [];
    const { data: grids } = await assess(api, { inside: `${TOWN}001`, by: "area", ...YEAR });
    const all = [...rows, ...(grids?.evaluation.rows ?? [])];
    expect(all.some(({ cases }) => cases < 10)).toBe(true);
    expect(all.some(({ cases }) => cases >= 10)).toBe(true);
    for (const { cases, score, rank } of all) {
      if (cases < 10) expect([score, rank]).toEqual([null, null]);
      else expect([score, rank]).not.toContain(null);
    }
    expect(data?.evaluation.version).toBe("1");
    expect(data?.evaluation.formulas.map(({ index }) => index.toLowerCase())).toEqual([...EVALUATION_INDEX_KEYS]);
  });

  it("nobody assesses another area, posts are for who reads whose case it is, and no visitor assesses", async () => {
    const asked: Asked = { inside: `${POLICY_COUNTY}002`, by: "area", ...YEAR };
    expect(codeOf(await assess(api, asked, viewerAs("leader", TOWN)))).toBe("FORBIDDEN");
    expect(codeOf(await assess(api, { ...asked, by: "post" }, viewerAs("wall", POLICY_COUNTY)))).toBe("FORBIDDEN");
    expect(codeOf(await assess(api, asked, viewerAs("leader", POLICY_COUNTY, { visitor: true })))).toBe("FORBIDDEN");
    expect(codeOf(await assess(api, { ...asked, to: asked.from }, viewerAs("leader", POLICY_COUNTY)))).toBe(
      "BAD_USER_INPUT",
    );
  });
});

describe("the assessment of a demo county", () => {
  const dataset = generate(DEMO_PROFILES.jinta, "evaluation", "2026-01-15T10:00+08:00");
  let api: TestApi;
  beforeAll(async () => {
    api = await openTestApi({ datasets: [dataset], classes: CLASS_CODES, now: "2026-01-15T02:00:00.000Z" });
  }, 120_000);
  afterAll(() => api.close());

  it("every figure of every row is what its log says, and those of the county open as many cases", async () => {
    const viewer = viewerAs("leader", "620921");
    const period = { from: "2025-01-15T00:00:00.000Z", to: "2026-01-16T00:00:00.000Z" };
    for (const by of ["area", "department"] as const) {
      const asked: Asked = { inside: "620921", by, ...period };
      const { data, errors } = await assess(api, asked, viewer);
      if (!data) throw new Error(JSON.stringify(errors));
      const { rows, total } = data.evaluation;
      expect(total.figures[0]).toMatchObject({ index: "FILING", denominator: 1920 });
      const expected = assessedCases(withClocks(dataset), () => true, { ...asked, asOf: data.evaluation.asOf });
      expect(rows.length).toBeGreaterThanOrEqual(expected.size);
      for (const row of rows) {
        const facts = expected.get(by === "area" ? row.key : (row.key.split(":")[2] ?? ""));
        const counts = FIGURES.map(({ index, part }) => facts?.[factOf(index, part)].size ?? 0);
        expect(numbersOf(row), row.name).toEqual(counts);
      }
      if (by === "department") continue;
      const lists = await listsOf(api, asked, null, viewer);
      expect(lists.map(({ totalCount }) => totalCount)).toEqual(numbersOf(total));
      expect(lists.map(({ nodes }) => nodes.length)).toEqual(numbersOf(total).map((n) => Math.min(n, 500)));
    }
  }, 120_000);
});
