import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import {
  codeOf,
  DISPATCHER,
  EVERY_ROLE,
  LEADER,
  type Moved,
  move,
  OTHER_DISPATCHER,
  report,
  SENSITIVE_CLASS,
  take,
  VILLAGE_WORKER,
  WORKER,
} from "../helpers/reports.ts";
import { lintEvent } from "../helpers/sql-rules.ts";
import { viewerAs } from "../helpers/viewers.ts";

const HOUR_MS = 3_600_000;
const later = (hours: number): string => new Date(Date.parse(SMALL_NOW) + hours * HOUR_MS).toISOString();

describeOnBothDatabases("a case that is moved on", (open) => {
  let api: TestApi;
  const rows = <Row>(sql: string): Promise<Row[]> =>
    api.database.adminSession(async (client) => (await client.query(sql)).rows as Row[]);
  const numbers = async (): Promise<Record<string, number>> => {
    const [row] = await rows<Record<string, unknown>>(
      `SELECT (SELECT live_version FROM county_profile WHERE county = '${SMALL_COUNTY}') AS live,
        (SELECT count(*) FROM outbox) AS changes, (SELECT count(*) FROM incident_event) AS steps,
        (SELECT count(*) FROM audit_log WHERE action = 'incident.transition') AS audits`,
    );
    return Object.fromEntries(Object.entries(row ?? {}).map(([name, value]) => [name, Number(value)]));
  };
  const fresh = async (more: Readonly<Record<string, unknown>> = {}): Promise<string> =>
    (await report(api, more)).incident.id;
  const moved = async (
    ...args: Parameters<typeof move> extends [unknown, ...infer Rest] ? Rest : never
  ): Promise<Moved> => {
    const { data, errors } = await move(api, ...args);
    if (!data?.transitionIncident) throw new Error(JSON.stringify(errors));
    return data.transitionIncident;
  };
  const rowId = (id: string): string => id.split(":")[2] ?? "";

  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [smallCounty()], classes: SMALL_CLASSES, now: SMALL_NOW });
  });
  afterAll(async () => {
    const breaches = api.takeStatements().flatMap(lintEvent);
    await api.close();
    expect(breaches).toEqual([]);
  });

  it("leaves a step, a change with its version, and an audit row, all in one transaction", async () => {
    const id = await fresh();
    const before = await numbers();
    const step = await moved(id, 1, "HANDLING", WORKER, { note: "  属实 " });
    expect(step).toMatchObject({ version: 2, state: "HANDLING", closedAt: null });
    expect(Date.parse(step.firstAnswerAt ?? "")).toBe(Date.parse(SMALL_NOW));
    expect(step.events.at(-1)).toEqual({ fromState: "FOUND", toState: "HANDLING", note: "属实" });
    const after = await numbers();
    expect(after).toEqual(Object.fromEntries(Object.entries(before).map(([name, value]) => [name, value + 1])));
    const change = await rows(
      `SELECT op, version, live_version, scope_before = scope_after AS stays FROM outbox
       WHERE entity ->> 'id' = '${rowId(id)}' ORDER BY live_version DESC LIMIT 1`,
    );
    expect(
      change.map((row) => ({
        ...(row as object),
        live_version: Number((row as { live_version: unknown }).live_version),
        version: Number((row as { version: unknown }).version),
      })),
    ).toEqual([{ op: "UPSERT", version: 2, live_version: after["live"], stays: true }]);
  });

  it("is closed for good: an evaluation and its being struck off follow, nothing else", async () => {
    const id = await fresh();
    await moved(id, 1, "HANDLING", WORKER);
    await moved(id, 2, "FED_BACK", WORKER, { resolution: "已修复" });
    await moved(id, 3, "VERIFIED");
    api.setNow(later(2));
    const closed = await moved(id, 4, "CLOSED");
    expect(Date.parse(closed.closedAt ?? "")).toBe(Date.parse(later(2)));
    expect(codeOf(await move(api, id, 5, "REWORK", DISPATCHER, { reason: "不行" }))).toBe("BAD_USER_INPUT");
    api.setNow(later(3));
    const evaluated = await moved(id, 5, "EVALUATED", DISPATCHER, { note: "满意" });
    expect(evaluated).toMatchObject({ state: "EVALUATED", closedAt: closed.closedAt });
    expect(codeOf(await move(api, id, 6, "HANDLING"))).toBe("BAD_USER_INPUT");
    expect(codeOf(await take(api, id, 6, DISPATCHER))).toBe("CONFLICT");
    const struck = await moved(id, 6, "EVALUATED", DISPATCHER, { note: "销号" });
    expect(struck).toMatchObject({ version: 7, state: "EVALUATED", closedAt: closed.closedAt });
    expect(codeOf(await move(api, id, 7, "EVALUATED", DISPATCHER, { note: "再来" }))).toBe("CONFLICT");
    api.setNow(SMALL_NOW);
  });

  it("on hold goes back to where it was, and its deadline moves on by the pause", async () => {
    const id = await fresh();
    const { dueAt: due } = await moved(id, 1, "HANDLING");
    expect(due).not.toBeNull();
    expect(codeOf(await move(api, id, 2, "ON_HOLD"))).toBe("BAD_USER_INPUT");
    // Paused: neither in time nor late.
    expect(await moved(id, 2, "ON_HOLD", DISPATCHER, { reason: "等材料" })).toMatchObject({ dueAt: null });
    await take(api, id, 3, WORKER);
    api.setNow(later(5));
    expect(codeOf(await move(api, id, 4, "FED_BACK", DISPATCHER, { resolution: "好" }))).toBe("BAD_USER_INPUT");
    const back = await moved(id, 4, "HANDLING");
    expect(Date.parse(back.dueAt ?? "")).toBe(Date.parse(due ?? "") + 5 * HOUR_MS);
    api.setNow(SMALL_NOW);
  });

  it("is not verified by whoever handles it", async () => {
    const id = await fresh();
    await take(api, id, 1, DISPATCHER);
    await moved(id, 2, "HANDLING");
    expect(codeOf(await move(api, id, 3, "FED_BACK"))).toBe("BAD_USER_INPUT");
    await moved(id, 3, "FED_BACK", DISPATCHER, { resolution: "已修复" });
    expect(codeOf(await move(api, id, 4, "VERIFIED", DISPATCHER))).toBe("FORBIDDEN");
    // Nor once somebody else has it: whoever did the work did it.
    await take(api, id, 4, WORKER);
    expect(codeOf(await move(api, id, 5, "VERIFIED", DISPATCHER))).toBe("FORBIDDEN");
    expect(await moved(id, 5, "VERIFIED", OTHER_DISPATCHER)).toMatchObject({ state: "VERIFIED", version: 6 });
  });

  it("is moved once by a key, however often and from how many sides it is sent", async () => {
    const id = await fresh();
    const key = "transition-test-key-1";
    const before = await numbers();
    const answers = await Promise.all([1, 2, 3].map(() => move(api, id, 1, "ACCEPTED", DISPATCHER, { key })));
    for (const { data } of answers) expect(data?.transitionIncident).toMatchObject({ state: "ACCEPTED", version: 2 });
    expect((await numbers())["steps"]).toBe((before["steps"] ?? 0) + 1);
    expect(codeOf(await move(api, id, 2, "HANDLING", DISPATCHER, { key }))).toBe("CONFLICT");
    expect(codeOf(await move(api, id, 1, "ACCEPTED", DISPATCHER, { key, note: "别的" }))).toBe("CONFLICT");
    // Another's key is another key.
    expect(codeOf(await move(api, id, 1, "ACCEPTED", OTHER_DISPATCHER, { key }))).toBe("CONFLICT");
    expect(codeOf(await move(api, id, 2, "HANDLING", OTHER_DISPATCHER, { key }))).toBeUndefined();
  });

  it("is moved once by two who saw the same version", async () => {
    const id = await fresh();
    const both = await Promise.all([move(api, id, 1, "HANDLING"), move(api, id, 1, "ACCEPTED", OTHER_DISPATCHER)]);
    expect(both.map(codeOf).sort()).toEqual(["CONFLICT", undefined]);
    const winner = both.find(({ errors }) => !errors)?.data?.transitionIncident;
    // Whoever came second is told how the case stands.
    const refused = both.find(({ errors }) => errors)?.errors?.[0]?.extensions;
    expect(refused?.["facts"]).toEqual({ state: winner?.state, step: winner?.state.toLowerCase(), version: 2 });
  });

  it("keeps nothing of a step that was refused: its key can be used again", async () => {
    const id = await fresh();
    const key = "transition-test-key-2";
    expect(codeOf(await move(api, id, 7, "ACCEPTED", DISPATCHER, { key }))).toBe("CONFLICT");
    expect(await moved(id, 1, "ACCEPTED", DISPATCHER, { key })).toMatchObject({ version: 2 });
  });

  describe("is refused", () => {
    it.each([
      ["to a state that does not follow", "CLOSED", {}],
      ["with a long note", "HANDLING", { note: "长".repeat(501) }],
      ["with a note of two lines", "HANDLING", { note: "一\n二" }],
      ["with a phone number in its note", "HANDLING", { note: "电话13800000000" }],
      ["with a short key", "HANDLING", { key: "1" }],
    ])("%s", async (_name, to, more) => {
      const answer = await move(api, await fresh(), 1, to, DISPATCHER, more);
      expect(codeOf(answer)).toBe("BAD_USER_INPUT");
      expect(JSON.stringify(answer)).not.toContain("13800000000");
    });

    it("to whoever may not see or handle it, and says no more than that", async () => {
      const id = await fresh();
      const sensitive = await fresh({ class: SENSITIVE_CLASS });
      const before = await numbers();
      expect(codeOf(await move(api, id, 1, "HANDLING", null))).toBe("UNAUTHENTICATED");
      expect(codeOf(await move(api, id, 1, "HANDLING", LEADER))).toBe("FORBIDDEN");
      expect(codeOf(await move(api, id, 1, "HANDLING", VILLAGE_WORKER))).toBe("NOT_FOUND");
      const elsewhere = viewerAs("dispatcher", "990200");
      expect(codeOf(await move(api, id, 1, "HANDLING", elsewhere))).toBe("FORBIDDEN");
      const nowhere = id.replace(/.{6}$/, "000000");
      expect(codeOf(await move(api, nowhere, 1, "HANDLING"))).toBe("NOT_FOUND");
      for (const viewer of EVERY_ROLE.filter(({ role }) => !["dispatcher", "grid_worker"].includes(role)))
        for (const one of [id, sensitive])
          expect(codeOf(await move(api, one, 1, "HANDLING", viewer)), viewer.role).toBe("FORBIDDEN");
      expect(await numbers()).toEqual(before);
      expect(await moved(sensitive, 1, "HANDLING", WORKER)).toMatchObject({ state: "HANDLING" });
    });
  });
});
