import { afterAll, beforeAll, expect, it } from "vitest";
import { startSealingAudit } from "../../api/jobs/seal-audit.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { sealAudit } from "../../db/audit/sealer.ts";
import { verifyAudit } from "../../db/audit/verify.ts";
import { appendAudit } from "../../db/repositories/audit-repository.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_CODES, SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { CHAIN_START, entryOf, tamper } from "../helpers/audit-chain.ts";
import { type CommandRunner, commandRunner } from "../helpers/command-runner.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { lintEvent } from "../helpers/sql-rules.ts";
import { viewerAs, viewerHeaders } from "../helpers/viewers.ts";

const AUDITOR = viewerAs("auditor", SMALL_COUNTY);
const ROOT = "000000";
const NOW = Date.parse(SMALL_NOW);

interface Row {
  readonly id: string;
  readonly seq: number | null;
  readonly actor: string;
  readonly actorName: string | null;
  readonly role: string | null;
  readonly action: string;
  readonly entity: string;
  readonly reason: string | null;
  readonly at: string;
  readonly hash: string | null;
}
interface Log {
  readonly auditLog: {
    readonly nodes: readonly Row[];
    readonly totalCount: number;
    readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
  };
}

const LOG = `query ($filter: AuditFilter!, $first: Int, $after: String) {
  auditLog(filter: $filter, first: $first, after: $after) {
    nodes { id seq actor actorName role address action entity reason at hash }
    totalCount pageInfo { endCursor hasNextPage }
  }
}`;

