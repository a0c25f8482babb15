import { bugError } from "../../data/model/errors.ts";
import { uuidV7LowerBound } from "../../data/model/ids.ts";
import type { Database } from "../driver.ts";
import {
  type FromId,
  insertSeals,
  lastSeal,
  lockSeals,
  unsealedCounties,
  unsealedRows,
} from "../repositories/audit-seal-repository.ts";
import type { AuditKeeper } from "./audit-key.ts";
import { type AuditSealRow, epochText, GENESIS_HASH, macState, sealHash } from "./audit-row.ts";
import { type OpenHeads, withHeads } from "./heads-file.ts";

/** Rows that are sealed in one transaction at most. */
const BATCH = 500;

export interface SealOptions {
  /** The clock, epoch ms. */
  readonly nowMs: number;
  /** Only rows whose time is at or after this instant, epoch ms; absent = every row without a seal. */
  readonly sinceMs?: number | undefined;
}

/** What a round of sealing did. */
export interface SealReport {
  readonly sealed: number;
  /** Rows whose mac is wrong: sealed all the same, so that nothing waits behind them and `verify` can name them. */
  readonly forged: readonly { readonly county: string; readonly seq: number; readonly id: string }[];
}

const keeperOf = (database: Database): AuditKeeper => {
  if (database.audit) return database.audit;
  throw bugError("The database was opened without an audit key", { hint: "Open it with openDatabase()." });
};

/**
 * Seals what was committed and has no seal: gives each row the next number of its county's chain and the hash with it, then
 * appends the chain's head to the file outside the database. Any row without a seal is taken, whatever its time, so a
 * transaction that commits late is not missed. Safe from several processes: a lock per county lets one at a time number
 * its rows, and the primary key refuses a second row of one number.
 */
export async function sealAudit(database: Database, options: SealOptions): Promise<SealReport> {
  const fromId = options.sinceMs === undefined ? undefined : uuidV7LowerBound(options.sinceMs);
  const counties = await unsealedCounties(database, fromId);
  let sealed = 0;
  const forged: SealReport["forged"][number][] = [];
  for (const county of counties) {
    for (let more = true; more; ) {
      const batch = await withHeads(keeperOf(database), (heads) => sealBatch(database, county, fromId, options, heads));
      sealed += batch.seals.length;
      forged.push(...batch.forged.map(({ seq, audit_id: id }) => ({ county, seq, id })));
      more = batch.seals.length === BATCH;
    }
  }
  return { sealed, forged };
}

interface Batch {
  readonly seals: readonly AuditSealRow[];
  readonly forged: readonly AuditSealRow[];
}

async function sealBatch(
  database: Database,
  county: string,
  fromId: FromId,
  { nowMs }: SealOptions,
  heads: OpenHeads,
): Promise<Batch> {
  const { key } = keeperOf(database);
  await catchUp(database, county, heads);
  const batch = await database.transaction({ kind: "sealer" }, async (tx): Promise<Batch> => {
    await lockSeals(tx, county);
    const last = await lastSeal(tx, county);
    const rows = await unsealedRows(tx, county, fromId, BATCH);
    const seals: AuditSealRow[] = [];
    const forged: AuditSealRow[] = [];
    let previous = last?.hash ?? GENESIS_HASH;
    let seq = last?.seq ?? 0;
    for (const row of rows) {
      seq += 1;
      const open = {
        county,
        seq,
        audit_id: row.id,
        previous_hash: previous,
        sealed_at: epochText(nowMs),
        head_file: heads.file,
      };
      const seal: AuditSealRow = { ...open, hash: sealHash(row, open) };
      if (macState(key, row) === "bad") forged.push(seal);
      seals.push(seal);
      previous = seal.hash;
    }
    if (seals.length > 0) await insertSeals(tx, county, seals, new Date(nowMs).toISOString());
    return { seals, forged };
  });
  const end = batch.seals.at(-1);
  if (end) heads.append({ county, seq: end.seq, hash: end.hash, sealedAt: end.sealed_at, late: false });
  return batch;
}

/**
 * Where the process ended after a batch was committed and before its head was written, the head is written now and marked
 * late. More than one missing head has another cause: it stays missing, and `verify` says so.
 */
async function catchUp(database: Database, county: string, heads: OpenHeads): Promise<void> {
  const last = await database.transaction({ kind: "sealer" }, (tx) => lastSeal(tx, county, heads.file));
  if (!last || last.seq <= (heads.last(county)?.seq ?? 0)) return;
  heads.append({ county, seq: last.seq, hash: last.hash, sealedAt: last.sealed_at, late: true });
}

/** Writes heads that a process which ended between a seal and its head left out. Called once at a start. */
export async function catchUpHeads(database: Database, counties: readonly string[]): Promise<void> {
  for (const county of counties) await withHeads(keeperOf(database), (heads) => catchUp(database, county, heads));
}
