import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoAlarms } from "../../data/demo/population/demo-alarms.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { at, SMALL_CODES } from "../fixtures/small-county-base.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { LiveClient } from "../helpers/live-client.ts";
import {
  codeOf,
  DISPATCHER,
  EVERY_ROLE,
  LEADER,
  OTHER_DISPATCHER,
  report,
  SENSITIVE_CLASS,
  VILLAGE_WORKER,
  WORKER,
} from "../helpers/reports.ts";
import { lintEvent } from "../helpers/sql-rules.ts";
import { viewerAs, viewerHeaders } from "../helpers/viewers.ts";

const IN_VILLAGE = at(3.2, 0.6);
const HOUR_MS = 3_600_000;
const later = (hours: number): string => new Date(Date.parse(SMALL_NOW) + hours * HOUR_MS).toISOString();
const KIOSK = viewerAs("wall", SMALL_COUNTY, { kind: "kiosk", accountId: null, pointDays: 60 });
const TOKEN = viewerAs("dispatcher", SMALL_COUNTY, { kind: "token", accountId: null });

interface Alarm {
  readonly raisedAt: string;
  readonly acknowledgedAt: string | null;
  readonly acknowledgedBy: string | null;
  readonly incident: { readonly id: string; readonly version: number | null; readonly severity: string };
}
const ALARM = "raisedAt acknowledgedAt acknowledgedBy incident { id version severity }";

interface Entry {
  readonly id: string;
  readonly kind: string;
  readonly author: string;
  readonly at: string;
  readonly text: string;
  readonly areaCode: string;
}
const ENTRY = "id kind author at text areaCode";

describe("alarms of a demo", () => {
  const county = smallCounty();
  it("are of severe cases of the last day; the newest two wait, the others were acknowledged with the first answer", () => {
    const incident = county.incidents[0];
    if (!incident) throw new Error("the fixture has no case");
    const one = (severity: "minor" | "serious", hours: number, firstAnswerAt: string | null) => ({
      ...incident,
      severity,
      openedAt: later(-hours),
      firstAnswerAt,
    });
    const incidents = [
      one("minor", 1, null),
      one("serious", 25, null),
      one("serious", 5, null),
      one("serious", 4, later(-1)),
      one("serious", 3, later(-2)),
      one("serious", 2, later(-1)),
    ];
    const made = demoAlarms({ profile: county.profile, incidents });
    expect(made.map(({ raisedAt, acknowledgedAt }) => [raisedAt, acknowledgedAt])).toEqual([
      [later(-2), null],
      [later(-3), null],
      [later(-4), later(-1)],
      [later(-5), null],
    ]);
    const { anchorAt: _, ...imported } = county.profile;
    expect(demoAlarms({ profile: imported, incidents })).toEqual([]);
  });
});

