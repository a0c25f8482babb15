/** Offset of a time zone from UTC at an instant, milliseconds. */
function offsetAt(epochMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(epochMs);
  const value = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const local = Date.UTC(
    value("year"),
    value("month") - 1,
    value("day"),
    value("hour"),
    value("minute"),
    value("second"),
  );
  return local - Math.floor(epochMs / 1000) * 1000;
}

/**
 * 1 January 00:00 of a year in a county's zone, as an ISO 8601 instant in UTC.
 *
 * @param timeZone IANA name, e.g. `Asia/Shanghai`
 */
export function yearStart(year: number, timeZone: string): string {
  const asUtc = Date.UTC(year, 0, 1);
  // Twice: the first offset may belong to the other side of a change of the clocks.
  const near = asUtc - offsetAt(asUtc, timeZone);
  return new Date(asUtc - offsetAt(near, timeZone)).toISOString();
}

/** Calendar year of an instant in a county's zone. */
export const yearIn = (epochMs: number, timeZone: string): number =>
  new Date(epochMs + offsetAt(epochMs, timeZone)).getUTCFullYear();
