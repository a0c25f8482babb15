import { NULL_TIME } from "../../../data/columns/format.ts";
import { STATE_SOLVED } from "../../../data/columns/incident-columns.ts";
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
export function trendFigures({ columns, rows, asOf, from, to, zone }: FigureInput): TrendFigures {
  const last = zone.dayOf(to === undefined ? asOf : to - 1);
  const oldest = rows.length ? zone.dayOf(columns.opened[rows[0] as number] as number) : last;
  const first = from === undefined ? Math.max(last - DEFAULT_DAYS + 1, Math.min(oldest, last)) : zone.dayOf(from);
  const span = Math.max(1, last - first + 1);
  const step = span <= MAX_BARS ? 1 : span <= MAX_BARS * 7 ? 7 : 28;
  const bars = Math.ceil(span / step);
  const reported = new Array<number>(bars).fill(0);
  const solved = new Array<number>(bars).fill(0);
  const count = (into: number[], seconds: number): void => {
    const bar = Math.floor((zone.dayOf(seconds) - first) / step);
    if (bar >= 0 && bar < bars) into[bar] = (into[bar] as number) + 1;
  };
  for (const row of rows) {
    count(reported, columns.opened[row] as number);
    const closed = columns.closed[row] as number;
    if (closed !== NULL_TIME && STATE_SOLVED[columns.state[row] as number]) count(solved, closed);
  }
  return { step, days: Array.from({ length: bars }, (_, bar) => first + bar * step), reported, solved };
}
