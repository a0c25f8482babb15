import { instantOfLocal, localTime } from "../../../../data/model/zoned-time.ts";

/** Periods of an assessment: of cases opened in them. */
export const PERIODS = ["days30", "month", "lastMonth", "year"] as const;
export type Period = (typeof PERIODS)[number];

const DAY_MS = 86_400_000;

/** Days since 1970-01-01 of the first of a month; months beyond a year run into the next. */
const firstOf = (year: number, month: number): number => Date.UTC(year, month, 1) / DAY_MS;

/**
 * Instants of a period, ISO 8601, the second one excluded.
 *
 * @param asOfMs the county's as-of instant: its present
 */
export function periodOf(
  period: Period,
  asOfMs: number,
  timezone: string,
): { readonly from: string; readonly to: string } {
  const { day } = localTime(asOfMs, timezone);
  const now = new Date(day * DAY_MS);
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  const days: Readonly<Record<Period, readonly [from: number, to: number]>> = {
    days30: [day - 29, day + 1],
    month: [firstOf(year, month), firstOf(year, month + 1)],
    lastMonth: [firstOf(year, month - 1), firstOf(year, month)],
    year: [firstOf(year, 0), firstOf(year + 1, 0)],
  };
  const [from, to] = days[period].map((one) => new Date(instantOfLocal(one, 0, timezone)).toISOString());
  return { from: from ?? "", to: to ?? "" };
}
