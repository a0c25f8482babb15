import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadConfig } from "../../../api/config.ts";
import { Feed } from "../../../api/feed/feed.ts";
import { escalate } from "../../../api/services/clock/escalate.ts";
import { countyProcessSchema } from "../../../data/workflow/process.ts";
import { DEFAULT_PROCESS } from "../../../data/workflow/processes/default.ts";
import { SMALL_CLASSES } from "../../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../../fixtures/small-county.ts";
import { type GraphqlAnswer, TEST_SEALER, type TestApi, testApiOver } from "../../helpers/api.ts";
import { replayedClocks, storedClocks } from "../../helpers/clock-replay.ts";
import { describeOnBothDatabases } from "../../helpers/database.ts";
import { codeOf, DISPATCHER, LEADER, move, report, WORKER } from "../../helpers/reports.ts";
import { lintEvent } from "../../helpers/sql-rules.ts";
import { viewerAs } from "../../helpers/viewers.ts";

const HOUR = 3600;
const START = Date.parse(SMALL_NOW);
const EVERY_MS = 27_000;
/** A county's own rules: 道路不洁 closed within 4 hours, with an extension as long; the chain is short. */
const PROCESS = countyProcessSchema.parse({
  clockRules: [
    ...DEFAULT_PROCESS.clockRules,
    {
      key: "road",
      name: "道路4小时",
      nameEn: "Road: 4 hours",
      kind: "business",
      target: "close",
      classes: ["02"],
      allowedSeconds: 4 * HOUR,
      extendSeconds: 4 * HOUR,
      calendar: "always",
    },
  ],
  escalation: [
    { level: "community", role: "dispatcher", afterSeconds: 0 },
    { level: "town", role: "dispatcher", afterSeconds: 2 * HOUR },
    { level: "county", role: "dispatcher", afterSeconds: 5 * HOUR },
  ],
});
const wall = viewerAs("wall", SMALL_COUNTY);

const CASE = `query ($id: ID!) { incident(id: $id) { version state dueAt late escalation
  clocks { kind target rule allowedSeconds usedSeconds dueAt endedAt pausedAt extendedSeconds state }
  events { kind note } } }`;
interface Seen {
  readonly version: number;
  readonly state: string;
  readonly dueAt: string | null;
  readonly late: boolean;
  readonly escalation: string | null;
  readonly clocks: readonly Readonly<Record<string, unknown>>[];
  readonly events: readonly { readonly kind: string; readonly note: string | null }[];
}
const EXTEND = "mutation ($input: ExtendInput!) { extendDeadline(input: $input) { version dueAt } }";
const ON_TIME = `query { onTime(inside: "${SMALL_COUNTY}", from: "${SMALL_NOW}") { target met missed late running paused rate } }`;

