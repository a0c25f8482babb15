import { ZoneClock } from "../model/zoned-time.ts";
import type { ExportColumn, ExportRow, ExportValue } from "./column.ts";

const clocks = new Map<string, ZoneClock>();
const clockOf = (zone: string): ZoneClock => {
  const clock = clocks.get(zone) ?? new ZoneClock(zone);
  clocks.set(zone, clock);
  return clock;
};

/**
 * An instant in ISO 8601 with the offset of a zone: `2026-01-15T08:00:00+08:00`; fractions of a second only where there
 * are any.
 *
 * @param zone IANA name
 */
export function zonedInstant(instant: string | number, zone: string): string {
  const ms = typeof instant === "number" ? instant : Date.parse(instant);
  const offset = Math.round(clockOf(zone).offsetMs(ms) / 60_000);
  const local = new Date(ms + offset * 60_000)
    .toISOString()
    .slice(0, -1)
    .replace(/\.000$/, "");
  const minutes = Math.abs(offset);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${local}${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** The wall clock's reading of an instant as if it were UTC, epoch ms: what spreadsheets store. */
export function wallClock(instant: string, zone: string): number {
  const ms = Date.parse(instant);
  return ms + clockOf(zone).offsetMs(ms);
}

/** A value as text formats carry it: instants in the county's time, everything else as it is. */
export const plainValue = (column: ExportColumn, value: ExportValue, zone: string): ExportValue =>
  column.type === "instant" && typeof value === "string" ? zonedInstant(value, zone) : value;

/** Properties of a GeoJSON feature: every column, null where there is no value. */
export const propertiesOf = (
  row: ExportRow,
  columns: readonly ExportColumn[],
  zone: string,
): Record<string, ExportValue> =>
  Object.fromEntries(columns.map((one) => [one.name, plainValue(one, row.values[one.name] ?? null, zone)]));
