import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../api/config.ts";
import { type RequestContext, requestContext } from "../../api/context.ts";
import { Feed } from "../../api/feed/feed.ts";
import { type HotColumns, NO_HOT } from "../../api/hot/types.ts";
import { countCases, countedColumns } from "../../api/services/aggregate/answer.ts";
import {
  type AskedCases,
  type AskedCount,
  type CaseQuestion,
  checkCaseQuestion,
  HEAT_EDGES,
} from "../../api/services/aggregate/case-question.ts";
import { Tally } from "../../api/services/aggregate/tally.ts";
import { decodeColumns } from "../../data/columns/format.ts";
import { Prng } from "../../data/demo/prng.ts";
import { AppError } from "../../data/model/errors.ts";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../../data/model/incident.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { rollupsCanCount } from "../../db/rollups/case-counts.ts";
import { readCounts } from "../../db/rollups/read-counts.ts";
import { POLICY_COUNTY as COUNTY, POLICY_NOW, policyCounty } from "../fixtures/policy-county.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { TEST_SEALER, type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { memoryOf } from "../helpers/memory-cases.ts";
import { lintEvent } from "../helpers/sql-rules.ts";
import { viewerAs, viewerHeaders } from "../helpers/viewers.ts";
import { describeViewer, randomViewer } from "./differential/random-viewer.ts";

const NOW_MS = Date.parse(POLICY_NOW);
const DAY = 86_400;
const BBOX = [112.99, 39.99, 113.05, 40.05] as const;
/** At least so many, and on until every way of answering was taken. */
const QUESTIONS = 60;
const MOST_QUESTIONS = 240;
const WAYS = ["heat", "trend", "ranking"].flatMap((kind) =>
  ["memory", "both", "database", "database with roll-ups"].map((how) => `${kind} ${how}`),
);

