/** Wrong passwords in a row that lock an account. */
const FREE_ATTEMPTS = 5;
const FIRST_LOCK_MS = 60_000;
const LONGEST_LOCK_MS = 3_600_000;

/**
 * How long an account is locked after a number of wrong passwords in a row: not at all below five, then a minute, doubling
 * to an hour. At that pace a year has time for nine thousand guesses (NIST SP 800-63B section 5.2.2 allows a hundred in a
 * row, without a lock that ends by itself).
 */
export const lockMs = (failedAttempts: number): number =>
  failedAttempts < FREE_ATTEMPTS
    ? 0
    : Math.min(FIRST_LOCK_MS * 2 ** Math.min(failedAttempts - FREE_ATTEMPTS, 20), LONGEST_LOCK_MS);

/** Until when, ISO 8601; null when not locked. */
export const lockedUntil = (failedAttempts: number, nowMs: number): string | null => {
  const ms = lockMs(failedAttempts);
  return ms === 0 ? null : new Date(nowMs + ms).toISOString();
};

interface Attempts {
  failed: number;
  lockedUntilMs: number;
}

/**
 * Attempts at logins that do not exist, in memory: they lock like those that do, so that a lock does not tell which ones
 * exist. Beyond its size the oldest are forgotten.
 */
export class UnknownLogins {
  static readonly #SIZE = 10_000;
  readonly #attempts = new Map<string, Attempts>();

  /** Counts an attempt. @returns ms until the login is free again; 0 when it was counted */
  count(login: string, nowMs: number): number {
    const known = this.#attempts.get(login) ?? { failed: 0, lockedUntilMs: 0 };
    if (known.lockedUntilMs > nowMs) return known.lockedUntilMs - nowMs;
    known.failed++;
    known.lockedUntilMs = nowMs + lockMs(known.failed);
    this.#attempts.delete(login);
    this.#attempts.set(login, known);
    const [oldest] = this.#attempts.keys();
    if (this.#attempts.size > UnknownLogins.#SIZE && oldest !== undefined) this.#attempts.delete(oldest);
    return 0;
  }
}
