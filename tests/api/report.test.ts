import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AppError } from "../../data/model/errors.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_CODES, SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { at } from "../fixtures/small-county-base.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import {
  asReporter,
  codeOf,
  contactOf,
  DISPATCHER,
  EVERY_ROLE,
  INSIDE_A1,
  LEADER,
  OTHER_DISPATCHER,
  placeOf,
  type Reported,
  report,
  reportInput,
  SENSITIVE_CLASS,
  take,
  tryReport,
  VILLAGE_WORKER,
  WORKER,
} from "../helpers/reports.ts";
import { lintEvent } from "../helpers/sql-rules.ts";
import { viewerAs } from "../helpers/viewers.ts";

const CONTACT = "13800000000";
const DAY_MS = 86_400_000;
const _later = (days: number): string => new Date(Date.parse(SMALL_NOW) + days * DAY_MS).toISOString();

describeOnBothDatabases("reported cases", (open) => {
  let api: TestApi;
  const rows = <Row>(sql: string): Promise<Row[]> =>
    api.database.adminSession(async (client) => (await client.query(sql)).rows as Row[]);
  const one = async (sql: string): Promise<Record<string, unknown>> =>
    (await rows<Record<string, unknown>>(sql))[0] ?? {};
  const rowId = ({ incident }: Reported): string => incident.id.split(":")[2] ?? "";

  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [smallCounty()], classes: SMALL_CLASSES, now: SMALL_NOW });
  });
  afterAll(async () => {
    const breaches = api.takeStatements().flatMap(lintEvent);
    await api.close();
    expect(breaches).toEqual([]);
  });

  describe("a report", () => {
    it("becomes a case in the deepest area, with its step, change and audit, and a number and a code", async () => {
      const before = await one("SELECT content_version, live_version FROM county_profile");
      const made = await report(api, { contact: CONTACT });
      expect(made.orderNo).toMatch(/^990100-20260115-\d{6}-\d$/);
      expect(made.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{5}$/);
      expect(made.incident).toMatchObject({
        state: "FOUND",
        title: "井盖破损",
        point: INSIDE_A1,
        scopeCode: SMALL_CODES.microA1,
        gridCodeAt: SMALL_CODES.gridA,
        border: false,
        severity: "NORMAL",
        version: 1,
        events: [{ fromState: null, toState: "FOUND", actor: "dispatcher" }],
      });
      const id = rowId(made);
      expect(await one(`SELECT op, kind, entity, scope_after FROM outbox WHERE entity ->> 'id' = '${id}'`)).toEqual({
        op: "UPSERT",
        kind: "incident",
        entity: { type: "incident", id, ref: made.incident.ref, sensitive: false },
        scope_after: SMALL_CODES.microA1,
      });
      const audit = await one(`SELECT * FROM audit_log WHERE entity LIKE '%${id}%'`);
      expect(audit).toMatchObject({ actor: DISPATCHER.actor, action: "incident.report", role: "dispatcher" });
      expect(audit["entity"]).toContain('"contact":true');
      const after = await one("SELECT content_version, live_version FROM county_profile");
      expect(after["content_version"]).toEqual(before["content_version"]);
      expect(Number(after["live_version"])).toBe(Number(before["live_version"]) + 1);
      const change = await one(`SELECT live_version FROM outbox WHERE entity ->> 'id' = '${id}'`);
      expect(change).toEqual({ live_version: after["live_version"] });
    });

    it("on a border belongs to the lowest code, and says so", async () => {
      const [lon, lat] = at(1, 0.5);
      const { incident } = await report(api, { lon, lat });
      expect(incident).toMatchObject({ scopeCode: SMALL_CODES.microA2, gridCodeAt: SMALL_CODES.gridA, border: true });
      const [east, south] = at(2, 0.3);
      const second = await report(api, { lon: east, lat: south });
      expect(second.incident).toMatchObject({ scopeCode: SMALL_CODES.gridB, border: true });
    });

    it("of a sensitive class stands at the label point of its area; the true place is sealed", async () => {
      const made = await report(api, { class: SENSITIVE_CLASS, title: "邻里噪声" });
      expect(made.incident.point).toEqual(at(0.25, 0.5));
      expect(made.incident.scopeCode).toBe(SMALL_CODES.microA1);
      const sealed = await rows<object>(
        `SELECT ST_X(geom) AS lon, ST_Y(geom) AS lat, handler_id FROM incident_sealed_place WHERE incident_id = '${rowId(made)}'`,
      );
      expect(sealed).toEqual([{ lon: INSIDE_A1[0], lat: INSIDE_A1[1], handler_id: null }]);
      expect(await one(`SELECT sensitive FROM incident_event WHERE incident_id = '${rowId(made)}'`)).toEqual({
        sensitive: true,
      });
    });

    it.each([
      ["outside the county", { lon: 100, lat: 30 }, "BAD_USER_INPUT"],
      ["of another county", { county: "990200" }, "BAD_USER_INPUT"],
      ["at no place on earth", { lon: 1000 }, "BAD_USER_INPUT"],
      ["of no class", { class: "99999" }, "BAD_USER_INPUT"],
      ["of a class that is none", { class: "manhole" }, "BAD_USER_INPUT"],
      ["without a title", { title: "  " }, "BAD_USER_INPUT"],
      ["with a title of two lines", { title: "a\nb" }, "BAD_USER_INPUT"],
      ["with a long title", { title: "长".repeat(201) }, "BAD_USER_INPUT"],
      ["with a long contact", { contact: "1".repeat(201) }, "BAD_USER_INPUT"],
      ["with a short key", { key: "1" }, "BAD_USER_INPUT"],
      ["with a phone number in its title", { title: "联系电话13800000000" }, "BAD_USER_INPUT"],
      ["with a plate in its title", { title: "晋A12345占道" }, "BAD_USER_INPUT"],
    ])("%s is refused", async (_name, more, code) => {
      const before = await one("SELECT count(*) FROM incident");
      const answer = await tryReport(api, more);
      expect(codeOf(answer)).toBe(code);
      expect(JSON.stringify(answer)).not.toContain("1".repeat(201));
      expect(await one("SELECT count(*) FROM incident")).toEqual(before);
    });

    it("names what may not stand in a title, and does not repeat it", async () => {
      const answer = await tryReport(api, { title: "身份证11010519491231002X" });
      expect(answer.errors?.[0]?.message).toContain("身份证号");
      expect(answer.errors?.[0]?.extensions?.["path"]).toBe("input.title");
      expect(JSON.stringify(answer)).not.toContain("11010519491231002");
    });

    it("comes with at most ten writes in one operation", async () => {
      const before = await one("SELECT count(*) FROM incident");
      const writes = (count: number): string =>
        Array.from({ length: count }, (_, n) => `w${n}: reportIncident(input: $input) { orderNo }`).join(" ");
      const send = (fields: string) =>
        api.graphql(`mutation ($input: ReportInput!) { ${fields} }`, { input: reportInput() }, DISPATCHER);
      expect(codeOf(await send(writes(11)))).toBe("TOO_COMPLEX");
      expect(codeOf(await send(`... on Mutation { ${writes(11)} }`))).toBe("TOO_COMPLEX");
      expect(await one("SELECT count(*) FROM incident")).toEqual(before);
      expect((await send(writes(10))).errors).toBeUndefined();
    });

    it("is for those who report, in their own area", async () => {
      expect(codeOf(await tryReport(api, {}, null))).toBe("UNAUTHENTICATED");
      expect(codeOf(await tryReport(api, {}, VILLAGE_WORKER))).toBe("FORBIDDEN");
      expect(codeOf(await tryReport(api, {}, viewerAs("dispatcher", "990200")))).not.toBeUndefined();
      expect(codeOf(await tryReport(api, {}, { ...DISPATCHER, visitor: true }))).toBe("FORBIDDEN");
      for (const viewer of EVERY_ROLE) {
        const may = ["leader", "dispatcher", "grid_worker"].includes(viewer.role);
        expect(codeOf(await tryReport(api, {}, viewer)), viewer.role).toBe(may ? undefined : "FORBIDDEN");
      }
      expect((await report(api, {}, WORKER)).incident.scopeCode).toBe(SMALL_CODES.microA1);
    });
  });

  describe("a client's key", () => {
    it("gives the same case again for the same report, and counts the repeat", async () => {
      const input = reportInput({ contact: CONTACT });
      const first = await report(api, input);
      const again = await report(api, input);
      expect(again).toEqual(first);
      expect(await one(`SELECT hits, response FROM idempotency WHERE key = '${input["key"]}'`)).toEqual({
        hits: 2,
        response: { incident: rowId(first) },
      });
    });

    it("conflicts with another report", async () => {
      const input = reportInput({ contact: CONTACT });
      await report(api, input);
      for (const other of [{ title: "另一件" }, { contact: "13900000000" }, { lat: INSIDE_A1[1] + 0.0001 }])
        expect(codeOf(await tryReport(api, { ...input, ...other }))).toBe("CONFLICT");
    });

    it("of another actor gives another case", async () => {
      const input = reportInput();
      const mine = await report(api, input);
      const theirs = await report(api, input, OTHER_DISPATCHER);
      expect(theirs.incident.id).not.toBe(mine.incident.id);
      expect(theirs.code).not.toBe(mine.code);
    });

    it("sent several times at once makes one case", async () => {
      const input = reportInput();
      const made = await Promise.all(Array.from({ length: 6 }, () => report(api, input)));
      expect(new Set(made.map(({ incident }) => incident.id)).size).toBe(1);
      expect(await one(`SELECT hits FROM idempotency WHERE key = '${input["key"]}'`)).toEqual({ hits: 6 });
    });

    it("is not used up by a report that is refused", async () => {
      const input = reportInput();
      expect(codeOf(await tryReport(api, { ...input, title: "" }))).toBe("BAD_USER_INPUT");
      await report(api, input);
    });
  });

  it("numbers cases without a gap or a repeat, however many come at once", async () => {
    const { max } = (await one("SELECT max(ref)::int AS max FROM incident WHERE ref < 500000000")) as { max: number };
    const made = await Promise.all(Array.from({ length: 12 }, () => report(api)));
    const refs = made.map(({ incident }) => incident.ref).sort((a, b) => a - b);
    expect(refs).toEqual(Array.from({ length: 12 }, (_, n) => max + 1 + n));
    expect(new Set(made.map(({ orderNo }) => orderNo)).size).toBe(12);
  });

  describe("the handler", () => {
    it("alone reads the contact; taking the case over takes the right along", async () => {
      const made = await report(api, { contact: CONTACT, class: SENSITIVE_CLASS });
      const { id } = made.incident;
      expect(codeOf(await contactOf(api, id, DISPATCHER))).toBe("NOT_FOUND");
      expect((await take(api, id, 1, WORKER)).data?.takeIncident).toMatchObject({ version: 2, handledByMe: true });
      expect((await contactOf(api, id, WORKER)).data?.reporterContact).toBe(CONTACT);
      expect(codeOf(await contactOf(api, id, DISPATCHER))).toBe("NOT_FOUND");
      expect((await take(api, id, 2, DISPATCHER)).data?.takeIncident.version).toBe(3);
      expect((await contactOf(api, id, DISPATCHER)).data?.reporterContact).toBe(CONTACT);
      expect(codeOf(await contactOf(api, id, WORKER))).toBe("NOT_FOUND");
      const keyed = `SELECT i.handler_id AS incident, p.handler_id AS place, c.handler_id AS contact FROM incident i
        JOIN incident_sealed_place p ON p.incident_id = i.id JOIN reporter_contact c ON c.incident_id = i.id
        WHERE i.id = '${rowId(made)}'`;
      const { accountId } = DISPATCHER;
      expect(await one(keyed)).toEqual({ incident: accountId, place: accountId, contact: accountId });
    });

    it("alone opens the true place of a sensitive case, for a reason that is audited", async () => {
      const { incident } = await report(api, { class: SENSITIVE_CLASS });
      const shown = async (viewer: Viewer) => (await placeOf(api, incident.id, viewer)).data?.incident?.exactPoint;
      await take(api, incident.id, 1, DISPATCHER);
      expect(await shown(DISPATCHER)).toEqual(INSIDE_A1);
      for (const viewer of [OTHER_DISPATCHER, WORKER, LEADER]) expect(await shown(viewer), viewer.name).toBeNull();
      for (const viewer of EVERY_ROLE) {
        expect(await shown(viewer), viewer.role).not.toEqual(INSIDE_A1);
        expect(JSON.stringify(await placeOf(api, incident.id, viewer))).not.toContain(JSON.stringify(INSIDE_A1));
      }
      expect(codeOf(await placeOf(api, incident.id, DISPATCHER, ""))).toBe("BAD_USER_INPUT");
      const reads = `SELECT actor, reason FROM audit_log WHERE action = 'sealed.read' AND entity LIKE '%${incident.id}%'`;
      expect(await rows(reads)).toEqual([{ actor: DISPATCHER.actor, reason: "上门调解" }]);
      await take(api, incident.id, 2, WORKER);
      expect([await shown(DISPATCHER), await shown(WORKER)]).toEqual([null, INSIDE_A1]);
      const ordinary = await report(api);
      await take(api, ordinary.incident.id, 1, DISPATCHER);
      expect((await placeOf(api, ordinary.incident.id, DISPATCHER)).data?.incident).toEqual({
        point: INSIDE_A1,
        exactPoint: null,
      });
    });

    it("is the only one to whom the database itself shows the row, whatever is asked", async () => {
      const made = await report(api, { contact: CONTACT, class: SENSITIVE_CLASS });
      await take(api, made.incident.id, 1, DISPATCHER);
      const seen = (viewer: Viewer, table: string): Promise<number | undefined> =>
        api.database
          .transaction(
            {
              kind: "viewer",
              county: SMALL_COUNTY,
              role: viewer.role,
              area: viewer.area,
              account: viewer.accountId,
              visitor: viewer.visitor,
            },
            (tx) => tx.rows(`SELECT t.incident_id FROM ${table} t WHERE t.county = $1`, [SMALL_COUNTY]),
          )
          .then((found) => found.filter((row) => (row as { incident_id: string }).incident_id === rowId(made)).length)
          .catch((error: AppError) => (error.code === "FORBIDDEN" ? undefined : Promise.reject(error)));
      for (const table of ["reporter_contact", "incident_sealed_place"]) {
        expect(await seen(DISPATCHER, table)).toBe(1);
        expect(await seen({ ...DISPATCHER, visitor: true }, table)).toBeUndefined();
        for (const viewer of [...EVERY_ROLE, OTHER_DISPATCHER, WORKER]) {
          const mayAsk = ["leader", "dispatcher", "grid_worker"].includes(viewer.role);
          expect(await seen(viewer, table), `${table} as ${viewer.name}`).toBe(mayAsk ? 0 : undefined);
        }
      }
    });

    it("gives a reason, and each read is audited with it", async () => {
      const made = await report(api, { contact: CONTACT });
      const { id } = made.incident;
      await take(api, id, 1, DISPATCHER);
      for (const reason of ["", " ", "x".repeat(201), "回访 13800000000"])
        expect(codeOf(await contactOf(api, id, DISPATCHER, reason))).toBe("BAD_USER_INPUT");
      await contactOf(api, id, DISPATCHER, "回访居民");
      await contactOf(api, id, DISPATCHER, "再次回访");
      const reads = await rows<object>(
        `SELECT actor, actor_name, address, reason, entity FROM audit_log
         WHERE action = 'sealed.read' AND entity LIKE '%${rowId(made)}%' ORDER BY reason DESC`,
      );
      const read = { actor: DISPATCHER.actor, actor_name: DISPATCHER.name, address: "127.0.0.1" };
      const entity = JSON.stringify({ incident: id, what: "reporter_contact" });
      expect(reads).toEqual([
        { ...read, reason: "回访居民", entity },
        { ...read, reason: "再次回访", entity },
      ]);
    });

    it("is told apart from nobody else: all get the same answer, whether there is a contact, a case or neither", async () => {
      const withContact = await report(api, { contact: CONTACT });
      const without = await report(api);
      const nowhere = withContact.incident.id.replace(/.{6}$/, "000000");
      for (const viewer of [LEADER, OTHER_DISPATCHER, VILLAGE_WORKER, viewerAs("dispatcher", "990200")]) {
        const answers = [];
        for (const id of [withContact.incident.id, without.incident.id, nowhere]) {
          const answer = await contactOf(api, id, viewer);
          expect(codeOf(answer)).toBe("NOT_FOUND");
          answers.push(JSON.stringify(answer).replaceAll(id, "ID"));
        }
        expect(new Set(answers).size).toBe(1);
      }
      await take(api, without.incident.id, 1, DISPATCHER);
      expect((await contactOf(api, without.incident.id, DISPATCHER)).data).toEqual({ reporterContact: null });
    });

    it("is an account with the right to handle, in its area", async () => {
      const { incident } = await report(api);
      const token = { ...DISPATCHER, kind: "token" as const, accountId: null };
      expect(codeOf(await take(api, incident.id, 1, token))).toBe("FORBIDDEN");
      expect(codeOf(await contactOf(api, incident.id, token))).toBe("NOT_FOUND");
      expect(codeOf(await take(api, incident.id, 1, LEADER))).toBe("FORBIDDEN");
      expect(["FORBIDDEN", "NOT_FOUND"]).toContain(codeOf(await take(api, incident.id, 1, VILLAGE_WORKER)));
      expect(codeOf(await take(api, incident.id.replace(/.{6}$/, "000000"), 1, DISPATCHER))).toBe("NOT_FOUND");
    });

    it("sees a change that came between", async () => {
      const { incident } = await report(api);
      const both = await Promise.all([
        take(api, incident.id, 1, DISPATCHER),
        take(api, incident.id, 1, OTHER_DISPATCHER),
      ]);
      expect(both.map((answer) => codeOf(answer) ?? "taken").sort()).toEqual(["CONFLICT", "taken"]);
    });

    it("takes no case that has ended", async () => {
      const made = await report(api);
      await asReporter(api, made, "withdrawMyReport");
      expect(codeOf(await take(api, made.incident.id, 2, DISPATCHER))).toBe("CONFLICT");
    });
  });
});
