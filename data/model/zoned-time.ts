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

/** How a local time met the zone's clock changes. */
export type LocalTimeKind = "plain" | "ambiguous" | "skipped";

export interface ParsedTime {
  readonly epochMs: number;
  /** `ambiguous`: the clock showed it twice, the first is taken. `skipped`: it never showed it, moved forward by the gap. */
  readonly kind: LocalTimeKind;
}

const DAY_MS = 86_400_000;

/** True when the engine knows the IANA zone. Bare offsets such as `+08:00` are no zone: they know no clock changes. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: zone });
    return /^[A-Za-z]/.test(zone);
  } catch {
    return false;
  }
}

/**
 * Clock of one IANA zone. Offsets come from the engine's tables through `Intl.DateTimeFormat` and are kept by UTC day: a
 * day whose two ends have one offset has no transition.
 */
export class ZoneClock {
  readonly #format: Intl.DateTimeFormat;
  /** Offset in ms of a UTC day without transition; NaN for a day with one. */
  readonly #days = new Map<number, number>();

  /** @throws USER error for a zone that the engine does not know */
  constructor(readonly zone: string) {
    try {
      this.#format = new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
        timeZone: zone,
        hourCycle: "h23",
        year: "numeric",
        month: "2-digit",
        day: "2-digit",
        hour: "2-digit",
        minute: "2-digit",
        second: "2-digit",
        era: "short",
      });
    } catch (cause) {
      const hint = "Use an IANA name such as Asia/Shanghai.";
      throw userError(`"${zone}" is not a time zone`, { at: "timezone", hint, cause });
    }
  }

  /** Local time minus UTC at an instant, ms; east is positive. */
  offsetMs(epochMs: number): number {
    const day = Math.floor(epochMs / DAY_MS);
    let offset = this.#days.get(day);
    if (offset === undefined) {
      const first = this.#exactOffset(day * DAY_MS);
      offset = first === this.#exactOffset((day + 1) * DAY_MS - 1000) ? first : Number.NaN;
      this.#days.set(day, offset);
    }
    return Number.isNaN(offset) ? this.#exactOffset(epochMs) : offset;
  }

  /**
   * Instant of a local time, given as if it were UTC. Twice-shown times give the first, skipped ones move forward by the
   * gap: the "compatible" rule of ECMAScript Temporal.
   */
  fromLocal(localMs: number): ParsedTime {
    const before = this.offsetMs(localMs - DAY_MS);
    const after = this.offsetMs(localMs + DAY_MS);
    if (before === after && this.offsetMs(localMs - before) === before)
      return { epochMs: localMs - before, kind: "plain" };
    const early = localMs - before;
    const late = localMs - after;
    const earlyFits = this.offsetMs(early) === before;
    const lateFits = this.offsetMs(late) === after;
    if (earlyFits && lateFits && before !== after) return { epochMs: Math.min(early, late), kind: "ambiguous" };
    if (earlyFits) return { epochMs: early, kind: "plain" };
    if (lateFits) return { epochMs: late, kind: "plain" };
    return { epochMs: early, kind: "skipped" };
  }

  /** First instant whose wall clock reads a skipped local time or later: the clock change itself, to the second. */
  changeAt(localMs: number): number {
    let low = Math.floor((localMs - DAY_MS) / 1000);
    let high = Math.ceil((localMs + DAY_MS) / 1000);
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (middle * 1000 + this.offsetMs(middle * 1000) < localMs) low = middle + 1;
      else high = middle;
    }
    return low * 1000;
  }

  /** 00:00 local time of the day that an instant falls in: where a version of a boundary begins (data rule 4). */
  startOfDay(epochMs: number): number {
    const local = epochMs + this.offsetMs(epochMs);
    return this.fromLocal(Math.floor(local / DAY_MS) * DAY_MS).epochMs;
  }

  #exactOffset(epochMs: number): number {
    const whole = Math.floor(epochMs / 1000) * 1000;
    const part: Record<string, string> = {};
    for (const { type, value } of this.#format.formatToParts(whole)) part[type] = value;
    const year = part["era"] === "BC" ? 1 - Number(part["year"]) : Number(part["year"]);
    const local = Date.UTC(
      2000,
      Number(part["month"]) - 1,
      Number(part["day"]),
      Number(part["hour"]),
      Number(part["minute"]),
      Number(part["second"]),
    );
    // Date.UTC reads years 0–99 as 1900–1999 and its year 2000 is leap: set the year apart, then restore the day.
    const date = new Date(local);
    date.setUTCFullYear(year, Number(part["month"]) - 1, Number(part["day"]));
    return date.getTime() - whole;
  }
}

const clocks = new Map<string, ZoneClock>();

/** The clock of a zone, made once. */
function clockOf(timezone: string): ZoneClock {
  let clock = clocks.get(timezone);
  if (!clock) {
    clock = new ZoneClock(timezone);
    clocks.set(timezone, clock);
  }
  return clock;
}

