import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openContact } from "../../api/services/report/contact-seal.ts";
import { purge } from "../../api/services/report/purge.ts";
import { sealAudit } from "../../db/audit/sealer.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { TEST_SEALER, type TestApi, testApiOver } from "../helpers/api.ts";
import { found, textNeedles } from "../helpers/byte-search.ts";
import { describeOnBothDatabases, type TestDatabase } from "../helpers/database.ts";
import { databaseFiles, dumpTables, pgDump } from "../helpers/dump.ts";
import {
  asReporter,
  codeOf,
  contactOf,
  DISPATCHER,
  EVERY_ROLE,
  type Reported,
  report,
  reportInput,
  SENSITIVE_CLASS,
  take,
  tryReport,
} from "../helpers/reports.ts";
import { viewerHeaders } from "../helpers/viewers.ts";

/**
 * A marker is reported as a contact and deleted again. Before, it is in one table only and sealed; afterwards nowhere. In
 * neither time does it come out anywhere but to its owner and to the handler of the case.
 */
const MARKER = `标记MARKER-${randomBytes(6).toString("hex")}`;
const NEEDLES = textNeedles(MARKER);
const CASES = join(import.meta.dirname, "cases");
const LAYERS = ["areas", "incidents", "cameras", "buildings", "context", "footprints", "compounds"];

