import type { Uuid } from "../../data/model/ids.ts";
import type { Transaction } from "../driver.ts";

/** A change of one entity, for the feed (data rule 6). */
export interface Change {
  readonly county: string;
  readonly id: Uuid;
  readonly kind: "incident";
  readonly op: "UPSERT" | "REMOVE";
  /** Ids only: consumers read what they may see under their own scope. */
  readonly entity: Readonly<Record<string, string | number | boolean>>;
  readonly version: number;
  readonly scopeBefore: string | null;
  readonly scopeAfter: string | null;
  readonly at: string;
}

/** Adds a change in the transaction of its write. */
export const appendChange = (tx: Transaction, change: Change): Promise<number> =>
  tx.execute(
    `INSERT INTO outbox (county, id, kind, op, entity, version, scope_before, scope_after, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::timestamptz)`,
    [
      change.county,
      change.id,
      change.kind,
      change.op,
      JSON.stringify(change.entity),
      change.version,
      change.scopeBefore,
      change.scopeAfter,
      change.at,
    ],
  );
