import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ROOT_COUNTY } from "../../data/policy/roles.ts";
import { readHeads } from "../../db/audit/heads-file.ts";
import { type AuditVerification, verifyAllAudits, verifyAudit } from "../../db/audit/verify.ts";
import type { Database } from "../../db/driver.ts";
import { CHAIN_START, tamper, writeChain } from "../helpers/audit-chain.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";

const A = "990001";
const LATER = CHAIN_START + 3_600_000;
/** Batches of the chain: rows 1–3, 4, 5–8, 9–10. */
const BATCHES = [3, 1, 4, 2];
const TOTAL = 10;

describeOnBothDatabases("a touched audit log", (open) => {
  let database: Database;
  let heads = "";
  let whole: string[] = [];
  const ids: string[] = [];

  beforeAll(async () => {
    database = (await open()).database;
    await writeChain(database, A, BATCHES);
    heads = database.audit?.headsFile ?? "";
    copyFileSync(heads, `${heads}.copy`);
    whole = readFileSync(heads, "utf8").trimEnd().split("\n");
    await tamper(
      database,
      "CREATE TABLE keep_log AS TABLE audit_log",
      "CREATE TABLE keep_seal AS TABLE audit_seal",
      // An owner may also drop what stands in the way.
      "ALTER TABLE audit_seal DROP CONSTRAINT audit_seal_pkey",
      "ALTER TABLE audit_seal DROP CONSTRAINT audit_seal_county_audit_id_key",
      "ALTER TABLE audit_seal DROP CONSTRAINT audit_seal_seq_check",
      "ALTER TABLE audit_log DROP CONSTRAINT audit_log_pkey",
    );
    const rows = await database.adminSession((client) =>
      client.query("SELECT audit_id::text AS id FROM keep_seal ORDER BY seq"),
    );
    ids.push(...rows.rows.map(({ id }) => String(id)));
  });

  beforeEach(async () => {
    await tamper(
      database,
      "DELETE FROM audit_log",
      "DELETE FROM audit_seal",
      "INSERT INTO audit_log SELECT * FROM keep_log",
      "INSERT INTO audit_seal SELECT * FROM keep_seal",
    );
    copyFileSync(`${heads}.copy`, heads);
  });

  const verify = (nowMs = LATER): Promise<AuditVerification> => verifyAudit(database, A, { nowMs });
  /** The number of the first bad row: its own, or the place where the row that is gone should be. */
  const firstBad = async (): Promise<number | null | undefined> => (await verify()).problem?.seq;
  const idOf = (seq: number): string => ids[seq - 1] ?? "";

  it("is found whole while nobody touched it", async () => {
    expect(await verify()).toEqual({
      county: A,
      ok: true,
      rows: TOTAL,
      unsealed: 0,
      legacy: 0,
      problem: undefined,
      headChecked: true,
      notes: [],
    });
  });

  const CHANGES: readonly [column: string, sql: string][] = [
    ["county", "'990002'"],
    ["id", "'01941f29-7c00-7000-8000-000000000009'"],
    ["actor", "actor || ' '"],
    ["actor_name", "'李某'"],
    ["actor_name", "NULL"],
    ["role", "'auditor'"],
    ["address", "'10.0.0.8'"],
    ["action", "'test.steq'"],
    ["entity", "replace(entity, ':', ': ')"],
    ["entity", "'{}'"],
    ["reason", "coalesce(reason, '') || 'x'"],
    ["at", "at + interval '1 microsecond'"],
    ["at", "'infinity'"],
    ["mac", "'legacy'"],
    ["mac", "reverse(mac)"],
    [
      "mac",
      "left(mac, 12) || translate(substr(mac, 13, 1), '0123456789abcdef', '123456789abcdef0') || substr(mac, 14)",
    ],
  ];

  it.each(CHANGES)("shows a changed %s (%s) in any row", async (column, sql) => {
    for (const seq of [1, 4, 7, 10]) {
      await tamper(database, `UPDATE audit_log SET ${column} = ${sql} WHERE id = '${idOf(seq)}'`);
      const { ok, problem } = await verify();
      expect(ok).toBe(false);
      expect(problem).toMatchObject({ seq, id: idOf(seq) });
      expect(problem?.message).toContain(String(seq));
      await tamper(database, "DELETE FROM audit_log", "INSERT INTO audit_log SELECT * FROM keep_log");
    }
  });

  it.each([
    ["county", "'990002'", 0],
    ["seq", "seq + 100", 0],
    ["seq", "-seq", 0],
    ["seq", "9223372036854775807", 0],
    ["audit_id", "'01941f29-7c00-7000-8000-000000000009'", 0],
    ["previous_hash", "reverse(previous_hash)", 0],
    ["hash", "reverse(hash)", 0],
    ["sealed_at", "sealed_at + interval '1 microsecond'", 0],
    ["sealed_at", "'-infinity'", 0],
    ["head_file", "'elsewhere'", 0],
  ])("shows a changed %s (%s) in any seal", async (column, sql) => {
    for (const seq of [2, 4, 8, 10]) {
      await tamper(database, `UPDATE audit_seal SET ${column} = ${sql} WHERE seq = ${seq}`);
      const bad = await firstBad();
      // A negated number is met first; everything else at its place.
      expect(bad).toBe(column === "seq" && sql === "-seq" ? 1 : seq);
      await tamper(database, "DELETE FROM audit_seal", "INSERT INTO audit_seal SELECT * FROM keep_seal");
    }
  });

  it("names a deleted row, wherever it stood", async () => {
    for (let seq = 1; seq <= TOTAL; seq++) {
      await tamper(database, `DELETE FROM audit_log WHERE id = '${idOf(seq)}'`);
      expect((await verify()).problem).toMatchObject({ fault: "row-missing", seq, id: idOf(seq) });
      await tamper(database, "DELETE FROM audit_log", "INSERT INTO audit_log SELECT * FROM keep_log");
    }
  });

  it("names the place of a row that was deleted with its seal", async () => {
    for (let seq = 1; seq <= TOTAL; seq++) {
      await tamper(
        database,
        `DELETE FROM audit_log WHERE id = '${idOf(seq)}'`,
        `DELETE FROM audit_seal WHERE seq = ${seq}`,
      );
      expect(await firstBad()).toBe(seq);
      await tamper(database, `UPDATE audit_seal SET seq = seq - 1 WHERE seq > ${seq}`);
      expect(await firstBad()).toBe(seq);
      await tamper(
        database,
        "DELETE FROM audit_log",
        "INSERT INTO audit_log SELECT * FROM keep_log",
        "DELETE FROM audit_seal",
        "INSERT INTO audit_seal SELECT * FROM keep_seal",
      );
    }
  });

  it("names the first of two rows that changed places", async () => {
    for (const [one, other] of [
      [1, 2],
      [3, 9],
      [9, 10],
    ] as const) {
      const swap = (column: string) =>
        `UPDATE audit_seal s SET ${column} = o.${column} FROM keep_seal o
         WHERE (s.seq = ${one} AND o.seq = ${other}) OR (s.seq = ${other} AND o.seq = ${one})`;
      for (const columns of [["audit_id"], ["audit_id", "previous_hash", "hash", "sealed_at"]]) {
        for (const column of columns) await tamper(database, swap(column));
        expect(await firstBad()).toBe(one);
        await tamper(database, "DELETE FROM audit_seal", "INSERT INTO audit_seal SELECT * FROM keep_seal");
      }
    }
  });

  it("shows a doubled row and a doubled seal", async () => {
    await tamper(database, `INSERT INTO audit_log SELECT * FROM keep_log WHERE id = '${idOf(5)}'`);
    expect((await verify()).ok).toBe(false);
    await tamper(
      database,
      "DELETE FROM audit_log",
      "INSERT INTO audit_log SELECT * FROM keep_log",
      "INSERT INTO audit_seal SELECT * FROM keep_seal WHERE seq = 5",
    );
    expect(await firstBad()).toBe(6);
  });

  it("shows a row that was put in, before and after the sealer took it", async () => {
    const id = "01941f29-7c00-7000-8000-00000000000a";
    await tamper(
      database,
      `INSERT INTO audit_log SELECT county, '${id}', actor, action, entity, at, actor_name, role, address, reason, mac
       FROM keep_log WHERE id = '${idOf(5)}'`,
    );
    expect((await verify()).problem).toMatchObject({ fault: "forged-unsealed", seq: null, id });
    const { sealAudit } = await import("../../db/audit/sealer.ts");
    const report = await sealAudit(database, { nowMs: CHAIN_START + 600_000 });
    expect(report.forged).toEqual([{ county: A, seq: TOTAL + 1, id }]);
    expect((await verify()).problem).toMatchObject({ fault: "forged", seq: TOTAL + 1, id });
  });

  it("shows an end that was cut off, against the heads outside the database", async () => {
    for (const left of [9, 8, 5, 0]) {
      await tamper(
        database,
        `DELETE FROM audit_log WHERE id IN (SELECT audit_id FROM audit_seal WHERE seq > ${left})`,
        `DELETE FROM audit_seal WHERE seq > ${left}`,
      );
      expect(await firstBad(), `cut to ${left}`).toBe(left + 1);
    }
    expect((await verifyAllAudits(database, { nowMs: LATER })).map(({ county, ok }) => [county, ok])).toContainEqual([
      A,
      false,
    ]);
    rmSync(heads);
    // Without the file nobody can tell, and it says so.
    const blind = await verify();
    expect(blind).toMatchObject({ ok: true, rows: 0, headChecked: false });
    expect(blind.notes.join()).toMatch(/无法核对.*cut-off end could not be told/);
  });

  it("shows a chain that was hashed anew after a row was taken out", async () => {
    const { sealHash, GENESIS_HASH } = await import("../../db/audit/audit-row.ts");
    const { sealedRows } = await import("../../db/repositories/audit-seal-repository.ts");
    await tamper(database, `DELETE FROM audit_log WHERE id = '${idOf(6)}'`, "DELETE FROM audit_seal WHERE seq = 6");
    const rest = await database.transaction({ kind: "sealer" }, (tx) => sealedRows(tx, A, null, 100));
    let previous = GENESIS_HASH;
    for (const [index, { seal, row }] of rest.entries()) {
      if (!row) throw new Error("the row is there");
      const moved = { ...seal, seq: index + 1, previous_hash: previous };
      const hash = sealHash(row, moved);
      await tamper(
        database,
        `UPDATE audit_seal SET seq = ${moved.seq}, previous_hash = '${previous}', hash = '${hash}' WHERE audit_id = '${row.id}'`,
      );
      previous = hash;
    }
    // Everything fits together; only the heads know that the batch of rows 5–8 ended otherwise.
    expect((await verify()).problem).toMatchObject({ fault: "head-differs", seq: 8 });
  });

  describe("the file of heads", () => {
    const write = (lines: readonly string[]): void => writeFileSync(heads, lines.map((line) => `${line}\n`).join(""));
    const bad = async (): Promise<string | undefined> => (await verify()).problem?.fault;

    it("shows any changed digit or letter", async () => {
      const keeper = database.audit;
      if (!keeper) throw new Error("the database has a keeper");
      for (const [index, line] of whole.entries()) {
        for (let at = 0; at < line.length; at++) {
          const other = line[at] === "1" ? "2" : "1";
          write(whole.with(index, `${line.slice(0, at)}${other}${line.slice(at + 1)}`));
          expect(readHeads(keeper).problem?.line, `line ${index + 1}, ${at}`).toBeDefined();
        }
        expect(await bad()).toBeDefined();
      }
    });

    it("shows a line that was taken out, doubled or moved, and a cut end", async () => {
      for (let i = 0; i < whole.length; i++) {
        write(whole.toSpliced(i, 1));
        if (whole.length > 1) expect(await bad(), `without line ${i + 1}`).toBeDefined();
        write(whole.toSpliced(i, 0, whole[i] ?? ""));
        expect(await bad(), `line ${i + 1} twice`).toBeDefined();
        write(whole.slice(0, i));
        const cut = await verify();
        expect(cut.ok && cut.headChecked, `cut to ${i} lines`).toBe(false);
      }
      write(whole.with(1, whole[2] ?? "").with(2, whole[1] ?? ""));
      expect(await bad()).toBeDefined();
    });

    it("lets a batch wait a moment for its head", async () => {
      write(whole.slice(0, -1));
      expect((await verify(CHAIN_START + BATCHES.length * 60_000 + 5000)).ok).toBe(true);
      expect((await verify()).problem).toMatchObject({ fault: "head-missing", seq: TOTAL });
    });
  });

  it("checks the server's own chain apart", async () => {
    expect(await verifyAudit(database, ROOT_COUNTY, { nowMs: LATER })).toMatchObject({ ok: true, rows: 0 });
  });
});
