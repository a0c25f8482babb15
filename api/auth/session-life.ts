/**
 * A session ends after a duty of twelve hours without a request, and after a week in any case (NIST SP 800-63B
 * section 4.1.3 allows 30 days; walls that run for weeks are kiosks).
 */
const IDLE_MS = 12 * 3_600_000;
const LONGEST_MS = 7 * 24 * 3_600_000;

/** How long a browser keeps the session's cookie, seconds; the server decides when the session ends. */
export const SESSION_COOKIE_S = LONGEST_MS / 1000;

/**
 * When a session ends unless there are more requests, ISO 8601.
 *
 * @param createdAt when it was opened, ISO 8601
 * @param nowMs time of its latest request, epoch ms
 */
export const sessionEnd = (createdAt: string, nowMs: number): string =>
  new Date(Math.min(nowMs + IDLE_MS, Date.parse(createdAt) + LONGEST_MS)).toISOString();