/** The wall clock of an instant. */
export function localTime(epochMs: number, timezone: string): LocalTime {
  const local = epochMs + clockOf(timezone).offsetMs(epochMs);
  const day = Math.floor(local / DAY_MS);
  // 1970-01-01 was a Thursday.
  return { day, minute: Math.floor((local - day * DAY_MS) / 60_000), weekday: (((day + 3) % 7) + 7) % 7 };
}

/**
 * The instant at which the wall clock reads `minute` minutes after midnight of a local day; minutes past 1439 run into
 * the next day. A reading that comes twice answers the first. One that a change of clocks skips answers the instant of
 * the change, not the moved reading of `ZoneClock.fromLocal`: a shift that ends in the gap ends when the gap begins.
 *
 * @returns epoch milliseconds
 */
export function instantOfLocal(day: number, minute: number, timezone: string): number {
  const clock = clockOf(timezone);
  const local = day * DAY_MS + minute * 60_000;
  const { epochMs, kind } = clock.fromLocal(local);
  return kind === "skipped" ? clock.changeAt(local) : epochMs;
}

const DATE = String.raw`(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?`;
const CLOCK = String.raw`(\d{1,2})(?::|时|点)(\d{1,2})(?:(?::|分)(\d{1,2})(?:[.,](\d{1,9}))?秒?|分?)`;
const TIME = new RegExp(String.raw`^${DATE}(?:(?:[T ]|\s+)?${CLOCK}\s*(Z|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?$`, "i");

const TWO_DIGITS = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, "0"));
/** Dates of days, as far as they were asked for. */
const dates = new Map<number, string>();
const DATES_KEPT = 4096;

/** `2025-03-01T00:05:00.000Z`: what `Date.toISOString` gives, in a quarter of its time, for loads that write millions. */
export function isoInstant(epochMs: number): string {
  const day = Math.floor(epochMs / DAY_MS);
  let date = dates.get(day);
  if (date === undefined) {
    const whole = new Date(day * DAY_MS).toISOString();
    // Years beyond 9999 have more digits.
    if (whole.length !== 24) return new Date(epochMs).toISOString();
    date = whole.slice(0, 11);
    if (dates.size >= DATES_KEPT) dates.clear();
    dates.set(day, date);
  }
  const ms = epochMs - day * DAY_MS;
  const second = Math.floor(ms / 1000);
  const minute = Math.floor(second / 60);
  const fraction = ms - second * 1000;
  const clock = `${TWO_DIGITS[Math.floor(minute / 60)]}:${TWO_DIGITS[minute % 60]}:${TWO_DIGITS[second % 60]}`;
  return fraction === 0 ? `${date}${clock}.000Z` : `${date}${clock}.${String(fraction).padStart(3, "0")}Z`;
}

const ZERO = 0x30;
const DASH = 0x2d;
const COLON = 0x3a;

/** A number of so many digits; NaN where something else stands. */
function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * Local time, as if it were UTC, of `2025-03-01 08:05:00` with a plain hyphen, blank or T and colons: what nearly every file
 * has. NaN for every other form, also for days that may be none: those take the long way.
 */
function plainLocal(text: string): number {
  if (text.length !== 19 || text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return Number.NaN;
  if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return Number.NaN;
  const between = text.charCodeAt(10);
  if (between !== 0x20 && between !== 0x54) return Number.NaN;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  if (!(year >= 1000 && month >= 1 && month <= 12 && day >= 1 && day <= 28)) return Number.NaN;
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/**
 * Reads ISO 8601, `2011-07-01 01:32:33`, `2025/3/1 8:05` and `2025年3月1日8时5分`. A date alone is its first moment.
 * Day and month in other orders are refused: nobody can tell 03/04 from 04/03.
 *
 * @returns undefined when the text is not such a time or names a moment that is none (30 February, 25:00)
 */
export function parseTime(text: string, clock: ZoneClock): ParsedTime | undefined {
  const plain = plainLocal(text);
  if (!Number.isNaN(plain)) return clock.fromLocal(plain);
  const match = TIME.exec(text.trim());
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((i) => Number(match[i] ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (year < 1000 || hour > 23 || minute > 59 || second > 59) return undefined;
  const fraction = match[7] ? Math.floor(Number(`0.${match[7]}`) * 1000) : 0;
  const local = Date.UTC(year, month - 1, day, hour, minute, second, fraction);
  const back = new Date(local);
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day) return undefined;
  const offset = match[8];
  if (!offset) return clock.fromLocal(local);
  return { epochMs: local - offsetOf(offset), kind: "plain" };
}

function offsetOf(text: string): number {
  if (text.toUpperCase() === "Z") return 0;
  const digits = text.slice(1).replace(":", "").padEnd(4, "0");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (text.startsWith("-") ? -minutes : minutes) * 60_000;
}
