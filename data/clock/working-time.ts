import { userError } from "../model/errors.ts";
import { ZoneClock } from "../model/zoned-time.ts";
import { ALWAYS, type WorkCalendar } from "./model.ts";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** No calendar rests for as long as that; one that does never reaches a deadline. */
const LONGEST_REST_DAYS = 400;

/** Counted time: how much of the time between two instants counts. Instants are epoch ms, lengths ms. */
export interface CountedTime {
  /**
   * The earliest instant at which `lengthMs` have been counted from `startMs` on; a negative length counts back. What
   * ends with a working day is due at its end, not on the next morning.
   */
  add(startMs: number, lengthMs: number): number;
  /** Counted time from one instant to another; negative when `toMs` is the earlier. */
  between(fromMs: number, toMs: number): number;
}

/** Every second counts. */
const EVERY_SECOND: CountedTime = {
  add: (startMs, lengthMs) => startMs + lengthMs,
  between: (fromMs, toMs) => toMs - fromMs,
};

/** A stretch of working time, half-open, epoch ms. */
type Stretch = readonly [from: number, to: number];

/**
 * Working time in one zone: an instant counts when the wall clock there shows a reading within the hours of a working day.
 * A reading that daylight saving shows twice counts twice, one that it leaves out does not count.
 */
class WorkingTime implements CountedTime {
  readonly #clock: ZoneClock;
  readonly #hours: readonly (readonly [from: number, to: number])[];
  readonly #weekdays: ReadonlySet<number>;
  readonly #holidays: ReadonlySet<string>;
  readonly #makeUpDays: ReadonlySet<string>;
  readonly #days = new Map<number, readonly Stretch[]>();

  constructor(calendar: WorkCalendar, zone: string) {
    this.#clock = new ZoneClock(zone);
    this.#hours = hourPairs(calendar);
    this.#weekdays = new Set(calendar.weekdays);
    this.#holidays = new Set(calendar.holidays);
    this.#makeUpDays = new Set(calendar.makeUpDays);
  }

  add(startMs: number, lengthMs: number): number {
    return lengthMs > 0 ? this.#forward(startMs, lengthMs) : this.#back(startMs, -lengthMs);
  }

  between(fromMs: number, toMs: number): number {
    if (toMs < fromMs) return -this.between(toMs, fromMs);
    let counted = 0;
    const last = this.#localDay(toMs) + 1;
    for (let day = this.#localDay(fromMs) - 1; day <= last; day++)
      for (const [from, to] of this.#stretches(day))
        counted += Math.max(Math.min(to, toMs) - Math.max(from, fromMs), 0);
    return counted;
  }

  #forward(startMs: number, lengthMs: number): number {
    let left = lengthMs;
    let rest = 0;
    for (let day = this.#localDay(startMs) - 1; rest <= LONGEST_REST_DAYS; day++) {
      rest++;
      for (const [from, to] of this.#stretches(day)) {
        const begin = Math.max(from, startMs);
        if (to <= begin) continue;
        if (to - begin >= left) return begin + left;
        left -= to - begin;
        rest = 0;
      }
    }
    throw restless();
  }

  /** The earliest instant from which `lengthMs` count up to the start: the end of the working time before, where it is one. */
  #back(startMs: number, lengthMs: number): number {
    let left = lengthMs;
    let rest = 0;
    for (let day = this.#localDay(startMs) + 1; rest <= LONGEST_REST_DAYS; day--) {
      rest++;
      for (const [from, to] of this.#stretches(day).toReversed()) {
        const end = Math.min(to, startMs);
        if (end <= from) continue;
        if (end - from > left) return end - left;
        left -= end - from;
        rest = 0;
      }
    }
    throw restless();
  }

  #localDay(epochMs: number): number {
    return Math.floor((epochMs + this.#clock.offsetMs(epochMs)) / DAY_MS);
  }

  /** Working time of a local day, in order. */
  #stretches(day: number): readonly Stretch[] {
    let stretches = this.#days.get(day);
    if (!stretches) {
      stretches = this.#isWorkday(day) ? this.#computed(day) : [];
      this.#days.set(day, stretches);
    }
    return stretches;
  }