describeOnBothDatabases("the audit log of a county", (open) => {
  let api: TestApi;
  let cli: CommandRunner;
  beforeAll(async () => {
    const { database } = await open();
    cli = await commandRunner(database);
    cli.now = new Date(NOW + 3_600_000).toISOString();
    api = await testApiOver(database, { datasets: [smallCounty(20)], classes: SMALL_CLASSES, now: SMALL_NOW });
    await database.transaction({ kind: "county", county: SMALL_COUNTY }, async (tx) => {
      for (let n = 1; n <= 25; n++) await appendAudit(tx, SMALL_COUNTY, entryOf(n));
    });
    await database.transaction({ kind: "county", county: ROOT }, (tx) =>
      appendAudit(tx, ROOT, { ...entryOf(1), action: "server.step" }),
    );
    await sealAudit(database, { nowMs: NOW });
  });
  afterAll(() => api.close());

  const log = async (filter: object, more: object = {}, viewer: Viewer | null = AUDITOR) =>
    api.graphql<Log>(LOG, { filter: { county: SMALL_COUNTY, ...filter }, ...more }, viewer);
  const nodes = async (filter: object): Promise<readonly Row[]> => {
    const { data, errors } = await log(filter);
    expect(errors).toBeUndefined();
    return data?.auditLog.nodes ?? [];
  };

  it("is read by its auditor, newest first, with number and hash", async () => {
    api.takeStatements();
    const all = await nodes({});
    expect(all).toHaveLength(26);
    expect(all.map(({ at }) => at)).toEqual(
      all
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
    const step = all.find(({ entity }) => entity.includes('"number":25'));
    expect(step).toMatchObject({
      actor: entryOf(25).actor,
      actorName: "王某",
      role: "ADMIN",
      action: "test.step",
      reason: "原因 25",
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(new Set(all.map(({ seq }) => seq))).toEqual(new Set(Array.from({ length: 26 }, (_, i) => i + 1)));
    const statements = api.takeStatements();
    expect(statements.flatMap((event) => lintEvent(event))).toEqual([]);
    // Row-level security holds for auditors too: nothing is read as the system.
    expect(new Set(statements.map(({ scope }) => scope.kind))).toEqual(new Set(["viewer"]));
  });

  it("is read page by page", async () => {
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { data } = await log({}, { first: 7, after });
      const page = data?.auditLog;
      seen.push(...(page?.nodes.map(({ id }) => id) ?? []));
      expect(page?.totalCount).toBe(26);
      more = page?.pageInfo.hasNextPage ?? false;
      after = page?.pageInfo.endCursor ?? null;
    }
    expect(seen).toHaveLength(26);
    expect(new Set(seen).size).toBe(26);
  });

  it("is filtered by time, actor, action and entity", async () => {
    const at = (n: number) => new Date(CHAIN_START + n * 1000).toISOString();
    const numbers = async (filter: object) =>
      (await nodes(filter)).map(({ entity }) => (JSON.parse(entity) as { number?: number }).number);
    expect(await numbers({ from: at(10), to: at(13) })).toEqual([12, 11, 10]);
    expect(await numbers({ actor: "王" })).toHaveLength(25);
    expect(await numbers({ actor: "account:990001" })).toHaveLength(25);
    expect(await numbers({ actor: "%" })).toEqual([]);
    expect(await nodes({ action: "county." })).toMatchObject([{ action: "county.load", actor: "jingwei" }]);
    expect(await numbers({ action: "step" })).toEqual([]);
    expect(await numbers({ entity: '"NUMBER":7,' })).toEqual([7]);
    expect(await numbers({ entity: '"n_mber"' })).toEqual([]);
    for (const text of ["'; DROP TABLE audit_log; --", "\\", "%' OR '1'='1"])
      expect(await numbers({ actor: text, entity: text, action: text })).toEqual([]);
    const wrong = await log({ from: at(2), to: at(1) });
    expect(wrong.errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", path: "filter.to" });
  });

  const OTHERS: readonly [string, Viewer | null, string][] = [
    ["nobody", null, "UNAUTHENTICATED"],
    ...(["wall", "leader", "dispatcher", "planner", "grid_worker", "admin"] as const).map(
      (role): [string, Viewer, string] => [role, viewerAs(role, SMALL_COUNTY), "FORBIDDEN"],
    ),
    ["an auditor of another county", viewerAs("auditor", "990009"), "FORBIDDEN"],
    ["an auditor of a town", viewerAs("auditor", SMALL_CODES.town), "FORBIDDEN"],
    ["a visiting auditor", viewerAs("auditor", SMALL_COUNTY, { visitor: true }), "FORBIDDEN"],
  ];

  it.each(OTHERS)("is closed to %s, in every form", async (_, viewer, code) => {
    for (const query of [
      `{ auditLog(filter: { county: "${SMALL_COUNTY}" }) { totalCount } }`,
      `{ auditVerification(county: "${SMALL_COUNTY}") { ok } }`,
    ]) {
      const { data, errors } = await api.graphql(query, undefined, viewer);
      expect(errors?.[0]?.extensions?.["code"]).toBe(code);
      expect(JSON.stringify(data ?? null)).not.toMatch(/totalCount|ok/);
    }
    const answer = await api.app.inject({
      url: `/audit.csv?county=${SMALL_COUNTY}`,
      headers: viewerHeaders(viewer),
    });
    expect(answer.json()).toMatchObject({ code });
    expect(await nodes({ action: "audit.export" })).toEqual([]);
  });

  it("of the server belongs to the auditor of the server, who reads every county's", async () => {
    const root = viewerAs("auditor", ROOT);
    const own = await api.graphql<Log>(LOG, { filter: { county: ROOT } }, root);
    expect(own.data?.auditLog.nodes).toMatchObject([{ action: "server.step", seq: 1 }]);
    expect((await log({}, {}, root)).data?.auditLog.totalCount).toBe(26);
    const refused = await api.graphql(LOG, { filter: { county: ROOT } }, AUDITOR);
    expect(refused.errors?.[0]?.extensions?.["code"]).toBe("FORBIDDEN");
  });

  it("is exported with whose copy it is, and the export is an entry itself", async () => {
    const answer = await api.app.inject({
      url: `/audit.csv?county=${SMALL_COUNTY}&action=test.&reason=${encodeURIComponent("年度检查")}`,
      headers: viewerHeaders(AUDITOR),
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers["content-type"]).toBe("text/csv; charset=utf-8");
    expect(answer.headers["content-disposition"]).toContain(`jingwei-audit-${SMALL_COUNTY}-`);
    expect(answer.headers["cache-control"]).toContain("no-store");
    const lines = answer.body.split("\r\n");
    expect(answer.body.charCodeAt(0)).toBe(0xfeff);
    expect(lines[0]).toContain(AUDITOR.name);
    expect(lines[0]).toContain(AUDITOR.actor);
    expect(lines[0]).toContain(new Date(NOW).toISOString());
    expect(lines[1]).toBe("seq,at,actor,actorName,role,address,action,entity,reason,id,hash");
    expect(lines).toHaveLength(2 + 25 + 1);
    expect(lines[2]).toContain('"{""type"":""test"",""number"":1,');
    const [entry] = await nodes({ action: "audit.export" });
    expect(entry).toMatchObject({ actor: AUDITOR.actor, role: "AUDITOR", reason: "年度检查", seq: null });
    expect(JSON.parse(entry?.entity ?? "")).toMatchObject({ format: "csv", rows: 25, filter: { action: "test." } });
  });

  it("takes no reason that names a resident, no unknown parameter, no formula into a spreadsheet", async () => {
    const get = (query: string) =>
      api.app.inject({ url: `/audit.csv?county=${SMALL_COUNTY}${query}`, headers: viewerHeaders(AUDITOR) });
    const refused = await get("&reason=13800138000");
    expect(refused.json()).toMatchObject({ code: "BAD_USER_INPUT", path: "reason" });
    expect(refused.body).not.toContain("13800138000");
    expect((await get("&colour=red")).json()).toMatchObject({ code: "BAD_USER_INPUT", path: "colour" });
    expect((await get("&from=yesterday")).json()).toMatchObject({ code: "BAD_USER_INPUT", path: "from" });
    await api.database.transaction({ kind: "county", county: SMALL_COUNTY }, (tx) =>
      appendAudit(tx, SMALL_COUNTY, { ...entryOf(90), action: "csv.test", reason: '=HYPERLINK("x")' }),
    );
    expect((await get("&action=csv.")).body).toContain(`"'=HYPERLINK(""x"")"`);
  });

  it("is proved by the command and the API alike, and both name the first bad row", async () => {
    const { database } = api;
    await sealAudit(database, { nowMs: NOW + 60_000 });
    const ask = async () =>
      (
        await api.graphql<{ auditVerification: Record<string, unknown> }>(
          `{ auditVerification(county: "${SMALL_COUNTY}") {
               ok rows unsealed firstBadSeq firstBadId problem headChecked notes } }`,
          undefined,
          AUDITOR,
        )
      ).data?.auditVerification;
    expect(await ask()).toMatchObject({ ok: true, unsealed: 0, headChecked: true, problem: null, notes: [] });
    const fine = await cli.run("audit", "verify", "--json");
    expect(fine.code, fine.err).toBe(0);
    expect(JSON.parse(fine.out)).toMatchObject({ ok: true, chains: [{ county: ROOT }, { county: SMALL_COUNTY }] });
    const bad = (await nodes({ entity: '"number":9,' }))[0];
    await tamper(
      database,
      `UPDATE audit_log SET actor = 'Account:other' WHERE county = '${SMALL_COUNTY}' AND id = '${bad?.id.split(":")[2]}'`,
    );
    const found = await ask();
    expect(found).toMatchObject({ ok: false, firstBadSeq: bad?.seq, firstBadId: bad?.id });
    expect(found?.["problem"]).toMatch(/被改动.*was changed/);
    const told = await cli.run("audit", "verify");
    expect(told.code).toBe(1);
    expect(told.out).toMatch(/^000000 {2}完好 untouched/);
    expect(told.out).toContain(`${SMALL_COUNTY}  被改动 TAMPERED`);
    expect(told.out).toContain(`Row ${bad?.seq} (${bad?.id.split(":")[2]})`);
    expect((await cli.run("audit", "verify", "--county", ROOT)).code).toBe(0);
    expect((await cli.run("audit", "verify", "--county", SMALL_COUNTY, "--json")).code).toBe(1);
    expect((await cli.run("audit", "verify", "--county", "14")).code).toBe(1);
    expect((await cli.run("audit")).code).toBe(2);
    expect((await cli.run("audit", "verify", "now")).code).toBe(2);
  });

  it("is sealed while the server runs, without being asked", async () => {
    const county = "990006";
    const told: unknown[] = [];
    const stop = startSealingAudit(
      api.database,
      () => NOW,
      (fields) => told.push(fields),
      20,
    );
    const state = () => verifyAudit(api.database, county, { nowMs: NOW });
    for (const n of [1, 2]) {
      // The second one is written after the first look has long been made.
      await api.database.transaction({ kind: "county", county }, (tx) =>
        appendAudit(tx, county, { ...entryOf(n), at: new Date(NOW).toISOString() }),
      );
      await expect.poll(async () => (await state()).rows, { timeout: 20_000 }).toBe(n);
    }
    await stop();
    expect(told).toEqual([]);
    expect(await state()).toMatchObject({ ok: true, rows: 2, unsealed: 0 });
  });

  it("is sealed at the end of each command that wrote", async () => {
    const added = await cli.run("county", "add", "990005", "--name", "试县", "--timezone", "Asia/Shanghai");
    expect(added.code, added.err).toBe(0);
    const proof = await cli.run("audit", "verify", "--county", "990005", "--json");
    expect(JSON.parse(proof.out)).toMatchObject({ ok: true, chains: [{ rows: 1, unsealed: 0, headChecked: true }] });
  });
});
