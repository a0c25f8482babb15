import { AsyncLocalStorage } from "node:async_hooks";
import { bugError } from "../data/model/errors.ts";
import type { AuditKeeper, AuditKey } from "./audit/audit-key.ts";

/** State of one transaction that both forms share. */
export interface TransactionState {
  open: boolean;
  /** The first error of a statement: PostgreSQL refuses everything after it, so the transaction must not report success. */
  failed: unknown;
}

/**
 * Watched everywhere but in production: following the asynchronous context makes every promise of the process dearer, and
 * a nested transaction is a mistake in the code that tests meet.
 */
const GUARDS = process.env["NODE_ENV"] !== "production";

const current = new AsyncLocalStorage<{ readonly owner: object; readonly state: TransactionState }>();

/**
 * Runs `work` as the one open transaction of its asynchronous context on a database.
 *
 * @throws BUG when the context already holds one: on the embedded form the inner one would wait for the outer forever
 */
export function runGuarded<T>(owner: object, state: TransactionState, work: () => Promise<T>): Promise<T> {
  return GUARDS ? current.run({ owner, state }, work) : work();
}

/** Throws when a transaction of this database is open in the current asynchronous context. */
export function refuseNested(owner: object): void {
  const held = current.getStore();
  if (held?.owner === owner && held.state.open) {
    throw bugError("A transaction was opened inside another one", {
      hint: "Pass the outer transaction on; the embedded database has one connection and would wait forever.",
    });
  }
}

/** Throws when a statement is sent after its transaction has ended. */
export function requireOpen(state: TransactionState): void {
  if (!state.open)
    throw bugError("A statement was sent after its transaction ended", { hint: "Await every statement." });
}

/** The key of the database's keeper; a database that was opened without one writes no audit log. */
export function requireAuditKey(audit: AuditKeeper | undefined): AuditKey {
  if (audit) return audit.key;
  throw bugError("The database was opened without an audit key", { hint: "Open it with openDatabase()." });
}