describeOnBothDatabases("counts of cases", (open) => {
  let api: TestApi;
  let feed: Feed;
  const codes = policyCounty().areas.map(({ code }) => code);
  const contextOf = (viewer: Viewer | null, hot: HotColumns = NO_HOT): RequestContext =>
    requestContext(
      { database: api.database, config: loadConfig({}), sealer: TEST_SEALER, feed },
      NOW_MS,
      viewer,
      "test",
      undefined,
      hot,
    );

  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [policyCounty()], classes: SMALL_CLASSES, now: POLICY_NOW });
    feed = new Feed(
      database,
      () => NOW_MS,
      () => undefined,
    );
  });
  afterAll(() => api.close());

  /** Any subset, nearly every time none. */
  const some = <Value>(prng: Prng, values: readonly Value[]): Value[] | undefined =>
    prng.chance(0.25) ? prng.shuffle(values).slice(0, prng.int(1, values.length)) : undefined;

  function randomQuestion(prng: Prng): [AskedCases, AskedCount] {
    // Bounds on whole days and months as often as between them: roll-ups and SQL share the window there.
    const instant = (): number => {
      const at = NOW_MS / 1000 - prng.int(0, 390) * DAY - 2 * 3600;
      return prng.chance(0.5) ? Math.floor((at + 8 * 3600) / DAY) * DAY - 8 * 3600 : at + prng.int(0, DAY);
    };
    const [a, b] = [instant(), instant()];
    const [from, to] = a < b ? [a, b] : [b, a + 1];
    const asked: AskedCases = {
      county: COUNTY,
      inside: prng.chance(0.7) ? undefined : prng.pick(codes),
      from: prng.chance(0.7) ? from : undefined,
      to: prng.chance(0.5) ? to : undefined,
      classes: some(prng, prng.chance(0.5) ? ["01", "02", "05", "80"] : ["01001", "80001", "02"]),
      states: prng.chance(0.2)
        ? [...INCIDENT_STATES.filter((one) => one === "closed" || one === "evaluated")]
        : some(prng, INCIDENT_STATES),
      severities: some(prng, INCIDENT_SEVERITIES),
      sources: some(prng, INCIDENT_SOURCES),
      late: prng.chance(0.15) ? prng.chance(0.5) : undefined,
      withoutSuspicious: prng.chance(0.2),
    };
    const kind = prng.pick(["heat", "trend", "ranking"] as const);
    if (kind === "trend") return [asked, { kind, by: prng.pick(["class", "major"] as const) }];
    if (kind === "ranking")
      return [asked, { kind, level: prng.pick(["town", "town", "community", "grid", "micro"] as const) }];
    const [west, south] = [prng.range(BBOX[0], BBOX[2] - 0.01), prng.range(BBOX[1], BBOX[3] - 0.01)];
    const bbox = prng.chance(0.5) ? BBOX : ([west, south, west + prng.range(0.001, 0.05), south + 0.02] as const);
    return [asked, { kind, bbox: [...bbox], edge: prng.pick(HEAT_EDGES) }];
  }

  /** What the cases themselves say, without roll-ups or memory. */
  async function bySql(viewer: Viewer, question: CaseQuestion) {
    const { county, by, on, window } = question;
    const tally = new Tally(by);
    const reading = { county: COUNTY, asOf: county.asOf, now: POLICY_NOW };
    const { role, accountId: account, visitor } = viewer;
    const area = viewer.county === "000000" ? COUNTY : viewer.area;
    tally.addCounted(
      await api.database.transaction({ kind: "viewer", county: COUNTY, role, area, account, visitor }, (tx) =>
        readCounts(tx, reading, county.timezone, by, on, { cases: [window] }),
      ),
    );
    return tally.columns();
  }

  it("are the same from memory, roll-ups and SQL, whoever asks", { timeout: 120_000 }, async () => {
    const month = NOW_MS / 1000 - 60 * DAY;
    const asOf = POLICY_NOW;
    const memories: HotColumns[] = [
      NO_HOT,
      await memoryOf(api.database, COUNTY, asOf, Number.NEGATIVE_INFINITY),
      await memoryOf(api.database, COUNTY, asOf, month),
    ];
    const prng = new Prng("counts-of-cases");
    const seen: Record<string, number> = {};
    for (let n = 0; n < MOST_QUESTIONS && (n < QUESTIONS || WAYS.some((way) => !seen[way])); n++) {
      // Half of them of the whole county: those who see but a grid have little to count.
      const viewer = randomViewer(prng.chance(0.5) ? [COUNTY] : codes, prng);
      const [asked, count] = randomQuestion(prng);
      const name = `${n}: ${describeViewer(viewer)} asks ${JSON.stringify([asked, count])}`;
      const answers = await Promise.allSettled(
        memories.map(async (hot) => {
          const context = contextOf(viewer, hot);
          const question = await checkCaseQuestion(context, asked, count, "test");
          return { question, ...(await countCases(context, question)) };
        }),
      );
      const [first] = answers;
      if (first?.status !== "fulfilled" || !viewer) {
        for (const one of answers) {
          const reason: unknown = one.status === "rejected" ? one.reason : undefined;
          expect(reason, name).toBeInstanceOf(AppError);
          const { code } = reason as AppError;
          expect(
            ["FORBIDDEN", "UNAUTHENTICATED", "BAD_USER_INPUT"],
            `${name}: ${(reason as AppError).message}`,
          ).toContain(code);
        }
        seen["refused"] = (seen["refused"] ?? 0) + 1;
        continue;
      }
      const expected = await bySql(viewer, first.value.question);
      for (const one of answers) {
        if (one.status === "rejected") throw one.reason;
        const { rows, columns, names, from } = one.value;
        expect({ rows, columns, names }, `${name} from ${from}`).toEqual(expected);
        const how = `${count.kind} ${from}${from === "database" && rollupsCanCount(one.value.question.by, one.value.question.on) ? " with roll-ups" : ""}`;
        if (rows > 1) seen[how] = (seen[how] ?? 0) + 1;
      }
    }
    expect(WAYS.filter((way) => !seen[way])).toEqual([]);
    expect(api.takeStatements().flatMap(lintEvent)).toEqual([]);
  });

  const get = (path: string, viewer: Viewer | null, headers: Record<string, string> = {}) =>
    api.app.inject({ url: `/columns/${path}`, headers: { ...viewerHeaders(viewer), ...headers } });
  const leader = viewerAs("leader", COUNTY);
  const heat = `heat?county=${COUNTY}&bbox=${BBOX.join(",")}&cell=25000`;

  describe("over HTTP", () => {
    it("are column files with an ETag that answers 304 until a case changes", async () => {
      const first = await get(heat, leader);
      expect(first.statusCode).toBe(200);
      const table = decodeColumns(new Uint8Array(first.rawPayload));
      expect(table).toMatchObject({ layer: "heat", county: COUNTY });
      const cases = policyCounty().incidents.filter(({ suspicious }) => !suspicious);
      const counted = [...(table.columns["count"] ?? [])].reduce((sum, n) => sum + n, 0);
      expect(counted).toBe(cases.length);
      const etag = String(first.headers["etag"]);
      expect((await get(heat, leader, { "if-none-match": etag })).statusCode).toBe(304);
      await api.database.transaction({ kind: "county", county: COUNTY }, (tx) =>
        tx.execute("UPDATE county_profile SET live_version = live_version + 1 WHERE county = $1", [COUNTY]),
      );
      expect((await get(heat, leader, { "if-none-match": etag })).statusCode).toBe(200);
    });

    it("are made once for all who ask the same of the same data", async () => {
      const question = (viewer: Viewer) =>
        checkCaseQuestion(
          contextOf(viewer),
          { county: COUNTY, classes: ["02", "01"] },
          { kind: "trend", by: "class" },
          "test",
        );
      const other = viewerAs("dispatcher", COUNTY);
      api.takeStatements();
      const [a, b] = await Promise.all(
        [leader, other].map(async (viewer) => countedColumns(contextOf(viewer), await question(viewer))),
      );
      expect(a).toBe(b);
      expect(await countedColumns(contextOf(other), await question(other))).toBe(a);
      const counting = api.takeStatements().filter(({ sql }) => sql.includes("incident_day"));
      expect(counting).toHaveLength(1);
      // Whoever may not see sensitive cases gets another answer.
      const wall = viewerAs("wall", COUNTY);
      expect(await countedColumns(contextOf(wall), await question(wall))).not.toBe(a);
    });

    it.each([
      ["a box that is none", `heat?county=${COUNTY}&bbox=1,2,3&cell=25000`, "bbox"],
      ["no box", `heat?county=${COUNTY}&cell=25000`, "bbox"],
      ["a square of another edge", `heat?county=${COUNTY}&bbox=${BBOX.join(",")}&cell=30000`, "cell"],
      ["too many squares", `heat?county=${COUNTY}&bbox=100,20,120,40&cell=6250`, "bbox"],
      ["an unknown state", `trend?county=${COUNTY}&states=lost`, "states"],
      ["a class that is none", `trend?county=${COUNTY}&classes=1`, "classes"],
      [
        "a window that ends before it begins",
        `trend?county=${COUNTY}&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z`,
        "to",
      ],
      ["an instant without its offset", `trend?county=${COUNTY}&from=2026-01-02`, "from"],
      ["an unknown parameter", `ranking?county=${COUNTY}&area=1`, "area"],
      ["areas of the level itself", `ranking?county=${COUNTY}&inside=${COUNTY}001&level=town`, "level"],
    ])("refuse %s and name the parameter", async (_name, path, at) => {
      const answer = await get(path, leader);
      expect(answer.json()).toMatchObject({ status: 400, code: "BAD_USER_INPUT", path: at });
    });

    it("are told to nobody outside the own area, and of a kiosk's older cases in cells and days only", async () => {
      const town = viewerAs("leader", `${COUNTY}001`);
      const answer = await get(`trend?county=${COUNTY}&inside=${COUNTY}002`, town);
      expect(answer.json()).toMatchObject({ status: 403, code: "FORBIDDEN" });
      expect((await get(`trend?county=${COUNTY}`, viewerAs("leader", COUNTY, { visitor: true }))).statusCode).toBe(403);
      expect((await get(heat, null)).statusCode).toBe(401);
      const kiosk = viewerAs("wall", COUNTY, { kind: "kiosk", accountId: null, pointDays: 7 });
      const small = heat.replace("cell=25000", "cell=12500");
      expect((await get(small, kiosk)).json()).toMatchObject({ status: 403, code: "FORBIDDEN", path: "cell" });
      expect((await get(`${small}&from=2026-01-10T00:00:00Z`, kiosk)).statusCode).toBe(200);
      const hour = async (viewer: Viewer): Promise<number> => {
        const from = "2025-11-03T00:00:00Z";
        const table = decodeColumns(new Uint8Array((await get(`${heat}&from=${from}`, viewer)).rawPayload));
        return [...(table.columns["count"] ?? [])].reduce((sum, n) => sum + n, 0);
      };
      // A bound at 08:00 of the county's day is one at the next midnight.
      const midnight = Date.parse("2025-11-03T16:00:00Z");
      const later = policyCounty().incidents.filter(
        ({ openedAt, suspicious, classCode }) =>
          Date.parse(openedAt) >= midnight && !suspicious && classCode !== "80001",
      );
      expect(await hour(kiosk)).toBe(later.length);
      expect(await hour(viewerAs("wall", COUNTY))).toBeGreaterThanOrEqual(later.length);
    });
  });
});
