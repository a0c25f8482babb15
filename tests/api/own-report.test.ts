import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startPurging } from "../../api/jobs/purge.ts";
import { purge } from "../../api/services/report/purge.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import {
  asReporter,
  codeOf,
  contactOf,
  DISPATCHER,
  ORDINARY_CLASS,
  OTHER_DISPATCHER,
  type Reported,
  report,
  take,
} from "../helpers/reports.ts";
import { lintEvent } from "../helpers/sql-rules.ts";

const CONTACT = "13800000000";
const DAY_MS = 86_400_000;
const later = (days: number): string => new Date(Date.parse(SMALL_NOW) + days * DAY_MS).toISOString();

describeOnBothDatabases("reports of one's own", (open) => {
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

  describe("the reporter", () => {
    it("sees the own report by number and code, written as people write", async () => {
      const made = await report(api, { contact: CONTACT });
      const own = await asReporter(api, made);
      expect(own.data?.report).toEqual({
        orderNo: made.orderNo,
        className: SMALL_CLASSES.find(({ code, kind }) => code === ORDINARY_CLASS && kind === "matter")?.name,
        state: "FOUND",
        title: "井盖破损",
        openedAt: new Date(SMALL_NOW).toISOString(),
        closedAt: null,
        hasContact: true,
        contact: CONTACT,
        contactDeletedOn: null,
      });
      const sloppy = {
        orderNo: made.orderNo.replaceAll("-", " "),
        code: made.code.toLowerCase().replaceAll("-", "").replaceAll("0", "o").replaceAll("1", "l"),
      };
      expect((await asReporter(api, sloppy)).data?.report.orderNo).toBe(made.orderNo);
      const audit = `SELECT actor, role FROM audit_log WHERE action = 'sealed.read' AND entity LIKE '%${rowId(made)}%'`;
      expect((await rows(audit)).length).toBe(2);
    });

    it("gets one answer for everything that fails", async () => {
      const made = await report(api);
      const other = await report(api);
      const wrong = [
        { orderNo: made.orderNo, code: other.code },
        { orderNo: made.orderNo, code: "" },
        { orderNo: "990100-20260115-999999-9", code: made.code },
        { orderNo: "nothing", code: made.code },
        { orderNo: "", code: "" },
      ];
      const answers = await Promise.all(wrong.map((given) => asReporter(api, given)));
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(codeOf(answers[0] ?? { status: 0 })).toBe("NOT_FOUND");
    });

    it("waits after five wrong codes, longer each time; the right code is refused meanwhile like a wrong one", async () => {
      const made = await report(api);
      const wrong = { ...made, code: "0000-0000-00000" };
      try {
        for (let n = 0; n < 5; n++) expect(codeOf(await asReporter(api, wrong))).toBe("NOT_FOUND");
        expect(await asReporter(api, made)).toEqual(await asReporter(api, wrong));
        api.setNow(new Date(Date.parse(SMALL_NOW) + 61_000).toISOString());
        expect(codeOf(await asReporter(api, wrong))).toBe("NOT_FOUND");
        api.setNow(new Date(Date.parse(SMALL_NOW) + 61_000 + 61_000).toISOString());
        expect(codeOf(await asReporter(api, made))).toBe("NOT_FOUND");
        api.setNow(new Date(Date.parse(SMALL_NOW) + 61_000 + 121_000).toISOString());
        expect((await asReporter(api, made)).data?.report.orderNo).toBe(made.orderNo);
        const state = `SELECT failed_attempts, locked_until FROM incident_report WHERE order_no = '${made.orderNo}'`;
        expect(await one(state)).toEqual({ failed_attempts: 0, locked_until: null });
      } finally {
        api.setNow(SMALL_NOW);
      }
    });

    it("counts every wrong code of those sent at once", async () => {
      const made = await report(api);
      const wrong = { ...made, code: "0000-0000-00000" };
      await Promise.all(Array.from({ length: 8 }, () => asReporter(api, wrong)));
      const state = `SELECT failed_attempts FROM incident_report WHERE order_no = '${made.orderNo}'`;
      expect(await one(state)).toEqual({ failed_attempts: 5 });
    });

    it("corrects title and contact while the case is open", async () => {
      const made = await report(api, { contact: CONTACT });
      await take(api, made.incident.id, 1, DISPATCHER);
      const corrected = await asReporter(api, made, "correctMyReport", { title: "井盖丢失", contact: "13900000001" });
      expect(corrected.data?.report).toMatchObject({ title: "井盖丢失", contact: "13900000001" });
      expect((await contactOf(api, made.incident.id, DISPATCHER)).data?.reporterContact).toBe("13900000001");
      const deleted = await asReporter(api, made, "correctMyReport", { contact: " " });
      expect(deleted.data?.report).toMatchObject({ title: "井盖丢失", hasContact: false, contact: null });
      expect((await contactOf(api, made.incident.id, DISPATCHER)).data).toEqual({ reporterContact: null });
      expect(codeOf(await asReporter(api, made, "correctMyReport", { title: "" }))).toBe("BAD_USER_INPUT");
      expect(codeOf(await asReporter(api, made, "correctMyReport", { title: "电话13800000000" }))).toBe(
        "BAD_USER_INPUT",
      );
      // The handler's next change must know of the new title.
      expect(codeOf(await take(api, made.incident.id, 2, OTHER_DISPATCHER))).toBe("CONFLICT");
    });

    it("withdraws it while nobody works on it; the contact is gone at once", async () => {
      const made = await report(api, { contact: CONTACT });
      const own = await asReporter(api, made, "withdrawMyReport");
      expect(own.data?.report).toMatchObject({ state: "VOID", hasContact: false, contact: null });
      expect(await rows(`SELECT FROM reporter_contact WHERE incident_id = '${rowId(made)}'`)).toEqual([]);
      expect(codeOf(await asReporter(api, made, "withdrawMyReport"))).toBe("CONFLICT");
      expect(codeOf(await asReporter(api, made, "correctMyReport", { contact: CONTACT }))).toBe("CONFLICT");
      const taken = await report(api, { contact: CONTACT });
      await take(api, taken.incident.id, 1, DISPATCHER);
      expect(codeOf(await asReporter(api, taken, "withdrawMyReport"))).toBe("CONFLICT");
    });
  });

  describe("what has served its time", () => {
    const close = (made: Reported, closedAt: string | null) =>
      rows(
        `UPDATE incident SET state = '${closedAt ? "closed" : "rework"}', closed_at = ${closedAt ? `'${closedAt}'` : "NULL"}
         WHERE id = '${rowId(made)}'`,
      );
    const kept = async (made: Reported): Promise<boolean> =>
      (await rows(`SELECT FROM reporter_contact WHERE incident_id = '${rowId(made)}'`)).length === 1;

    it("goes: contacts 30 days after closing, keys after 30 days, told in the audit log as counts", async () => {
      await purge(api.database, Date.parse(later(400)));
      const [closed, opened, again] = [
        await report(api, { contact: CONTACT }),
        await report(api, { contact: CONTACT }),
        await report(api, { contact: CONTACT }),
      ];
      await close(closed, later(1));
      await close(again, later(1));
      const open = await asReporter(api, opened);
      expect(open.data?.report.contactDeletedOn).toBeNull();
      expect((await asReporter(api, closed)).data?.report.contactDeletedOn).toBe(later(31));

      const at29 = await purge(api.database, Date.parse(later(29)));
      expect(at29.get(SMALL_COUNTY)).toEqual({ contacts: 0, keys: 0 });
      // Opened again: the clock stands still.
      await close(again, null);
      const almost = await purge(api.database, Date.parse(later(31)) - 1);
      expect(almost.get(SMALL_COUNTY)).toEqual({ contacts: 0, keys: 3 });
      expect([await kept(closed), await kept(opened), await kept(again)]).toEqual([true, true, true]);
      const due = await purge(api.database, Date.parse(later(31)));
      expect(due.get(SMALL_COUNTY)).toEqual({ contacts: 1, keys: 0 });
      expect([await kept(closed), await kept(opened), await kept(again)]).toEqual([false, true, true]);
      await close(again, later(40));
      expect((await purge(api.database, Date.parse(later(70)))).get(SMALL_COUNTY)).toEqual({ contacts: 1, keys: 0 });
      expect([await kept(opened), await kept(again)]).toEqual([true, false]);
      const audits = await rows<{ entity: string }>(
        `SELECT entity FROM audit_log WHERE action = 'purge' AND at < '${later(100)}' ORDER BY at`,
      );
      expect(audits.map(({ entity }) => JSON.parse(entity))).toEqual([
        { contacts: 0, keys: 3 },
        { contacts: 1, keys: 0 },
        { contacts: 1, keys: 0 },
      ]);
    });
  });

  it("has served its time while the server listens: at once, every so often, and not after it stopped", async () => {
    let clock = Date.parse(later(0));
    const failures: unknown[] = [];
    const made = await report(api, { contact: CONTACT });
    const held = async (): Promise<boolean> => (await asReporter(api, made)).data?.report.hasContact ?? false;
    await rows(`UPDATE incident SET state = 'closed', closed_at = '${later(0)}' WHERE id = '${rowId(made)}'`);
    const stop = startPurging(
      api.database,
      () => clock,
      (fields) => failures.push(fields),
      20,
    );
    try {
      await vi.waitFor(async () => {
        const times = await rows<{ at: Date | null }>("SELECT delete_after AS at FROM reporter_contact");
        expect(times.some(({ at: time }) => time !== null)).toBe(true);
      });
      expect(await held()).toBe(true);
      clock = Date.parse(later(30));
      await vi.waitFor(async () => expect(await held()).toBe(false), { timeout: 10_000 });
    } finally {
      await stop();
    }
    const second = await report(api, { contact: CONTACT });
    await rows(`UPDATE incident SET state = 'closed', closed_at = '${later(0)}' WHERE id = '${rowId(second)}'`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await asReporter(api, second)).data?.report.hasContact).toBe(true);
    expect(failures).toEqual([]);
  });
});
