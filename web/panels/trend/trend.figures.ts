import { firstWhere } from "../../plane/sweep.ts";
import type { FigureInput } from "../figure-input.ts";

/** Days shown when no time filter is set. */
const DEFAULT_DAYS = 30;
/** Longest run of single days; beyond it a bar is a week, and beyond `MAX_BARS` weeks four weeks. */
const MAX_BARS = 62;

export interface TrendFigures {
  /** Days of one bar: 1, 7 or 28. */
  readonly step: 1 | 7 | 28;
  /** First local day of each bar (days since 1970). */
  readonly days: readonly number[];
  readonly reported: readonly number[];
  /** Solved in the bar's time, by the time of solving. */
  readonly solved: readonly number[];
}

/** Cases reported and solved per local day, over the time filter or the last 30 days before `asOf`. */
export function trendFigures({ columns, rows, sweep, asOf, from, to, zone }: FigureInput): TrendFigures {
  const last = zone.dayOf(to === undefined ? asOf : to - 1);
  const oldest = rows.length ? zone.dayOf(columns.opened[rows[0] as number] as number) : last;
  const first = from === undefined ? Math.max(last - DEFAULT_DAYS + 1, Math.min(oldest, last)) : zone.dayOf(from);
  const span = Math.max(1, last - first + 1);
  const step = span <= MAX_BARS ? 1 : span <= MAX_BARS * 7 ? 7 : 28;
  const bars = Math.ceil(span / step);
  // Rows are in order of opening: a bar is what lies between two places.
  const startOf = (bar: number): number =>
    firstWhere(columns, rows, (seconds) => zone.dayOf(seconds) >= first + bar * step);
  const starts = Array.from({ length: bars + 1 }, (_, bar) => startOf(bar));
  const days = Array.from({ length: bars }, (_, bar) => first + bar * step);
  return {
    step,
    days,
    reported: days.map((_, bar) => (starts[bar + 1] as number) - (starts[bar] as number)),
    solved: days.map((day) => {
      let sum = 0;
      for (let i = day; i < day + step; i++) sum += sweep.solvedByDay[i] ?? 0;
      return sum;
    }),
  };
}
