/**
 * The server's clock as this page knows it. No figure may depend on the clock of the computer that shows it, which may be
 * hours wrong: it is set from what the server says, and goes on by the page's own steady clock (`performance.now()`), which
 * nobody can set.
 */

/** How fast two steady clocks may part, ms per ms (quartz: 1e-4): an old measurement is worth less than it was. */
const DRIFT = 1e-4;
/** A measurement without the time of its question may have been on its way for so long, ms. */
const UNKNOWN_WAY_MS = 1_000;
/** Further off than this is no matter of accuracy: the computer slept, or the server's clock was set. ms */
const JUMP_MS = 5_000;

interface Measured {
  /** Server's epoch ms at the page's steady zero. */
  readonly zero: number;
  /** How wrong it may be, ms, when it was measured, and when that was by the steady clock. */
  readonly error: number;
  readonly at: number;
}

let measured: Measured | undefined;

/**
 * Takes what the server said its clock shows.
 *
 * @param serverMs epoch ms
 * @param askedAt `performance.now()` when it was asked; absent when the server spoke by itself
 */
export function heardServerTime(serverMs: number, askedAt?: number): void {
  if (!Number.isFinite(serverMs)) return;
  const at = performance.now();
  const way = askedAt === undefined ? UNKNOWN_WAY_MS : at - askedAt;
  const error = way / 2;
  const zero = serverMs - (askedAt === undefined ? at : (askedAt + at) / 2);
  const kept = measured;
  const jumped = kept !== undefined && Math.abs(kept.zero - zero) > JUMP_MS + way;
  if (kept && !jumped && error > kept.error + (at - kept.at) * DRIFT) return;
  measured = { zero, error, at };
}

/** The server's clock, epoch ms; before the first word of the server the computer's own. */
export const serverNow = (): number => (measured ? measured.zero + performance.now() : Date.now());

/** Forgets what was measured; for tests. */
export const forgetServerTime = (): void => {
  measured = undefined;
};
