import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Viewer } from "../../data/policy/viewer.ts";
import { countyProcessSchema } from "../../data/workflow/process.ts";
import { processOfDemo } from "../../data/workflow/processes/registry.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_CODES, SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { organisationId } from "../fixtures/small-county-base.ts";
import { type GraphqlAnswer, type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import {
  codeOf,
  DISPATCHER,
  LEADER,
  move,
  report,
  SENSITIVE_CLASS,
  VILLAGE_WORKER,
  WORKER,
} from "../helpers/reports.ts";
import { lintEvent } from "../helpers/sql-rules.ts";
import { viewerAs } from "../helpers/viewers.ts";

const MINUTE_MS = 60_000;
const unit = (n: number): string => `Organisation:${SMALL_COUNTY}:${organisationId(n)}`;

interface Whistle {
  readonly id: string;
  readonly version: number;
  readonly area: { readonly code: string };
  readonly item: {
    readonly key: string;
    readonly class: string;
    readonly name: string;
    readonly arriveMinutes: number;
  };
  readonly blownAt: string;
  readonly endedAt: string | null;
  readonly outcome: string | null;
  readonly rating: number | null;
  readonly incident: {
    readonly id: string;
    readonly version: number;
    readonly state: string;
    readonly step: { readonly key: string };
  } | null;
  readonly calls: readonly {
    readonly id: string;
    readonly organisation: { readonly id: string };
    readonly arriveBy: string;
    readonly arrivedAt: string | null;
    readonly late: boolean;
    readonly points: number;
  }[];
}
const WHISTLE =
  "{ id version area { code } item { key class name arriveMinutes } blownAt endedAt outcome rating incident { id version state step { key } } calls { id organisation { id } arriveBy arrivedAt late points } }";

const blow = (api: TestApi, input: Readonly<Record<string, unknown>>, viewer: Viewer | null = DISPATCHER) =>
  api.graphql<{ blowWhistle: Whistle }>(
    `mutation ($input: WhistleInput!) { blowWhistle(input: $input) ${WHISTLE} }`,
    { input: { item: "fire-lane", organisations: [unit(0)], key: randomUUID(), ...input } },
    viewer,
  );
const arrive = (api: TestApi, call: string, version: number, viewer: Viewer = WORKER, key: string = randomUUID()) =>
  api.graphql<{ reportArrival: Whistle }>(
    `mutation ($input: ArrivalInput!) { reportArrival(input: $input) ${WHISTLE} }`,
    { input: { call, version, key } },
    viewer,
  );
const end = (
  api: TestApi,
  id: string,
  version: number,
  more: Readonly<Record<string, unknown>> = {},
  viewer: Viewer = DISPATCHER,
) =>
  api.graphql<{ endWhistle: Whistle }>(
    `mutation ($input: EndWhistleInput!) { endWhistle(input: $input) ${WHISTLE} }`,
    { input: { id, version, outcome: "已清理", rating: 4, key: randomUUID(), ...more } },
    viewer,
  );

function ok<Data, Name extends keyof Data>({ data, errors }: GraphqlAnswer<Data>, name: Name): Data[Name] {
  if (!data) throw new Error(JSON.stringify(errors));
  return data[name];
}

describeOnBothDatabases("whistles and orders", (open) => {
  let api: TestApi;
  const rows = <Row>(sql: string): Promise<Row[]> =>
    api.database.adminSession(async (client) => (await client.query(sql)).rows as Row[]);
  const fresh = async (more: Readonly<Record<string, unknown>> = {}) => (await report(api, more)).incident;
  let nowMs = Date.parse(SMALL_NOW);
  const pass = (minutes: number): void => {
    nowMs += minutes * MINUTE_MS;
    api.setNow(new Date(nowMs).toISOString());
  };

  beforeAll(async () => {
    const { database } = await open();
    const process = countyProcessSchema.parse(processOfDemo("zuoyun"));
    api = await testApiOver(database, {
      datasets: [{ ...smallCounty(), process }],
      classes: SMALL_CLASSES,
      now: SMALL_NOW,
    });
  });
  afterAll(async () => {
    const breaches = api.takeStatements().flatMap(lintEvent);
    await api.close();
    expect(breaches).toEqual([]);
  });

  it("lists what may be whistled for, each in one of the three classes", async () => {
    const whistleItems = ok(
      await api.graphql<{ whistleItems: { class: string }[] }>(
        `{ whistleItems(county: "${SMALL_COUNTY}") { key class name nameEn arriveMinutes } }`,
        {},
        viewerAs("wall", SMALL_COUNTY),
      ),
      "whistleItems",
    );
    expect(whistleItems.length).toBeGreaterThanOrEqual(20);
    expect(new Set(whistleItems.map((item) => item.class))).toEqual(new Set(["ROUTINE", "JOINT", "URGENT"]));
  });

  it("a whistle takes the case to 吹哨, an arrival to 报到, each with an entry in its log", async () => {
    const one = await fresh();
    const whistle = ok(
      await blow(api, { incident: one.id, version: one.version, organisations: [unit(0), unit(1)], note: "尽快" }),
      "blowWhistle",
    );
    expect(whistle).toMatchObject({
      version: 1,
      area: { code: SMALL_CODES.community },
      item: { key: "fire-lane", class: "URGENT", name: "消防通道堵塞", arriveMinutes: 30 },
      endedAt: null,
      incident: { state: "DISPATCHED", step: { key: "whistled" } },
    });
    expect(whistle.calls.map(({ organisation, late, points }) => [organisation.id, late, points])).toEqual([
      [unit(0), false, 100],
      [unit(1), false, 100],
    ]);
    expect(Date.parse(whistle.calls[0]?.arriveBy ?? "") - Date.parse(whistle.blownAt)).toBe(30 * MINUTE_MS);
    pass(30);
    const there = ok(await arrive(api, whistle.calls[1]?.id ?? "", 1), "reportArrival");
    expect(there).toMatchObject({ version: 2, incident: { state: "ARRIVED", step: { key: "arrived" } } });
    expect(there.calls.map(({ late, points }) => [late, points])).toEqual([
      [false, 100],
      [false, 100],
    ]);
    pass(1);
    const waited = ok(await arrive(api, whistle.calls[0]?.id ?? "", 2), "reportArrival");
    expect(waited.calls.map(({ late, points }) => [late, points])).toEqual([
      [true, 60],
      [false, 100],
    ]);
    const ended = ok(await end(api, whistle.id, 3), "endWhistle");
    expect(ended).toMatchObject({ version: 4, outcome: "已清理", rating: 4, incident: { state: "ARRIVED" } });
    const incident = ok(
      await api.graphql<{
        incident: {
          events: { kind: string; toState: string }[];
          whistles: Whistle[];
          organisation: { id: string };
        };
      }>(
        `query ($id: ID!) { incident(id: $id) { events { kind toState note } whistles ${WHISTLE} organisation { id } } }`,
        { id: one.id },
        LEADER,
      ),
      "incident",
    );
    expect(incident.events.map(({ kind, toState }) => `${kind} ${toState}`)).toEqual([
      "STEP FOUND",
      "WHISTLE FOUND",
      "STEP DISPATCHED",
      "WHISTLE DISPATCHED",
      "STEP ARRIVED",
      "WHISTLE ARRIVED",
      "WHISTLE ARRIVED",
    ]);
    expect(incident.whistles.map(({ id }) => id)).toEqual([whistle.id]);
    // Who is there has the case.
    expect(incident.organisation.id).toBe(unit(1));
  });

  it("the log says who had the case: passed on without work by whom it was", async () => {
    const one = await fresh();
    ok(await blow(api, { incident: one.id, version: one.version }), "blowWhistle");
    const handed = await rows<{ organisation_id: string | null }>(
      `SELECT organisation_id FROM incident_event WHERE incident_id = '${one.id.split(":")[2]}' ORDER BY seq`,
    );
    expect(handed.map((row) => row.organisation_id)).toEqual([null, null, organisationId(0)]);
  });

  it("refuses what is not listed, nobody to call, a stranger's department, and what was changed", async () => {
    const one = await fresh();
    const wanted = { incident: one.id, version: one.version };
    expect(codeOf(await blow(api, { ...wanted, item: "no-such-item" }))).toBe("BAD_USER_INPUT");
    expect(codeOf(await blow(api, { ...wanted, item: "" }))).toBe("BAD_USER_INPUT");
    expect(codeOf(await blow(api, { ...wanted, organisations: [] }))).toBe("BAD_USER_INPUT");
    const nobody = `Organisation:${SMALL_COUNTY}:01900000-0000-7000-8000-000000000000`;
    expect(codeOf(await blow(api, { ...wanted, organisations: [unit(0), nobody] }))).toBe("BAD_USER_INPUT");
    expect(codeOf(await blow(api, { ...wanted, version: one.version + 1 }))).toBe("CONFLICT");
    expect(codeOf(await blow(api, { ...wanted, note: "电话13812345678" }))).toBe("BAD_USER_INPUT");
    expect(codeOf(await blow(api, wanted, WORKER))).toBe("FORBIDDEN");
    expect(codeOf(await blow(api, wanted, viewerAs("dispatcher", SMALL_CODES.village)))).toBe("NOT_FOUND");
    expect(codeOf(await blow(api, wanted, null))).toBe("UNAUTHENTICATED");
    const [{ count } = { count: -1 }] = await rows<{ count: number }>(
      `SELECT count(*)::int AS count FROM whistle WHERE incident_id = '${one.id.split(":")[2]}'`,
    );
    expect(count).toBe(0);
    const gone = await move(api, one.id, one.version, "VOID", DISPATCHER, { reason: "误报" });
    expect(codeOf(await blow(api, { ...wanted, version: gone.data?.transitionIncident.version ?? 0 }))).toBe(
      "CONFLICT",
    );
  });

  it("the same key blows, arrives and ends once; another's version or a second arrival conflicts", async () => {
    const one = await fresh();
    const key = randomUUID();
    const input = { incident: one.id, version: one.version, key };
    const first = ok(await blow(api, input), "blowWhistle");
    const again = ok(await blow(api, input), "blowWhistle");
    expect(again.id).toBe(first.id);
    expect(again.incident?.version).toBe(first.incident?.version);
    expect(codeOf(await blow(api, { ...input, item: "gas" }))).toBe("CONFLICT");
    const call = first.calls[0]?.id ?? "";
    const arrival = randomUUID();
    expect(ok(await arrive(api, call, 1, WORKER, arrival), "reportArrival").version).toBe(2);
    expect(ok(await arrive(api, call, 1, WORKER, arrival), "reportArrival").version).toBe(2);
    expect(codeOf(await arrive(api, call, 1))).toBe("CONFLICT");
    expect(codeOf(await arrive(api, call, 2))).toBe("CONFLICT");
    expect(codeOf(await arrive(api, call, 2, VILLAGE_WORKER))).toBe("NOT_FOUND");
    expect(codeOf(await end(api, first.id, 2, { rating: 6 }))).toBe("BAD_USER_INPUT");
    expect(codeOf(await end(api, first.id, 2, { outcome: " " }))).toBe("BAD_USER_INPUT");
    expect(codeOf(await end(api, first.id, 2, {}, WORKER))).toBe("FORBIDDEN");
    ok(await end(api, first.id, 2), "endWhistle");
    expect(codeOf(await end(api, first.id, 3))).toBe("CONFLICT");
  });

  it("lists follow the case's place and class: whoever does not see the case does not see its whistle", async () => {
    const one = await fresh({ class: SENSITIVE_CLASS });
    const whistle = ok(await blow(api, { incident: one.id, version: one.version, item: "dispute" }), "blowWhistle");
    // Disputes are mediated here: no step of theirs is 吹哨.
    expect(whistle.incident?.state).toBe("FOUND");
    const idsFor = async (viewer: Viewer, inside: string) =>
      (
        await api.graphql<{ whistles: { id: string; note?: string | null }[] }>(
          `{ whistles(inside: "${inside}", open: true) { id note outcome rating } }`,
          {},
          viewer,
        )
      ).data?.whistles.map(({ id }) => id);
    expect(await idsFor(LEADER, SMALL_COUNTY)).toContain(whistle.id);
    expect(await idsFor(viewerAs("leader", SMALL_CODES.community), SMALL_CODES.community)).toContain(whistle.id);
    expect(await idsFor(viewerAs("wall", SMALL_COUNTY), SMALL_COUNTY)).not.toContain(whistle.id);
    expect(await idsFor(viewerAs("leader", SMALL_CODES.village), SMALL_CODES.village)).toEqual([]);
    expect(await idsFor(viewerAs("leader", SMALL_CODES.village), SMALL_COUNTY)).toBeUndefined();
  });

  it("departments' scores of a year are those of the log, in the county's own calendar", async () => {
    const scores = async (year: number, viewer: Viewer = LEADER) =>
      ok(
        await api.graphql<{
          departmentScores: {
            organisation: { id: string };
            calls: number;
            inTime: number;
            late: number;
            rating: number | null;
            points: number;
            yearPart: number;
          }[];
        }>(
          `{ departmentScores(county: "${SMALL_COUNTY}", year: ${year}) { organisation { id } calls inTime late rating points yearPart } }`,
          {},
          viewer,
        ),
        "departmentScores",
      );
    const log = await rows<{ unit: string; late: boolean; came: boolean; ended: boolean }>(
      `SELECT c.organisation_id AS unit, w.ended_at IS NOT NULL AS ended, c.arrived_at IS NOT NULL AS came,
         coalesce(c.arrived_at, w.ended_at, '${new Date(nowMs).toISOString()}') > c.arrive_by AS late
       FROM whistle_call c JOIN whistle w ON w.id = c.whistle_id`,
    );
    const now = await scores(2026);
    for (const n of [0, 1]) {
      const calls = log.filter((row) => row.unit === organisationId(n));
      const points = calls.map(({ late, came, ended }) => (late ? (came || !ended ? 60 : 0) : 100));
      const mean = points.reduce<number>((sum, one) => sum + one, 0) / points.length;
      const score = now.find(({ organisation }) => organisation.id === unit(n));
      expect(score).toMatchObject({ calls: calls.length, late: calls.filter(({ late }) => late).length });
      expect(score?.points).toBeCloseTo(mean, 9);
      expect(score?.yearPart).toBeCloseTo(mean / 3, 9);
    }
    expect(await scores(2025)).toEqual([]);
    expect(await scores(2026, viewerAs("leader", SMALL_CODES.village))).toEqual([]);
  });

  it("a resident rates the own order once, when the work is done, by number and code", async () => {
    const rate = (orderNo: string, code: string, rating: number) =>
      api.graphql<{ rateOrder: { state: string } }>(
        `mutation { rateOrder(orderNo: "${orderNo}", code: "${code}", rating: ${rating}) { orderNo state closedAt } }`,
        {},
        null,
      );
    const { orderNo, code, incident } = await report(api, { source: "APP" });
    expect(codeOf(await rate(orderNo, code, 5))).toBe("CONFLICT");
    let { version } = incident;
    for (const [to, more] of [
      ["DISPATCHED", { organisation: unit(0) }],
      ["HANDLING", {}],
      ["FED_BACK", { resolution: "已修好" }],
    ] as const)
      version = ok(await move(api, incident.id, version, to, DISPATCHER, more), "transitionIncident").version;
    expect(codeOf(await rate(orderNo, code, 0))).toBe("BAD_USER_INPUT");
    expect(codeOf(await rate(orderNo, "0000-0000-00000", 5))).toBe("NOT_FOUND");
    expect(ok(await rate(orderNo, code, 5), "rateOrder")).toMatchObject({ state: "EVALUATED" });
    expect(codeOf(await rate(orderNo, code, 1))).toBe("CONFLICT");
    const { data } = await api.graphql<{ incident: { rating: unknown; state: string; step: { key: string } } }>(
      "query ($id: ID!) { incident(id: $id) { state step { key } rating { rating satisfied at } } }",
      { id: incident.id },
      LEADER,
    );
    expect(data?.incident).toMatchObject({
      state: "EVALUATED",
      step: { key: "rated" },
      rating: { rating: 5, satisfied: true },
    });
  });

  it("wrong codes lock the number of an order for its rating too", async () => {
    const { orderNo, code } = await report(api, { source: "APP" });
    const rate = (secret: string) =>
      api.graphql(`mutation { rateOrder(orderNo: "${orderNo}", code: "${secret}", rating: 5) { state } }`, {}, null);
    for (let n = 0; n < 5; n++) expect(codeOf(await rate("0000-0000-00000"))).toBe("NOT_FOUND");
    expect(codeOf(await rate(code))).toBe("NOT_FOUND");
    pass(2);
    // It answers again: the work is not done yet.
    expect(codeOf(await rate(code))).toBe("CONFLICT");
  });

  it("the funnel counts the orders that came so far; unrated ones count as neither", async () => {
    const before = new Date(Date.parse(SMALL_NOW) - 1000).toISOString();
    const { data, errors } = await api.graphql<{
      orderFunnel: {
        stages: { step: { key: string; name: string }; reached: number; now: number }[];
        rated: number;
        satisfied: number;
        satisfaction: number | null;
      };
    }>(
      `{ orderFunnel(inside: "${SMALL_COUNTY}", from: "${before}") { stages { step { key name } reached now } rated satisfied satisfaction } }`,
      {},
      LEADER,
    );
    expect(errors).toBeUndefined();
    expect(data?.orderFunnel).toEqual({
      stages: [
        { step: { key: "ordered", name: "点单" }, reached: 2, now: 1 },
        { step: { key: "dispatched", name: "派单" }, reached: 1, now: 0 },
        { step: { key: "fulfilled", name: "落单" }, reached: 1, now: 0 },
        { step: { key: "tracked", name: "查单" }, reached: 1, now: 0 },
        { step: { key: "rated", name: "评单" }, reached: 1, now: 1 },
      ],
      rated: 1,
      satisfied: 1,
      satisfaction: 1,
    });
  });
});
