/** How far back panels of orders and deadlines look. */
const PERIOD_DAYS = 30;
const DAY_SECONDS = 86_400;

/**
 * Start of the period of a panel that the server answers, ISO 8601: whole days (UTC), so that the question stays the same
 * for a day.
 *
 * @param asOf epoch seconds
 */
export const periodStart = (asOf: number): string =>
  new Date((Math.floor(asOf / DAY_SECONDS) - PERIOD_DAYS) * DAY_SECONDS * 1000).toISOString();
