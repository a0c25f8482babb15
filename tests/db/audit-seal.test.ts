import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AppError } from "../../data/model/errors.ts";
import { ROLES } from "../../data/policy/roles.ts";
import { adoptLegacyRows } from "../../db/audit/adopt-legacy.ts";
import { type AuditKeeper, openAuditKeeper } from "../../db/audit/audit-key.ts";
import { catchUpHeads, sealAudit } from "../../db/audit/sealer.ts";
import { verifyAudit } from "../../db/audit/verify.ts";
import type { Database, Scope, StatementEvent } from "../../db/driver.ts";
import { openDatabase } from "../../db/open-database.ts";
import { appendAudit } from "../../db/repositories/audit-repository.ts";
import { seatRole } from "../../db/sql-text.ts";
import { CHAIN_START, entryOf, tamper, writeChain } from "../helpers/audit-chain.ts";
import { describeOnBothDatabases, TEST_CACHE_DIR } from "../helpers/database.ts";
import { lintEvent } from "../helpers/sql-rules.ts";

const A = "990001";
const B = "990002";
const LATER = CHAIN_START + 3_600_000;

describe("the audit key", () => {
  const dirs: string[] = [];
  const folder = (): string => {
    const dir = mkdtempSync(join(tmpdir(), "jingwei-key-"));
    dirs.push(dir);
    return dir;
  };
  afterAll(() => {
    for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
  });

  it("is made once, for its owner's eyes only", () => {
    const dir = folder();
    const { key, headsFile } = openAuditKeeper(dir, undefined);
    const file = join(dir, "audit", "key");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(Buffer.from(readFileSync(file, "utf8").trim(), "base64")).toHaveLength(32);
    expect(openAuditKeeper(dir, undefined).key.id).toBe(key.id);
    expect(openAuditKeeper(folder(), undefined).key.id).not.toBe(key.id);
    expect(headsFile).toBe(join(dir, "audit", "heads.log"));
    // What the key is cannot be read from its name, nor from the object that holds it.
    expect(JSON.stringify(key)).toBe(JSON.stringify({ id: key.id }));
  });

  it("may come from the environment, and must be one", () => {
    const given = Buffer.alloc(32, 7).toString("base64");
    const dir = folder();
    expect(openAuditKeeper(dir, given).key.id).toBe(openAuditKeeper(folder(), given).key.id);
    expect(() => statSync(join(dir, "audit"))).toThrow(/ENOENT/);
    for (const wrong of ["secret", Buffer.alloc(16).toString("base64"), `${given}x`])
      expect(() => openAuditKeeper(dir, wrong)).toThrow(expect.objectContaining({ kind: "USER", at: "AUDIT_KEY" }));
    openAuditKeeper(dir, undefined);
    writeFileSync(join(dir, "audit", "key"), "broken");
    expect(() => openAuditKeeper(dir, undefined)).toThrow(expect.objectContaining({ kind: "USER" }));
  });
});