describeOnBothDatabases("clocks of cases", (open) => {
  let api: TestApi;
  const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString();
  /** The server's clock says so many seconds after the start. */
  const now = (seconds: number): void => api.setNow(at(seconds));
  const see = async (id: string, viewer = DISPATCHER): Promise<Seen> => {
    const { data, errors } = await api.graphql<{ incident: Seen | null }>(CASE, { id }, viewer);
    if (!data?.incident) throw new Error(JSON.stringify(errors));
    return data.incident;
  };
  const fresh = async (classCode: string): Promise<string> =>
    (await report(api, { class: classCode, severity: "NORMAL" })).incident.id;
  const step = async (id: string, to: string, more: Parameters<typeof move>[5] = {}, who = DISPATCHER) => {
    const { errors } = await move(api, id, (await see(id)).version, to, who, more);
    if (errors) throw new Error(JSON.stringify(errors));
    return see(id);
  };
  const extend = async (id: string, seconds: number, viewer = LEADER): Promise<GraphqlAnswer> =>
    api.graphql(
      EXTEND,
      { input: { id, version: (await see(id)).version, seconds, reason: "等配件到货", key: randomUUID() } },
      viewer,
    );
  const raise = (seconds: number): Promise<number> => {
    const { database } = api;
    const feed = new Feed(database, api.now, () => undefined);
    return escalate({ database, config: loadConfig({}), sealer: TEST_SEALER, feed }, START + seconds * 1000, EVERY_MS);
  };

  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, {
      datasets: [{ ...smallCounty(), process: PROCESS }],
      classes: SMALL_CLASSES,
      now: SMALL_NOW,
    });
  });
  afterAll(async () => {
    const breaches = api.takeStatements().flatMap(lintEvent);
    await api.close();
    expect(breaches).toEqual([]);
  });

  it("start with the report, pause with a reason, run on and stop at their target", async () => {
    now(0);
    const id = await fresh("01001");
    expect(await see(id)).toMatchObject({
      dueAt: at(2 * HOUR),
      late: false,
      clocks: [
        { target: "HANDLE", rule: "small", allowedSeconds: 2 * HOUR, usedSeconds: 0, state: "RUNNING" },
        { target: "ANSWER", rule: "complex", allowedSeconds: 7 * 24 * HOUR, state: "RUNNING" },
      ],
    });
    now(600);
    expect((await step(id, "HANDLING", {}, WORKER)).clocks[1]).toMatchObject({
      target: "ANSWER",
      state: "MET",
      endedAt: at(600),
    });
    now(HOUR);
    const held = await step(id, "ON_HOLD", { reason: "等材料" });
    expect(held).toMatchObject({ dueAt: null, late: false });
    expect(held.clocks[0]).toMatchObject({ state: "PAUSED", dueAt: null, pausedAt: at(HOUR), usedSeconds: HOUR });
    const reasons = "query ($id: ID!) { incident(id: $id) { clocks { pauseReason } } }";
    const told = await api.graphql<{ incident: { clocks: unknown[] } }>(reasons, { id }, DISPATCHER);
    expect(told.data?.incident.clocks[0]).toEqual({ pauseReason: "等材料" });
    // Who reads no free text is told that it is paused, not why.
    expect((await see(id, wall)).clocks[0]).toMatchObject({ state: "PAUSED" });
    const untold = await api.graphql<{ incident: { clocks: unknown[] } }>(reasons, { id }, wall);
    expect(untold.data?.incident.clocks[0] ?? null).not.toEqual({ pauseReason: "等材料" });

    now(10 * HOUR);
    expect((await see(id)).late).toBe(false);
    const back = await step(id, "HANDLING");
    expect(back).toMatchObject({ dueAt: at(11 * HOUR), late: false });
    now(11 * HOUR);
    const done = await step(id, "FED_BACK", { resolution: "已修好" }, WORKER);
    // To the second: an hour before the hold and an hour after it.
    expect(done.clocks[0]).toMatchObject({ state: "MET", usedSeconds: 2 * HOUR, endedAt: at(11 * HOUR) });
    expect(done.dueAt).toBeNull();
    const again = await step(id, "REWORK", { reason: "又坏了" });
    expect(again.clocks[0]).toMatchObject({ state: "RUNNING", dueAt: at(11 * HOUR) });
    now(11 * HOUR + 1);
    expect((await see(id)).clocks[0]).toMatchObject({ state: "LATE" });
  });

  it("are extended once, with a reason, before they run out, as far as the rule allows", async () => {
    now(0);
    const id = await fresh("02003");
    expect((await see(id)).dueAt).toBe(at(4 * HOUR));
    expect(codeOf(await extend(id, 4 * HOUR + 1))).toBe("BAD_USER_INPUT");
    expect(codeOf(await extend(id, HOUR, WORKER))).toBe("FORBIDDEN");
    const done = await extend(id, HOUR);
    expect(done.data).toMatchObject({ extendDeadline: { version: 2, dueAt: at(5 * HOUR) } });
    expect(codeOf(await extend(id, HOUR))).toBe("CONFLICT");
    const seen = await see(id);
    expect(seen.clocks[0]).toMatchObject({ extendedSeconds: HOUR, allowedSeconds: 5 * HOUR });
    expect(seen.events.at(-1)).toEqual({ kind: "EXTENDED", note: "等配件到货" });
    const late = await fresh("02003");
    now(4 * HOUR + 1);
    expect(codeOf(await extend(late, HOUR))).toBe("CONFLICT");
    expect((await see(late)).late).toBe(true);
  });

  it("count what is open and overdue as late, and what is paused as neither", async () => {
    now(4 * HOUR + 1);
    const { data } = await api.graphql<{ onTime: Record<string, unknown>[] }>(ON_TIME, {}, DISPATCHER);
    const close = data?.onTime.find(({ target }) => target === "CLOSE");
    // One extended that runs, one late.
    expect(close).toEqual({ target: "CLOSE", met: 0, missed: 0, late: 1, running: 1, paused: 0, rate: 0 });
    const held = await fresh("02003");
    await step(held, "ON_HOLD", { reason: "等材料" });
    const after = await api.graphql<{ onTime: Record<string, unknown>[] }>(ON_TIME, {}, DISPATCHER);
    expect(after.data?.onTime.find(({ target }) => target === "CLOSE")).toEqual({ ...close, paused: 1 });
    const list = async (paused: boolean): Promise<string[]> => {
      const query = `query ($paused: Boolean) {
        incidents(filter: { inside: "${SMALL_COUNTY}", paused: $paused }, first: 1000) { edges { node { id } } } }`;
      const { data } = await api.graphql<{ incidents: { edges: { node: { id: string } }[] } }>(
        query,
        { paused },
        DISPATCHER,
      );
      return (data?.incidents.edges ?? []).map(({ node }) => node.id);
    };
    expect(await list(true)).toEqual([held]);
    expect(await list(false)).not.toContain(held);
    const next = await api.graphql<{ nextToBreach: { dueAt: string }[] }>(
      `query { nextToBreach(inside: "${SMALL_COUNTY}", first: 100) { dueAt } }`,
      {},
      DISPATCHER,
    );
    const dues = (next.data?.nextToBreach ?? []).flatMap(({ dueAt }) => dueAt ?? []);
    expect(dues).toContain(at(5 * HOUR));
    expect(dues).toEqual(dues.toSorted());
    expect(dues.every((due) => Date.parse(due) >= api.now())).toBe(true);
  });

  it("raise what is late and what nobody claims, one level at a time, by one process", async () => {
    const base = 14 * HOUR;
    now(base);
    // What the cases before left behind rises first.
    await raise(base);
    const id = await fresh("01001");
    expect((await see(id)).escalation).toBeNull();
    await raise(base + 1800);
    expect((await see(id)).escalation).toBeNull();
    // The turn of this half minute was taken: another process finds it gone.
    expect(await raise(base + 1801)).toBe(0);
    expect(await raise(base + 1830)).toBeGreaterThan(0);
    expect(await see(id)).toMatchObject({ escalation: "COMMUNITY", version: 2 });
    expect((await see(id)).events.at(-1)).toEqual({ kind: "ESCALATED", note: "无人认领，上升到：社区" });
    await raise(base + 3 * HOUR);
    expect((await see(id)).escalation).toBe("TOWN");
    await raise(base + 8 * HOUR);
    const top = await see(id);
    expect(top.escalation).toBe("COUNTY");
    expect(top.events.filter(({ kind }) => kind === "ESCALATED")).toHaveLength(3);
    const inbox = await api.graphql<{ incident: { inbox: unknown } }>(
      "query ($id: ID!) { incident(id: $id) { inbox { role areaCode } } }",
      { id },
      DISPATCHER,
    );
    expect(inbox.data?.incident.inbox).toEqual({ role: "DISPATCHER", areaCode: SMALL_COUNTY });
  });

  it("are in the table what the log gives", async () => {
    const stored = await storedClocks(api.database, SMALL_COUNTY);
    const replayed = await replayedClocks(api.database, SMALL_COUNTY, "Asia/Shanghai");
    expect(stored.size).toBeGreaterThan(10);
    expect(stored).toEqual(replayed);
  });
});
