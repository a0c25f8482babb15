import type { Database } from "../../db/driver.ts";

/**
 * How long an answer may be used again, ms: a page of the map asks a dozen things at once. Another process that serves
 * the same database learns of a revocation after that time at the latest; this one at once.
 */
const KEPT_MS = 2_000;
/** Entries kept at most; beyond, all are dropped. */
const MAX_ENTRIES = 5_000;

interface Entry {
  readonly at: number;
  readonly found: Promise<unknown>;
}

const caches = new WeakMap<Database, Map<string, Entry>>();

/**
 * Finds out who owns a credential, or uses an answer of the last two seconds. Requests at the same time share one lookup.
 *
 * @param key the credential's hash, never its secret
 */
export function cachedAccess<Found>(
  database: Database,
  key: string,
  nowMs: number,
  look: () => Promise<Found>,
): Promise<Found> {
  let cache = caches.get(database);
  if (!cache || cache.size >= MAX_ENTRIES) {
    cache = new Map();
    caches.set(database, cache);
  }
  const known = cache.get(key);
  if (known && nowMs - known.at < KEPT_MS && nowMs >= known.at) return known.found as Promise<Found>;
  const found = look();
  const mine = cache;
  mine.set(key, { at: nowMs, found });
  found.catch(() => mine.delete(key));
  return found;
}

/**
 * Forgets all that was found out. Called after the commit of whatever changes an account, grant, session, token or kiosk;
 * lookups that are still under way end in the cache that was thrown away.
 */
export const forgetAccess = (database: Database): void => {
  caches.delete(database);
};
