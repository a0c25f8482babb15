/** Offset of a zone, for turning instants into the county's calendar. */
export interface Zone {
  /** Seconds to add to an epoch second to read it as local wall-clock time. */
  offsetAt(seconds: number): number;
  /** Whole local days since 1970-01-01. */
  dayOf(seconds: number): number;
  /** Local hour of the day, 0–23. */
  hourOf(seconds: number): number;
}

const DAY = 86_400;
const HOUR = 3600;
/** Days of int32 seconds: 1970 to 2038. */
const TABLE_DAYS = Math.ceil(2 ** 31 / DAY);
/** In the place of an offset: not looked up yet; and a day on which clocks change. */
const UNKNOWN = 0x7fffffff;
const CHANGES = 0x7ffffffe;
const zones = new Map<string, Zone>();

/** Local day number → weekday, 0 Monday … 6 Sunday (1970-01-01 was a Thursday). */
export const weekdayOfDay = (day: number): number => (((day + 3) % 7) + 7) % 7;

/** Local day number → `yyyy-mm-dd`. */
export const dayText = (day: number): string => new Date(day * DAY * 1000).toISOString().slice(0, 10);

/**
 * Reads a zone's offsets from Intl and keeps them: one lookup per UTC day, or per hour on the two days a year on which
 * the clocks change, so that scans over many rows stay cheap.
 *
 * @param timezone IANA name, e.g. `Asia/Shanghai`; throws a RangeError when the browser does not know it
 */
export function zoneOf(timezone: string): Zone {
  const known = zones.get(timezone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-US", { timeZone: timezone, timeZoneName: "longOffset" });
  const lookUp = (seconds: number): number => {
    const name = format.formatToParts(seconds * 1000).find((part) => part.type === "timeZoneName")?.value ?? "GMT";
    const match = /GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?/.exec(name);
    if (!match) return 0;
    const size = Number(match[2]) * HOUR + Number(match[3]) * 60 + Number(match[4] ?? 0);
    return match[1] === "-" ? -size : size;
  };
  // A table for the days of int32 seconds from 1970 on, which columns hold: a look there costs what an addition does.
  const table = new Int32Array(TABLE_DAYS).fill(UNKNOWN);
  const early = new Map<number, number>();
  const hours = new Map<number, number>();
  const offsetAt = (seconds: number): number => {
    const day = Math.floor(seconds / DAY);
    const inTable = day >= 0 && day < TABLE_DAYS;
    let offset = inTable ? (table[day] as number) : (early.get(day) ?? UNKNOWN);
    if (offset === UNKNOWN) {
      const start = lookUp(day * DAY);
      offset = start === lookUp((day + 1) * DAY) ? start : CHANGES;
      if (inTable) table[day] = offset;
      else early.set(day, offset);
    }
    if (offset !== CHANGES) return offset;
    const hour = Math.floor(seconds / HOUR);
    let exact = hours.get(hour);
    if (exact === undefined) {
      exact = lookUp(hour * HOUR);
      hours.set(hour, exact);
    }
    return exact;
  };
  const zone: Zone = {
    offsetAt,
    dayOf: (seconds) => Math.floor((seconds + offsetAt(seconds)) / DAY),
    hourOf: (seconds) => Math.floor(((((seconds + offsetAt(seconds)) % DAY) + DAY) % DAY) / HOUR),
  };
  zones.set(timezone, zone);
  return zone;
}
