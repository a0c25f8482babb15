import type { Transaction } from "../driver.ts";

/** What is known of a client's key. */
export interface KeyUse {
  /** 1 for the first use, which does the work. */
  readonly hits: number;
  readonly requestHash: string;
  /** Answer of the first use; ids only, nothing sealed. */
  readonly response: Readonly<Record<string, unknown>> | null;
}

/**
 * Notes the use of a client's key (data rule 10). A repeat writes too: a repeat that only reads could acknowledge a row
 * that no standby has yet. Whoever comes second waits until the first has committed or given up.
 *
 * @param requestHash keyed hash of the request, so that nothing can be guessed from it
 * @param response answer of the first use where it is known before the work is done; else `keepResponse` keeps it after
 */
export async function useKey(
  tx: Transaction,
  county: string,
  actor: string,
  key: string,
  requestHash: string,
  at: string,
  response?: Readonly<Record<string, unknown>>,
): Promise<KeyUse> {
  const rows = await tx.rows<KeyUse>(
    `INSERT INTO idempotency (county, actor, key, request_hash, created_at, hits, response)
     VALUES ($1, $2, $3, $4, $5::timestamptz, 1, $6)
     ON CONFLICT (county, actor, key) DO UPDATE SET hits = idempotency.hits + 1
     RETURNING hits, request_hash AS "requestHash", response`,
    [county, actor, key, requestHash, at, response === undefined ? null : JSON.stringify(response)],
  );
  return rows[0] ?? { hits: 1, requestHash, response: null };
}

/** Keeps the answer of a key's first use. */
export const keepResponse = (
  tx: Transaction,
  county: string,
  actor: string,
  key: string,
  response: Readonly<Record<string, unknown>>,
): Promise<number> =>
  tx.execute("UPDATE idempotency SET response = $4 WHERE county = $1 AND actor = $2 AND key = $3", [
    county,
    actor,
    key,
    JSON.stringify(response),
  ]);

/** Forgets keys that were first used before an instant. @returns how many */
export const forgetKeys = (tx: Transaction, county: string, before: string): Promise<number> =>
  tx.execute("DELETE FROM idempotency WHERE county = $1 AND created_at < $2::timestamptz", [county, before]);
