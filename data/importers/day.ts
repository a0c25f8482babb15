import { propertyText } from "./property-text.ts";
import type { ImportLog } from "./report.ts";

/** yyyy-mm-dd, yyyy/m/d, yyyy.m.d, yyyy年m月d日 or yyyymmdd, with or without a time behind it. */
const DAY = /^(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[T\s].*)?$/;

/** A day as yyyy-mm-dd; undefined for what is none. */
export function dayOf(text: string): string | undefined {
  const [, year, month, day, month2, day2] = DAY.exec(text.trim()) ?? [];
  const iso = `${year}-${(month ?? month2 ?? "").padStart(2, "0")}-${(day ?? day2 ?? "").padStart(2, "0")}`;
  const ms = Date.parse(`${iso}T00:00:00Z`);
  // 30 February is read as March by some engines: the day must come back as it was.
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== iso ? undefined : iso;
}

/** The day in a column; null where nothing stands or what stands is no day, which is flagged. */
export function readDay(
  properties: Readonly<Record<string, unknown>>,
  column: string | undefined,
  at: string,
  log: ImportLog,
): string | null {
  const text = propertyText(properties, column);
  if (text === undefined) return null;
  const day = dayOf(text);
  if (day === undefined) log.flag("bad_date", `no day can be read in "${column}", first at ${at}; left empty`);
  return day ?? null;
}