describeOnBothDatabases("sealing", (open) => {
  let database: Database;
  let keeper: AuditKeeper;
  const statements: StatementEvent[] = [];
  beforeAll(async () => {
    database = (await open()).database;
    if (!database.audit) throw new Error("the database has a keeper");
    keeper = database.audit;
  });
  const write = (county: string, ...numbers: number[]): Promise<void> =>
    database.transaction({ kind: "county", county }, async (tx) => {
      for (const n of numbers) await appendAudit(tx, county, entryOf(n));
    });
  const verify = (county = A, nowMs = LATER) => verifyAudit(database, county, { nowMs });

  it("gives consecutive numbers per county, and keeps the data rules", async () => {
    database.onStatement = (event) => statements.push(event);
    await writeChain(database, A, [2, 3]);
    await writeChain(database, B, [1]);
    database.onStatement = undefined;
    expect(statements.length).toBeGreaterThan(10);
    expect(statements.flatMap((event) => lintEvent(event).map((breach) => `${breach}: ${event.sql}`))).toEqual([]);
    expect(await verify(A)).toMatchObject({ ok: true, rows: 5, headChecked: true });
    expect(await verify(B)).toMatchObject({ ok: true, rows: 1 });
    const again = await sealAudit(database, { nowMs: LATER });
    expect(again).toEqual({ sealed: 0, forged: [] });
  });

  it("takes a row that commits late, behind rows that are sealed already", async () => {
    await write(A, 20);
    await sealAudit(database, { nowMs: CHAIN_START + 180_000 });
    await write(A, 10);
    expect(await sealAudit(database, { nowMs: CHAIN_START + 181_000 })).toMatchObject({ sealed: 1 });
    expect(await verify()).toMatchObject({ ok: true, rows: 7, unsealed: 0 });
  });

  it("looks only as far back as it is told", async () => {
    await write(A, 30);
    expect((await sealAudit(database, { nowMs: LATER, sinceMs: CHAIN_START + 31_000 })).sealed).toBe(0);
    expect((await verify()).unsealed).toBe(1);
    expect((await sealAudit(database, { nowMs: LATER, sinceMs: CHAIN_START + 30_000 })).sealed).toBe(1);
  });

  it("does not fork when many look at once, and misses nothing beyond one batch", async () => {
    await write(A, ...Array.from({ length: 1203 }, (_, i) => 100 + i));
    const rounds = await Promise.all(
      Array.from({ length: 4 }, (_, i) => sealAudit(database, { nowMs: CHAIN_START + 400_000 + i })),
    );
    expect(rounds.reduce((sum, { sealed }) => sum + sealed, 0)).toBe(1203);
    expect(await verify()).toMatchObject({ ok: true, rows: 8 + 1203, unsealed: 0 });
  }, 60_000);

  it("writes a head that a kill left out, once, and says so for ever", async () => {
    await write(A, 2000);
    await sealAudit(database, { nowMs: CHAIN_START + 500_000 });
    const lines = readFileSync(keeper.headsFile, "utf8").trimEnd().split("\n");
    // Killed between the seal and its head, in the middle of the line.
    writeFileSync(keeper.headsFile, `${lines.slice(0, -1).join("\n")}\n${lines.at(-1)?.slice(0, 20)}`);
    expect((await verify()).problem).toMatchObject({ fault: "head-missing" });
    await catchUpHeads(database, [A, B]);
    const size = statSync(keeper.headsFile).size;
    await catchUpHeads(database, [A, B]);
    expect(statSync(keeper.headsFile).size).toBe(size);
    const repaired = await verify();
    expect(repaired).toMatchObject({ ok: true, headChecked: true });
    expect(repaired.notes).toEqual([expect.stringMatching(/补记.*added at a later start/)]);
  });

  it("does not cover up that more than the last head is gone", async () => {
    for (const n of [2001, 2002]) {
      await write(B, n);
      await sealAudit(database, { nowMs: CHAIN_START + n * 1000 });
    }
    const before = readFileSync(keeper.headsFile, "utf8");
    const lines = before.trimEnd().split("\n");
    writeFileSync(keeper.headsFile, `${lines.slice(0, -2).join("\n")}\n`);
    await catchUpHeads(database, [B]);
    expect((await verify(B)).problem).toMatchObject({ fault: "head-missing", seq: 2 });
    writeFileSync(keeper.headsFile, before);
  });

  it("goes on in a new file of heads when the old one is gone, and says what cannot be checked", async () => {
    const old = readFileSync(keeper.headsFile, "utf8");
    rmSync(keeper.headsFile);
    await write(B, 3000);
    await sealAudit(database, { nowMs: CHAIN_START + 3_100_000 });
    const found = await verify(B);
    expect(found).toMatchObject({ ok: true, rows: 4, headChecked: true });
    expect(found.notes).toEqual([expect.stringMatching(/3 batches are in another file/)]);
    rmSync(keeper.headsFile);
    writeFileSync(keeper.headsFile, old);
  });

  it("tells another key from a forgery", async () => {
    const other = openAuditKeeper(mkdtempSync(join(tmpdir(), "jingwei-key-")), undefined);
    const foreign = new Proxy(database, {
      get: (target, name) => (name === "audit" ? other : (Reflect.get(target, name, target) as unknown)),
    });
    const result = await verifyAudit(
      { ...foreign, audit: other, transaction: (scope, work) => database.transaction(scope, work) } as Database,
      A,
      { nowMs: LATER },
    );
    expect(result.problem).toMatchObject({ fault: "other-key", seq: 1 });
    expect(result.problem?.message).toMatch(/AUDIT_KEY/);
  });

  describe("is append-only for every role of the application", () => {
    const scopes: Scope[] = [
      { kind: "county", county: A },
      { kind: "reference" },
      { kind: "auth" },
      { kind: "accounts", county: A },
      { kind: "sealer" },
      ...ROLES.flatMap((role): Scope[] =>
        [A, `${A}100`].flatMap((area) =>
          [true, false].map((visitor) => ({ kind: "viewer", county: A, role, area, account: null, visitor })),
        ),
      ),
    ];
    const nameOf = (scope: Scope): string => (scope.kind === "viewer" ? seatRole(scope) : scope.kind);

    it.each([...new Map(scopes.map((scope) => [nameOf(scope), scope]))])("%s", async (_name, scope) => {
      const count = () =>
        database.transaction({ kind: "sealer" }, async (tx) => {
          const [row] = await tx.rows<{ log: number; seal: number }>(
            `SELECT (SELECT count(*) FROM audit_log WHERE county = $1) AS log,
               (SELECT count(*) FROM audit_seal WHERE county = $1) AS seal`,
            [A],
          );
          return row;
        });
      const before = await count();
      for (const table of ["audit_log", "audit_seal"]) {
        for (const sql of [
          `UPDATE ${table} SET county = county WHERE county = $1`,
          `DELETE FROM ${table} WHERE county = $1`,
        ]) {
          const refused = database.transaction(scope, (tx) => tx.execute(sql, [A]));
          await expect(refused, sql).rejects.toMatchObject({ code: "FORBIDDEN" });
        }
        for (const sql of [
          `TRUNCATE ${table}`,
          `ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`,
          `DROP TABLE ${table}`,
          `LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`,
        ]) {
          const refused = database.transaction(scope, (tx) => tx.execute(sql));
          await expect(refused, sql).rejects.toMatchObject({ code: "FORBIDDEN" });
        }
      }
      if (scope.kind !== "sealer") {
        const forged = database.transaction(scope, (tx) =>
          tx.execute(
            `INSERT INTO audit_seal (county, seq, audit_id, previous_hash, hash, sealed_at, head_file)
             VALUES ($1, 99999, '01941f29-7c00-7000-8000-000000000009', '', '', '2026-01-15T00:00:00Z', '')`,
            [A],
          ),
        );
        await expect(forged).rejects.toMatchObject({ code: "FORBIDDEN" });
      }
      expect(await count()).toEqual(before);
    });
  });

  it("refuses an entry that carries sealed content, whoever writes it", async () => {
    const add = (entity: Parameters<typeof appendAudit>[2]["entity"]) =>
      database.transaction({ kind: "county", county: A }, (tx) =>
        appendAudit(tx, A, { ...entryOf(1), action: "report.correct", entity }),
      );
    for (const key of ["contact", "phone", "password", "secret", "title", "note", "lon", "lat", "geom", "Contact"]) {
      await expect(add({ incident: "x", [key]: "13800138000" }), key).rejects.toMatchObject({ kind: "BUG" });
      await expect(add({ changes: [{ [key]: 13800138000 }] }), key).rejects.toMatchObject({ kind: "BUG" });
      const error = (await add({ [key]: "13800138000" }).catch((e: unknown) => e)) as AppError;
      expect(`${error.message}${error.at}${error.hint}`).not.toContain("138");
    }
    await add({ incident: "x", contact: true, title: null });
    await sealAudit(database, { nowMs: LATER });
    expect((await verify(A, LATER + 60_000)).ok).toBe(true);
  });

  it("signs rows from before rows were signed once; afterwards the mark is a forgery", async () => {
    const { database: fresh } = await open();
    const legacy = (id: number) =>
      `INSERT INTO audit_log (county, id, actor, action, entity, at, mac)
       VALUES ('${A}', '01941f29-7c00-7000-8000-00000000000${id}', 'cli', 'old', '{"n": 1}', '2025-01-01T00:00:00.123456Z', 'legacy')`;
    await tamper(fresh, legacy(1), legacy(2));
    if (!fresh.audit) throw new Error("the database has a keeper");
    expect(await adoptLegacyRows(fresh, fresh.audit.key)).toBe(2);
    expect(await adoptLegacyRows(fresh, fresh.audit.key)).toBe(0);
    await sealAudit(fresh, { nowMs: LATER });
    expect(await verifyAudit(fresh, A, { nowMs: LATER })).toMatchObject({ ok: true, rows: 2, legacy: 2 });
    await tamper(fresh, legacy(3));
    expect(await adoptLegacyRows(fresh, fresh.audit.key)).toBe(0);
    await sealAudit(fresh, { nowMs: LATER });
    expect((await verifyAudit(fresh, A, { nowMs: LATER })).problem).toMatchObject({ fault: "forged", seq: 3 });
  });
});