  #isWorkday(day: number): boolean {
    const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
    // 1970-01-01 was a Thursday: 1 Monday … 7 Sunday.
    const weekday = ((((day + 3) % 7) + 7) % 7) + 1;
    return this.#weekdays.has(weekday) ? !this.#holidays.has(date) : this.#makeUpDays.has(date);
  }

  #computed(day: number): readonly Stretch[] {
    const local = day * DAY_MS;
    const [before, after] = [this.#clock.offsetMs(local - DAY_MS), this.#clock.offsetMs(local + 2 * DAY_MS)];
    if (before === after && this.#steadyAround(local, before))
      return this.#hours.map(([from, to]) => [local + from * MINUTE_MS - before, local + to * MINUTE_MS - before]);
    // The clock changes around this day: the hours are read with each offset, as long as it holds.
    const found: Stretch[] = [];
    for (const [begin, end, offset] of this.#offsets(local - DAY_MS, local + 2 * DAY_MS))
      for (const [from, to] of this.#hours) {
        const start = Math.max(local + from * MINUTE_MS - offset, begin);
        const stop = Math.min(local + to * MINUTE_MS - offset, end);
        if (start < stop) found.push([start, stop]);
      }
    return found;
  }

  #steadyAround(local: number, offset: number): boolean {
    for (let at = local - DAY_MS; at <= local + 2 * DAY_MS; at += DAY_MS / 4)
      if (this.#clock.offsetMs(at) !== offset) return false;
    return true;
  }

  /** Spans of one offset each within some days, epoch ms; zones change their clocks at whole seconds. */
  #offsets(fromMs: number, toMs: number): (readonly [begin: number, end: number, offset: number])[] {
    const spans: [number, number, number][] = [];
    let begin = fromMs;
    let offset = this.#clock.offsetMs(fromMs);
    for (let at = fromMs; at < toMs; at += DAY_MS / 8) {
      const next = Math.min(at + DAY_MS / 8, toMs);
      const then = this.#clock.offsetMs(next);
      if (then === offset) continue;
      let [low, high] = [at, next];
      while (high - low > 1000) {
        const middle = low + Math.floor((high - low) / 2000) * 1000;
        if (this.#clock.offsetMs(middle) === offset) low = middle;
        else high = middle;
      }
      spans.push([begin, high, offset]);
      begin = high;
      offset = then;
    }
    spans.push([begin, toMs, offset]);
    return spans;
  }
}

function hourPairs({ key, hours }: WorkCalendar): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  for (let k = 0; k + 1 < hours.length; k += 2) pairs.push([hours[k] as number, hours[k + 1] as number]);
  const rising = hours.every((minute, k) => minute >= 0 && minute <= 1440 && (k === 0 || minute > (hours[k - 1] ?? 0)));
  if (pairs.length === 0 || hours.length % 2 === 1 || !rising)
    throw userError(`the hours of calendar "${key}" are not pairs from, to that rise`, {
      at: "calendars",
      hint: "Minutes since midnight, for example [480, 720, 840, 1080] for 8:00–12:00 and 14:00–18:00.",
    });
  return pairs;
}

const restless = (): Error =>
  userError("this calendar has no working day within a year", {
    at: "calendars",
    hint: "Look at its holidays.",
  });

const kept = new WeakMap<WorkCalendar, Map<string, CountedTime>>();

/**
 * Counted time of a calendar in a zone, made once.
 *
 * @param key `ALWAYS` or the key of one of `calendars`
 * @throws USER error for an unknown calendar or zone
 */
export function countedTime(key: string, calendars: readonly WorkCalendar[], zone: string): CountedTime {
  if (key === ALWAYS) return EVERY_SECOND;
  const calendar = calendars.find((one) => one.key === key);
  if (!calendar)
    throw userError(`there is no calendar "${key}"`, {
      at: "calendars",
      hint: `Use ${[ALWAYS, ...calendars.map((one) => one.key)].join(", ")}.`,
    });
  const zones = kept.get(calendar) ?? new Map<string, CountedTime>();
  kept.set(calendar, zones);
  const time = zones.get(zone) ?? new WorkingTime(calendar, zone);
  zones.set(zone, time);
  return time;
}
