import { userError } from "./errors.ts";

/** A wall-clock reading in a time zone. */
export interface LocalTime {
  /** Days since 1970-01-01 of the local calendar. */
  readonly day: number;
  /** Minutes since local midnight, 0 … 1439. */
  readonly minute: number;
  /** 0 Monday … 6 Sunday. */
  readonly weekday: number;
}

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known) return known;
  try {
    const format = new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
      timeZone: timezone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(timezone, format);
    return format;
  } catch (cause) {
    throw userError(`"${timezone}" is not a time zone`, {
      at: "timezone",
      hint: "Use an IANA name such as Asia/Shanghai.",
      cause,
    });
  }
}

/** Reading of the local clock as if it were UTC, epoch milliseconds (whole seconds). */
function localClock(epochMs: number, timezone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(timezone).formatToParts(epochMs)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The wall clock of an instant. */
export function localTime(epochMs: number, timezone: string): LocalTime {
  const clock = localClock(epochMs, timezone);
  const day = Math.floor(clock / DAY_MS);
  // 1970-01-01 was a Thursday.
  return { day, minute: Math.floor((clock - day * DAY_MS) / 60_000), weekday: (((day + 3) % 7) + 7) % 7 };
}

/**
 * The instant at which the wall clock reads `minute` minutes after midnight of a local day; minutes past 1439 run into
 * the next day. A reading that a change of clocks skips answers the instant of the change; one that comes twice, the first.
 *
 * @returns epoch milliseconds
 */
export function instantOfLocal(day: number, minute: number, timezone: string): number {
  const clock = day * DAY_MS + minute * 60_000;
  const offsetAt = (epochMs: number): number => localClock(epochMs, timezone) - epochMs;
  // The offset in force before and after any change nearby: the earlier candidate that reads right wins.
  const before = clock - offsetAt(clock - DAY_MS);
  const after = clock - offsetAt(clock + DAY_MS);
  const candidates = [Math.min(before, after), Math.max(before, after)];
  return (
    candidates.find((epochMs) => localClock(epochMs, timezone) === clock) ?? firstAtOrPast(clock, candidates, timezone)
  );
}

/** First instant (to the second) whose wall clock reads `clock` or later, between two candidates. */
function firstAtOrPast(clock: number, candidates: readonly number[], timezone: string): number {
  let low = Math.floor((candidates[0] as number) / 1000);
  let high = Math.ceil((candidates[1] as number) / 1000);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (localClock(middle * 1000, timezone) < clock) low = middle + 1;
    else high = middle;
  }
  return low * 1000;
}