describeOnBothDatabases("alarms and the duty log", (open) => {
  let api: TestApi;
  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [smallCounty()], classes: SMALL_CLASSES, now: SMALL_NOW });
  });
  afterAll(() => api.close());

  const rows = <Row>(sql: string): Promise<Row[]> =>
    api.database.adminSession(async (client) => (await client.query(sql)).rows as Row[]);
  const alarms = async (viewer: Viewer, all = false, inside: string = SMALL_COUNTY): Promise<Alarm[]> => {
    const query = `query ($inside: String!, $all: Boolean) { alarms(inside: $inside, all: $all) { ${ALARM} } }`;
    const { data, errors } = await api.graphql<{ alarms: Alarm[] }>(query, { inside, all }, viewer);
    if (!data) throw new Error(JSON.stringify(errors));
    return data.alarms;
  };
  const acknowledge = (incident: string, viewer: Viewer) =>
    api.graphql<{ acknowledgeAlarm: Alarm }>(
      `mutation ($incident: ID!) { acknowledgeAlarm(incident: $incident) { ${ALARM} } }`,
      { incident },
      viewer,
    );
  const write = (text: string, viewer: Viewer, more: Readonly<Record<string, unknown>> = {}) =>
    api.graphql<{ addDutyEntry: Entry }>(
      `mutation ($input: DutyEntryInput!) { addDutyEntry(input: $input) { ${ENTRY} } }`,
      { input: { area: SMALL_COUNTY, text, key: randomUUID(), ...more } },
      viewer,
    );
  const log = async (viewer: Viewer, area: string = SMALL_COUNTY, args = ""): Promise<Entry[] | unknown> => {
    const answer = await api.graphql<{ dutyLog: Entry[] }>(
      `query ($area: String!) { dutyLog(area: $area${args}) { ${ENTRY} } }`,
      { area },
      viewer,
    );
    return answer.data?.dutyLog ?? codeOf(answer);
  };

  it("raises one in the transaction of the report, for severe cases only", async () => {
    await report(api, { severity: "NORMAL" });
    const grave = (await report(api, { severity: "SERIOUS" })).incident.id;
    api.setNow(later(0.1));
    const worst = (await report(api, { severity: "CRITICAL" })).incident.id;
    const waiting = await alarms(DISPATCHER);
    expect(waiting.slice(-2).map(({ incident }) => incident.id)).toEqual([grave, worst]);
    expect(waiting.every(({ incident }) => ["SERIOUS", "CRITICAL"].includes(incident.severity))).toBe(true);
    // Without its case there is no alarm: both come in one transaction.
    const [alone] = await rows<{ count: number }>(
      `SELECT count(*)::int AS count FROM alarm a WHERE NOT EXISTS (SELECT FROM incident i WHERE i.county = a.county AND i.id = a.incident_id)`,
    );
    expect(alone?.count).toBe(0);
  });

  it("shows one to whoever sees its case", async () => {
    const sensitive = (await report(api, { severity: "CRITICAL", class: SENSITIVE_CLASS })).incident.id;
    const seen = async (viewer: Viewer, inside?: string): Promise<boolean> =>
      (await alarms(viewer, false, inside)).some(({ incident }) => incident.id === sensitive);
    expect(await seen(LEADER)).toBe(true);
    expect(await seen(WORKER, SMALL_CODES.community)).toBe(true);
    expect(await seen(VILLAGE_WORKER, SMALL_CODES.village)).toBe(false);
    expect(await seen(KIOSK)).toBe(false);
    // A wall is told of the others, without names.
    expect((await alarms(KIOSK)).length).toBeGreaterThan(1);
    const outside = await api.graphql(`{ alarms(inside: "${SMALL_COUNTY}") { raisedAt } }`, {}, VILLAGE_WORKER);
    expect(codeOf(outside)).toBe("FORBIDDEN");
    for (const role of EVERY_ROLE.filter(({ role }) => role === "auditor"))
      expect(codeOf(await api.graphql(`{ alarms(inside: "${SMALL_COUNTY}") { raisedAt } }`, {}, role))).toBe(
        "FORBIDDEN",
      );
  });

  it("stays until a named officer acknowledges it; the first one counts, and the feed tells", async () => {
    const id = (await report(api, { severity: "CRITICAL" })).incident.id;
    for (const nobody of [
      KIOSK,
      TOKEN,
      WORKER,
      ...EVERY_ROLE.filter(({ role }) => !["leader", "dispatcher"].includes(role)),
    ])
      expect(codeOf(await acknowledge(id, nobody)), `${nobody.kind} ${nobody.role}`).toBe("FORBIDDEN");
    const change = async () =>
      (
        await rows<{ live: number; changes: number }>(
          `SELECT (SELECT live_version FROM county_profile WHERE county = '${SMALL_COUNTY}')::int AS live,
             (SELECT count(*) FROM outbox WHERE entity->>'id' = '${id.split(":")[2]}')::int
              + (SELECT count(*) FROM change_feed WHERE entity->>'id' = '${id.split(":")[2]}')::int AS changes`,
        )
      )[0];
    const before = await change();
    api.takeStatements();
    const [first, second] = await Promise.all([acknowledge(id, DISPATCHER), acknowledge(id, OTHER_DISPATCHER)]);
    expect(api.takeStatements().flatMap(lintEvent)).toEqual([]);
    const done = first.data?.acknowledgeAlarm;
    expect(second.data?.acknowledgeAlarm).toEqual(done);
    expect([DISPATCHER.name, OTHER_DISPATCHER.name]).toContain(done?.acknowledgedBy);
    expect(done).toMatchObject({ acknowledgedAt: later(0.1), incident: { version: 2 } });
    expect(await change()).toEqual({ live: (before?.live ?? 0) + 1, changes: (before?.changes ?? 0) + 1 });
    // Gone from what waits, kept for a week among all; a wall gets no name.
    expect((await alarms(DISPATCHER)).some(({ incident }) => incident.id === id)).toBe(false);
    const kept = (list: readonly Alarm[]) => list.find(({ incident }) => incident.id === id);
    expect(kept(await alarms(DISPATCHER, true))?.acknowledgedBy).toBe(done?.acknowledgedBy);
    expect(kept(await alarms(KIOSK, true))).toMatchObject({ acknowledgedAt: later(0.1), acknowledgedBy: null });
    const [audit] = await rows<{ count: number }>(
      `SELECT count(*)::int AS count FROM audit_log WHERE action = 'alarm.acknowledge' AND entity LIKE '%${id}%'`,
    );
    expect(audit?.count).toBe(1);
  });

  it("has no alarm of an ordinary case, nor of one that the viewer does not see", async () => {
    const plain = (await report(api)).incident.id;
    expect(codeOf(await acknowledge(plain, DISPATCHER))).toBe("NOT_FOUND");
    const elsewhere = viewerAs("leader", SMALL_CODES.village, { accountId: randomUUID() });
    const severe = (await report(api, { severity: "CRITICAL" })).incident.id;
    expect(codeOf(await acknowledge(severe, elsewhere))).toBe("NOT_FOUND");
  });

  it("keeps the log of a desk: screened, once per key, and never changed", async () => {
    const key = randomUUID();
    const written = await write("东门管网压力偏低。\n已请供水公司查看。", DISPATCHER, { key });
    expect(written.data?.addDutyEntry).toMatchObject({ kind: "NOTE", author: DISPATCHER.name, areaCode: SMALL_COUNTY });
    const again = await write("东门管网压力偏低。\n已请供水公司查看。", DISPATCHER, { key });
    expect(again.data).toEqual(written.data);
    expect(codeOf(await write("别的", DISPATCHER, { key }))).toBe("CONFLICT");
    expect(codeOf(await write("请打电话 13800000000", DISPATCHER))).toBe("BAD_USER_INPUT");
    expect(codeOf(await write(" ", DISPATCHER))).toBe("BAD_USER_INPUT");
    expect(codeOf(await write("a".repeat(2001), DISPATCHER))).toBe("BAD_USER_INPUT");
    for (const other of [KIOSK, TOKEN, WORKER]) expect(codeOf(await write("一句", other))).toBe("FORBIDDEN");
    expect(await log(LEADER)).toEqual([written.data?.addDutyEntry]);
    expect(await log(WORKER, SMALL_CODES.community)).toBe("FORBIDDEN");
    expect(await log(viewerAs("leader", SMALL_CODES.village), SMALL_COUNTY)).toBe("FORBIDDEN");
    // Nobody has the right: not the application's own role either.
    for (const right of ["UPDATE", "DELETE"]) {
      const [may] = await rows<{ may: boolean }>(
        `SELECT bool_or(has_table_privilege(oid, 'duty_entry', '${right}')) AS may FROM pg_roles WHERE rolname LIKE 'jingwei\\_%'`,
      );
      expect(may?.may, right).toBe(false);
    }
  });

  it("names at a handover what is open, unacknowledged and due within the shift, and what was written since the last one", async () => {
    interface Handover {
      readonly at: string;
      readonly area: { readonly name: string };
      readonly lastHandoverAt: string | null;
      readonly open: number;
      readonly overdue: readonly { readonly dueAt: string; readonly late: boolean }[];
      readonly soon: readonly { readonly id: string; readonly dueAt: string }[];
      readonly alarms: readonly Alarm[];
      readonly entries: readonly Entry[];
    }
    const read = async (): Promise<Handover> => {
      const query = `query ($area: String!) { handover(area: $area) { at area { name } lastHandoverAt open
        overdue { dueAt late } soon { id dueAt } alarms { ${ALARM} } entries { ${ENTRY} } } }`;
      api.takeStatements();
      const { data, errors } = await api.graphql<{ handover: Handover }>(query, { area: SMALL_COUNTY }, DISPATCHER);
      expect(api.takeStatements().flatMap(lintEvent)).toEqual([]);
      if (!data) throw new Error(JSON.stringify(errors));
      return data.handover;
    };
    const dueIn = async (hours: number): Promise<string> => {
      const { id } = (await report(api)).incident;
      await rows(`UPDATE incident SET due_at = '${later(0.1 + hours)}' WHERE id = '${id.split(":")[2]}'`);
      return id;
    };
    const [edge, beyond, first] = [await dueIn(8), await dueIn(8.01), await dueIn(0.01)];
    const before = await read();
    expect(before.lastHandoverAt).toBeNull();
    expect(before.area.name).toBe(smallCounty().profile.name);
    const [open] = await rows<{ count: number }>(
      `SELECT count(*)::int AS count FROM incident WHERE county = '${SMALL_COUNTY}' AND state NOT IN ('closed', 'evaluated', 'rejected', 'void')`,
    );
    expect(before.open).toBe(open?.count);
    const soon = before.soon.map(({ id }) => id);
    expect([soon[0], soon.includes(edge), soon.includes(beyond)]).toEqual([first, true, false]);
    expect(before.soon.map(({ dueAt }) => dueAt)).toEqual(before.soon.map(({ dueAt }) => dueAt).sort());
    expect(before.overdue.length).toBeGreaterThan(0);
    expect(before.overdue.every(({ late, dueAt }) => late && dueAt < before.at)).toBe(true);
    expect(before.alarms).toEqual(await alarms(DISPATCHER));
    expect(before.entries.map(({ text }) => text)).toEqual(["东门管网压力偏低。\n已请供水公司查看。"]);
    api.setNow(later(0.2));
    await write("", DISPATCHER, { kind: "HANDOVER" });
    api.setNow(later(0.3));
    await write("接班", OTHER_DISPATCHER, { kind: "TAKEOVER" });
    const after = await read();
    expect(after.lastHandoverAt).toBe(later(0.2));
    expect(after.entries.map(({ kind }) => kind)).toEqual(["HANDOVER", "TAKEOVER"]);
    const window = `, from: "${later(0.25)}", first: 5`;
    expect(await log(LEADER, SMALL_COUNTY, window)).toMatchObject([
      { kind: "TAKEOVER", author: OTHER_DISPATCHER.name },
    ]);
  });

  it("tells who keeps the desk that its log has an entry, and nobody else", async () => {
    const url = await api.listen();
    const town = viewerAs("leader", SMALL_CODES.village, { accountId: LEADER.accountId });
    const until = async (done: () => boolean | Promise<boolean>) => {
      for (let i = 0; i < 1_000 && !(await done()); i++) await delay(10);
    };
    // What came before is in the feed when clients begin to follow.
    await until(async () => (await rows<{ n: number }>("SELECT count(*)::int AS n FROM outbox"))[0]?.n === 0);
    const follow = async (viewer: Viewer) => {
      const client = LiveClient.open(url, viewerHeaders(viewer));
      await client.subscribe({ county: SMALL_COUNTY, area: viewer.area });
      await until(() => client.changes.length > 0);
      return client;
    };
    const clients = await Promise.all([LEADER, town, WORKER, KIOSK].map(follow));
    try {
      const told = (n: number) =>
        clients[n]?.changes.slice(1).map(({ op, kind, id, ref }) => [op, kind, id, ref].join(" ")) ?? [];
      await write("南河村停水，已通知。", DISPATCHER);
      await write("村里来电。", town, { area: SMALL_CODES.village });
      // What everybody is told comes after what only some are.
      const { incident } = await report(api, { lon: IN_VILLAGE[0], lat: IN_VILLAGE[1] });
      await Promise.all([3, 2, 0, 1].map((count, n) => until(() => told(n).length >= count)));
      const upsert = `UPSERT INCIDENT ${incident.id} ${incident.ref}`;
      expect(told(0)).toEqual(["BULK DUTY  ", "BULK DUTY  ", upsert]);
      expect(told(1)).toEqual(["BULK DUTY  ", upsert]);
      expect(told(2)).toEqual([]);
      expect(told(3)).toEqual([upsert]);
    } finally {
      for (const client of clients) client.end();
    }
    const asked = LiveClient.open(url, viewerHeaders(WORKER));
    await asked.subscribe({ county: SMALL_COUNTY, area: WORKER.area, kinds: ["DUTY"] });
    await until(() => asked.errors.length > 0);
    asked.end();
    expect(asked.errors.map(({ extensions }) => extensions?.code)).toEqual(["FORBIDDEN"]);
  });
});