describe("opening a database whose log was written before rows were signed", () => {
  it("signs what is there (embedded)", async () => {
    const dir = mkdtempSync(join(tmpdir(), "jingwei-legacy-"));
    const first = await openDatabase({ dir, cacheDir: TEST_CACHE_DIR, durable: false });
    await tamper(
      first.database,
      `INSERT INTO audit_log (county, id, actor, action, entity, at, mac)
       VALUES ('${A}', '01941f29-7c00-7000-8000-000000000001', 'cli', 'old', '{}', '2025-01-01T00:00:00Z', 'legacy')`,
    );
    await first.database.close();
    const { database } = await openDatabase({ dir, cacheDir: TEST_CACHE_DIR, durable: false });
    await sealAudit(database, { nowMs: LATER });
    expect(await verifyAudit(database, A, { nowMs: LATER })).toMatchObject({ ok: true, legacy: 1 });
    await database.close();
    // The heads of a folder outlive a torn write behind them.
    appendFileSync(join(dir, "audit", "heads.log"), '{"file":');
    const again = await openDatabase({ dir, cacheDir: TEST_CACHE_DIR, durable: false });
    expect(await verifyAudit(again.database, A, { nowMs: LATER })).toMatchObject({ ok: true, headChecked: true });
    await again.database.close();
    rmSync(dir, { recursive: true, force: true });
  }, 240_000);
});
