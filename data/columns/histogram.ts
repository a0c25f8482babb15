import type { IncidentColumns } from "./incident-columns.ts";

/** Counts in equal steps of time. */
export interface TimeHistogram {
  /** Start of the first step, epoch seconds. */
  readonly start: number;
  /** Length of a step, seconds. */
  readonly step: number;
  readonly counts: Uint32Array;
}

export const DAY_SECONDS = 86_400;

/**
 * Offset of a zone from UTC in seconds at an instant (epoch seconds). Days of a histogram start at the county's
 * midnight; a change of summer time inside the range moves later bars by an hour, which a bar of a day does not show.
 */
export function zoneOffsetSeconds(timezone: string, at: number): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(new Date(at * 1000));
  const value = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const local = Date.UTC(
    value("year"),
    value("month") - 1,
    value("day"),
    value("hour"),
    value("minute"),
    value("second"),
  );
  return Math.round(local / 1000) - at;
}

/**
 * Selected rows by the day they were opened, days being the county's own.
 *
 * @param range epoch seconds `[from, to)` to cover, days without a case included
 * @param offset seconds that the county's zone is ahead of UTC
 */
export function histogramByDay(
  columns: IncidentColumns,
  rows: Uint32Array,
  range: readonly [from: number, to: number],
  offset: number,
): TimeHistogram {
  const start = Math.floor((range[0] + offset) / DAY_SECONDS) * DAY_SECONDS - offset;
  const days = Math.max(1, Math.ceil((range[1] - start) / DAY_SECONDS));
  const counts = new Uint32Array(days);
  for (const row of rows) {
    const day = Math.floor(((columns.opened[row] as number) - start) / DAY_SECONDS);
    if (day >= 0 && day < days) counts[day] = (counts[day] as number) + 1;
  }
  return { start, step: DAY_SECONDS, counts };
}
