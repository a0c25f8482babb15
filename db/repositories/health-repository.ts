import type { Transaction } from "../driver.ts";

/** Resolves when the database answers a statement. */
export async function ping(tx: Transaction): Promise<void> {
  await tx.rows("SELECT 1 AS one");
}
