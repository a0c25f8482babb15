import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { startSealingAudit } from "../../api/jobs/seal-audit.ts";
import { type AuditVerification, verifyAudit } from "../../db/audit/verify.ts";
import type { Database } from "../../db/driver.ts";
import { openDatabase } from "../../db/open-database.ts";
import { startChild, type TestChild } from "../helpers/child.ts";
import {
  createNativeDatabase,
  dropNativeDatabase,
  nativeMissing,
  nativeServer,
  stopOwnServer,
  TEST_CACHE_DIR,
} from "../helpers/database.ts";

const COUNTY = "990001";
const PER_PROCESS = 100_000;

/** Numbers of the rows that a process said were written. */
const acknowledged = (child: TestChild): number[] =>
  child.lines.flatMap((line) => {
    const number = /^acknowledged (\d+)$/.exec(line)?.[1];
    return number === undefined ? [] : [Number(number)];
  });

const writtenNumbers = (database: Database): Promise<number[]> =>
  database.transaction({ kind: "sealer" }, async (tx) => {
    const rows = await tx.rows<{ entity: string }>("SELECT entity FROM audit_log WHERE county = $1", [COUNTY]);
    return rows.map(({ entity }) => (JSON.parse(entity) as { number: number }).number);
  });

/** Lets the server's job look once and stops it. */
async function sealOnce(database: Database): Promise<void> {
  const told: unknown[] = [];
  await startSealingAudit(database, Date.now, (fields) => told.push(fields))();
  expect(told).toEqual([]);
}

/** Checked as if nothing could be on its way any more. */
const verifyLater = (database: Database): Promise<AuditVerification> =>
  verifyAudit(database, COUNTY, { nowMs: Date.now() + 3_600_000 });

describe("kill -9 while audit rows are written and sealed", () => {
  let dir = "";
  const children: TestChild[] = [];
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "jingwei-audit-kill-"));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await child.kill();
    rmSync(dir, { recursive: true, force: true });
  });
  afterAll(stopOwnServer);
  const start = (url: string, first: number): TestChild => {
    const child = startChild("write-audit.ts", [dir, TEST_CACHE_DIR, url, COUNTY, String(first)]);
    children.push(child);
    return child;
  };

  it("leaves rows that the next start seals, and an unbroken chain (embedded)", async () => {
    const confirmed: number[] = [];
    for (let round = 0; round < 2; round++) {
      const first = round * PER_PROCESS + 1;
      const child = start("", first);
      await child.line(`acknowledged ${first + 5}`);
      await delay(40 + round * 61);
      await child.kill();
      confirmed.push(...acknowledged(child));
      const { database } = await openDatabase({ dir, cacheDir: TEST_CACHE_DIR });
      try {
        await sealOnce(database);
        const proof = await verifyLater(database);
        expect(proof).toMatchObject({ ok: true, unsealed: 0, headChecked: true });
        const written = new Set(await writtenNumbers(database));
        expect(proof.rows).toBe(written.size);
        expect(confirmed.filter((n) => !written.has(n))).toEqual([]);
      } finally {
        await database.close();
      }
    }
    expect(confirmed.length).toBeGreaterThan(10);
  }, 300_000);

  it.skipIf(nativeMissing())(
    "never forks the chain of two processes on one database (native)",
    async () => {
      const server = await nativeServer();
      const url = await createNativeDatabase(server);
      const { database } = await openDatabase({ dir, url });
      try {
        const [one, other] = [start(url, 1), start(url, PER_PROCESS)];
        await Promise.all([one.line("acknowledged 20"), other.line(`acknowledged ${PER_PROCESS + 20}`)]);
        await one.kill();
        await delay(300);
        await other.kill();
        await sealOnce(database);
        const proof = await verifyLater(database);
        expect(proof).toMatchObject({ ok: true, unsealed: 0, headChecked: true });
        const written = new Set(await writtenNumbers(database));
        expect(proof.rows).toBe(written.size);
        expect([...acknowledged(one), ...acknowledged(other)].filter((n) => !written.has(n))).toEqual([]);
      } finally {
        await database.close();
        await dropNativeDatabase(server, url);
      }
    },
    300_000,
  );
});