describeOnBothDatabases("a contact that is sealed", (open) => {
  let test: TestDatabase;
  let api: TestApi;
  const log: string[] = [];
  const made: Reported[] = [];
  /** The audit log as an auditor exports it. */
  let exported = "";

  /** Tables in whose rows a marker is found, and in which form. */
  const inDump = async (needles = NEEDLES): Promise<string[]> => {
    const hits: string[] = [];
    for (const [table, rows] of await dumpTables(test.database))
      for (const form of found(rows, needles)) hits.push(`${table}: ${form}`);
    const whole = pgDump(test);
    if (whole !== undefined) for (const form of found(whole, needles)) hits.push(`pg_dump: ${form}`);
    return hits;
  };

  /** Everything that each role can ask for, and nobody. */
  async function* answers(): AsyncGenerator<readonly [what: string, bytes: string | Uint8Array]> {
    const operations = readdirSync(CASES)
      .filter((name) => name.endsWith(".graphql") && !name.startsWith("bad-"))
      .map((name) => [name, readFileSync(join(CASES, name), "utf8")] as const);
    for (const viewer of [...EVERY_ROLE, null]) {
      const who = viewer?.role ?? "nobody";
      for (const [name, query] of operations)
        yield [`${name} as ${who}`, JSON.stringify(await api.graphql(query, {}, viewer))];
      const everything = `{ incidents(filter: { inside: "${SMALL_COUNTY}" }, first: 1000) { nodes {
        id ref title point sourceRef events { actor note fromState toState at } area { name } } } }`;
      yield [`cases as ${who}`, JSON.stringify(await api.graphql(everything, {}, viewer))];
      const audit = `{ auditLog(filter: { county: "${SMALL_COUNTY}" }, first: 1000) { nodes { action entity reason actor } } }`;
      yield [`audit log as ${who}`, JSON.stringify(await api.graphql(audit, {}, viewer))];
      for (const { incident, orderNo } of made) {
        yield [`contact as ${who}`, JSON.stringify(await contactOf(api, incident.id, viewer))];
        // Once only: more wrong codes would lock it for its owner too.
        if (!viewer)
          yield ["a report by its number alone", JSON.stringify(await asReporter(api, { orderNo, code: "" }))];
      }
      const layers = LAYERS.map((layer) => `/columns/${layer}?county=${SMALL_COUNTY}`);
      for (const url of [...layers, `/audit.csv?county=${SMALL_COUNTY}&reason=marker`, "/metrics", "/auth/session"]) {
        const { rawPayload } = await api.app.inject({ url, headers: viewerHeaders(viewer) });
        if (url.startsWith("/audit.csv") && who === "auditor") exported = rawPayload.toString("utf8");
        yield [`${url} as ${who}`, rawPayload];
      }
    }
  }

  const leaks = async (): Promise<string[]> => {
    await sealAudit(test.database, { nowMs: Date.parse(SMALL_NOW) });
    // An export ends before the instant at which it is made.
    api.setNow(new Date(Date.parse(SMALL_NOW) + 60_000).toISOString());
    const hits: string[] = [];
    let asked = 0;
    for await (const [what, bytes] of answers()) {
      asked++;
      for (const form of found(bytes, NEEDLES)) hits.push(`${what}: ${form}`);
    }
    expect(asked).toBeGreaterThan(200);
    expect(exported).toContain("sealed.read");
    return hits;
  };

  beforeAll(async () => {
    test = await open();
    const logger = pino({ level: "trace" }, { write: (line: string) => log.push(line) });
    api = await testApiOver(test.database, {
      datasets: [smallCounty()],
      classes: SMALL_CLASSES,
      now: SMALL_NOW,
      log: logger,
    });
  });
  afterAll(() => api.close());

  it("is sent in, repeated, refused, read by the handler and corrected by its owner", async () => {
    const input = reportInput({ contact: MARKER });
    made.push(
      await report(api, input),
      await report(api, { contact: MARKER, class: SENSITIVE_CLASS, title: "邻里噪声" }),
    );
    made.push(await report(api, { contact: "later" }));
    expect(await report(api, input)).toEqual(made[0]);
    expect(codeOf(await tryReport(api, { ...input, title: "别的" }))).toBe("CONFLICT");
    const tooLong = await tryReport(api, { contact: MARKER.repeat(20) });
    expect(codeOf(tooLong)).toBe("BAD_USER_INPUT");
    expect(found(JSON.stringify(tooLong), NEEDLES)).toEqual([]);
    for (const { incident } of made) await take(api, incident.id, 1, DISPATCHER);
    const [first, , third] = made as [Reported, Reported, Reported];
    expect((await contactOf(api, first.incident.id, DISPATCHER)).data?.reporterContact).toBe(MARKER);
    await asReporter(api, third, "correctMyReport", { contact: MARKER });
    expect((await asReporter(api, third)).data?.report.contact).toBe(MARKER);
  });

  it("stays out of the log when the server itself fails", async () => {
    const { database } = api;
    const { transaction } = database;
    let calls = 0;
    database.transaction = (scope, work) =>
      transaction.call(database, scope, async (tx) => {
        const done = await work(tx);
        calls++;
        if (scope.kind === "county") throw new Error("the disk is gone");
        return done;
      }) as never;
    try {
      expect(codeOf(await tryReport(api, { contact: MARKER }))).toBe("INTERNAL");
      expect(calls).toBeGreaterThan(0);
    } finally {
      database.transaction = transaction;
    }
    expect(log.join("")).toContain("the disk is gone");
  });

  it("is in one table only before it is deleted, and sealed there", async () => {
    const dump = await dumpTables(test.database);
    expect(dump.size).toBeGreaterThan(30);
    expect(dump.get("reporter_contact")?.split("\n")).toHaveLength(3);
    expect(await inDump()).toEqual([]);
    const opened = await test.database.adminSession(async (client) => {
      const { rows } = await client.query(
        `SELECT c.county, c.incident_id, encode(c.contact, 'hex') AS contact, encode(k.key, 'hex') AS key
         FROM reporter_contact c JOIN contact_key k ON k.id = c.key_id`,
      );
      return rows.map(({ county, incident_id: id, contact, key }) =>
        openContact(TEST_SEALER, String(county), String(id), { contact: String(contact), key: String(key) }),
      );
    });
    expect(opened).toEqual([MARKER, MARKER, MARKER]);
    for (const [file, bytes] of await databaseFiles(test)) expect(found(bytes, NEEDLES), file).toEqual([]);
  });

  it("comes out to nobody else, whatever each role asks for", async () => {
    expect(await leaks()).toEqual([]);
  });

  it("is found nowhere once it is deleted, not even sealed", async () => {
    const sealed = await test.database.adminSession(async (client) => {
      const { rows } = await client.query(
        `SELECT encode(contact, 'hex') AS hex FROM reporter_contact UNION ALL SELECT encode(key, 'hex') FROM contact_key`,
      );
      return rows.map(({ hex }) => ({ name: "sealed bytes", bytes: Buffer.from(String(hex)) }));
    });
    expect((await inDump(sealed)).filter((hit) => /^(reporter_contact|contact_key)/.test(hit))).not.toEqual([]);
    const [first, second, third] = made as [Reported, Reported, Reported];
    await asReporter(api, first, "correctMyReport", { contact: "" });
    await test.database.adminSession((client) =>
      client.query("UPDATE incident SET state = 'closed', closed_at = $1 WHERE ref = ANY ($2)", [
        SMALL_NOW,
        [second.incident.ref, third.incident.ref],
      ]),
    );
    const month = 30 * 86_400_000;
    const purged = await purge(test.database, Date.parse(SMALL_NOW) + month);
    expect(purged.get(SMALL_COUNTY)?.contacts).toBe(2);
    for (const table of ["reporter_contact", "contact_key"])
      expect((await dumpTables(test.database)).get(table)).toBe("");
    expect(await inDump([...NEEDLES, ...sealed])).toEqual([]);
    expect(await leaks()).toEqual([]);
    expect((await asReporter(api, first)).data?.report).toMatchObject({ hasContact: false, contact: null });
    expect((await contactOf(api, second.incident.id, DISPATCHER)).data).toEqual({ reporterContact: null });
  });

  it("was never in the log or in a statement's text", () => {
    expect(log.length).toBeGreaterThan(0);
    expect(found(log.join(""), NEEDLES)).toEqual([]);
    const statements = api.takeStatements();
    expect(statements.length).toBeGreaterThan(100);
    expect(found(statements.map(({ sql }) => sql).join("\n"), NEEDLES)).toEqual([]);
  });
});
