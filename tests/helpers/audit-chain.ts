import { sealAudit } from "../../db/audit/sealer.ts";
import type { Database } from "../../db/driver.ts";
import { type AuditEntry, appendAudit } from "../../db/repositories/audit-repository.ts";

/** The instant of the first row of test chains, epoch ms. */
export const CHAIN_START = Date.UTC(2026, 0, 15);

/** An entry with every field filled. @param n its number: it is one second after the one before */
export const entryOf = (n: number): AuditEntry => ({
  actor: "Account:990001:00000000-0000-7000-8000-000000000001",
  actorName: "王某",
  role: "admin",
  address: "10.0.0.7",
  action: "test.step",
  entity: { type: "test", number: n, list: ["甲", "\ud800", null], flag: true },
  reason: n % 2 === 0 ? null : `原因 ${n}`,
  at: new Date(CHAIN_START + n * 1000).toISOString(),
});

/** Writes rows and seals them in the given batches, each a minute after the one before. */
export async function writeChain(database: Database, county: string, batches: readonly number[]): Promise<void> {
  let n = 0;
  for (const [index, size] of batches.entries()) {
    await database.transaction({ kind: "county", county }, async (tx) => {
      for (let i = 0; i < size; i++) await appendAudit(tx, county, entryOf(++n));
    });
    await sealAudit(database, { nowMs: CHAIN_START + (index + 1) * 60_000 });
  }
}

/** An owner's change of the tables, past the application: what a thief of the database's password could do. */
export const tamper = (database: Database, ...statements: string[]): Promise<void> =>
  database.adminSession(async (client) => {
    for (const statement of statements) await client.query(statement);
  });
