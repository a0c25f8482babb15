import type { Scope } from "./driver.ts";
import { openingStatements, runsAsOwner, sqlTokens, wrapRows } from "./sql-text.ts";

/** Texts that are remembered at most; statements are constants of repositories, a few are put together. */
const MOST_TEXTS = 1_000;

/** What was found out of each text, once. */
function remembered<T>(find: (sql: string) => T): (sql: string) => T {
  const known = new Map<string, T>();
  return (sql) => {
    const kept = known.get(sql);
    if (kept !== undefined) return kept;
    const found = find(sql);
    if (known.size >= MOST_TEXTS) known.clear();
    known.set(sql, found);
    return found;
  };
}

const CHANGES = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);

/** Does a statement write or lock rows? What does names them by their keys. */
export const changesRows = remembered((sql) => sqlTokens(sql).some(({ text }) => CHANGES.has(text.toUpperCase())));

/** `wrapRows`, each text once. */
export const wrappedRows = remembered(wrapRows);

/**
 * Whose plan of a statement is kept on a connection: the role that it runs as, since row-level security is in the plan. Kept
 * are statements that write, and reads whose caller says that they find rows by their keys: a plan that was made for no value
 * in particular is right for those. Other reads are planned each time, by the values that are asked for; so is all that
 * the owner does (loads and imports, over tables of their own).
 *
 * @returns undefined for a plan that is not kept
 */
export function planKeeper(scope: Scope, sql: string, keyed: boolean): string | undefined {
  if (runsAsOwner(scope) || !(keyed || changesRows(sql))) return undefined;
  return openingStatements(scope)[1];
}

/** Statements that a connection of the native form keeps, at most; further ones are parsed each time. */
const MOST_NAMED = 200;
const names = new Map<string, string>();

/** Name under which `pg` keeps a statement on each connection; none where its plan is not kept. */
export function keptName(sql: string, keptFor: string | undefined): { readonly name?: string } {
  if (keptFor === undefined) return {};
  const key = `${keptFor}\n${sql}`;
  const known = names.get(key);
  if (known !== undefined) return { name: known };
  if (names.size >= MOST_NAMED) return {};
  const name = `jw_kept_${names.size}`;
  names.set(key, name);
  return { name };
}
