import type { AuditSealRow, SignedAuditRow } from "../audit/audit-row.ts";
import type { Database, Transaction } from "../driver.ts";

/** Columns of a signed row as they are hashed; `l` is the log. */
const ROW = `l.county, l.id, l.actor, l.actor_name, l.role, l.address, l.action, l.entity, l.reason,
  extract(epoch FROM l.at)::text AS at, l.mac`;
const SEAL =
  "s.county, s.seq, s.audit_id, s.previous_hash, s.hash, extract(epoch FROM s.sealed_at)::text AS sealed_at, s.head_file";

/**
 * The condition that row `l` has no seal. Of recent rows each is looked up by the key: a few, and the planner, which may
 * have no statistics of a young log, cannot choose to read everything. Of all rows the planner joins.
 */
const unsealed = (county: string, recent: boolean): string =>
  recent
    ? `(SELECT s.seq FROM audit_seal s WHERE s.county = ${county} AND s.audit_id = l.id LIMIT 1) IS NULL`
    : `NOT EXISTS (SELECT FROM audit_seal s WHERE s.county = ${county} AND s.audit_id = l.id)`;

/** Smallest id of rows to look at; undefined = all of them. */
export type FromId = string | undefined;
const NO_ID = "00000000-0000-0000-0000-000000000000";

/**
 * Counties whose log holds rows without a seal (reviewed: the sealer of every county asks so).
 *
 * @param fromId rows with smaller ids are not looked at: their time is before it
 */
export const unsealedCounties = (database: Database, fromId: FromId): Promise<string[]> =>
  database.transaction({ kind: "reviewed", name: "audit-counties" }, async (tx) => {
    const rows = await tx.rows<{ county: string }>(
      `WITH RECURSIVE known AS (
         (SELECT county FROM audit_log ORDER BY county LIMIT 1)
         UNION ALL
         SELECT (SELECT l.county FROM audit_log l WHERE l.county > k.county ORDER BY l.county LIMIT 1)
         FROM known k WHERE k.county IS NOT NULL
       )
       SELECT k.county FROM known k WHERE k.county IS NOT NULL AND (
         SELECT l.id FROM audit_log l WHERE l.county = k.county AND l.id >= $1
         AND ${unsealed("k.county", fromId !== undefined)} ORDER BY l.county, l.id LIMIT 1) IS NOT NULL
       ORDER BY k.county`,
      [fromId ?? NO_ID],
    );
    return rows.map(({ county }) => county);
  });

/** Counties that have a log or seals (reviewed: `verify` without a county). */
export const auditedCounties = (database: Database): Promise<string[]> =>
  database.transaction({ kind: "reviewed", name: "audit-counties" }, async (tx) => {
    const rows = await tx.rows<{ county: string }>(
      "SELECT county FROM audit_log UNION SELECT county FROM audit_seal ORDER BY county",
    );
    return rows.map(({ county }) => county);
  });

/** First half of the lock's key: the seals of a county, whose code is the other half. */
const SEAL_LOCK = 0x4a57;

/** Waits until no other process seals this county; held until the transaction ends. */
export async function lockSeals(tx: Transaction, county: string): Promise<void> {
  await tx.execute("SELECT pg_advisory_xact_lock($1::integer, $2::integer)", [SEAL_LOCK, Number(county)]);
}

/** The last seal of a county; of one file of heads when it is given. */
export async function lastSeal(tx: Transaction, county: string, headFile?: string): Promise<AuditSealRow | undefined> {
  const rows = await tx.rows<AuditSealRow>(
    `SELECT ${SEAL} FROM audit_seal s WHERE s.county = $1 AND ($2::text IS NULL OR s.head_file = $2)
     ORDER BY s.seq DESC LIMIT 1`,
    [county, headFile ?? null],
  );
  return rows[0];
}

/** Rows without a seal, in the order of their ids, at most `limit`. */
export const unsealedRows = (
  tx: Transaction,
  county: string,
  fromId: FromId,
  limit: number,
): Promise<SignedAuditRow[]> =>
  tx.rows<SignedAuditRow>(
    `SELECT ${ROW} FROM audit_log l WHERE l.county = $1 AND l.id >= $2
     AND ${unsealed("$1", fromId !== undefined)} ORDER BY l.county, l.id LIMIT $3`,
    [county, fromId ?? NO_ID, limit],
  );

/** Adds seals of one county, sealed at one time. @param sealedAt ISO 8601 */
export async function insertSeals(
  tx: Transaction,
  county: string,
  seals: readonly AuditSealRow[],
  sealedAt: string,
): Promise<void> {
  await tx.execute(
    `INSERT INTO audit_seal (county, seq, audit_id, previous_hash, hash, sealed_at, head_file)
     SELECT $1, u.seq, u.audit_id, u.previous_hash, u.hash, $6, $7
     FROM unnest($2::bigint[], $3::uuid[], $4::text[], $5::text[]) AS u (seq, audit_id, previous_hash, hash)`,
    [
      county,
      seals.map((seal) => seal.seq),
      seals.map((seal) => seal.audit_id),
      seals.map((seal) => seal.previous_hash),
      seals.map((seal) => seal.hash),
      sealedAt,
      seals[0]?.head_file ?? "",
    ],
  );
}

/** A seal with its row; null when the row is gone. */
export interface SealedRow {
  readonly seal: AuditSealRow;
  readonly row: SignedAuditRow | null;
}

/** Seals after a number (null = from the first), in order, each with its row. */
export const sealedRows = (
  tx: Transaction,
  county: string,
  afterSeq: number | null,
  limit: number,
): Promise<SealedRow[]> =>
  tx.rows<SealedRow>(
    `SELECT to_json(seal) AS seal, CASE WHEN row.id IS NULL THEN NULL ELSE to_json(row) END AS row
     FROM (SELECT ${SEAL} FROM audit_seal s WHERE s.county = $1 AND ($2::bigint IS NULL OR s.seq > $2)
           ORDER BY s.seq LIMIT $3) seal
     LEFT JOIN (SELECT ${ROW} FROM audit_log l WHERE l.county = $1) row ON row.id = seal.audit_id
     ORDER BY seal.seq`,
    [county, afterSeq, limit],
  );

/** A row with more than one seal: the unique key forbids it, but a key can be dropped. */
export async function doubledRow(tx: Transaction, county: string): Promise<string | undefined> {
  const rows = await tx.rows<{ id: string }>(
    `SELECT audit_id AS id FROM audit_seal WHERE county = $1 GROUP BY audit_id HAVING count(*) > 1
     ORDER BY audit_id LIMIT 1`,
    [county],
  );
  return rows[0]?.id;
}
