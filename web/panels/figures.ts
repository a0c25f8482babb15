import { NULL_TIME } from "../../data/columns/format.ts";
import {
  FLAG,
  type IncidentColumns,
  isLateRow,
  STATE_ENDED,
  STATE_INVALID,
  STATE_SOLVED,
} from "../../data/columns/incident-columns.ts";
import { DUE_SOON_SECONDS } from "../../data/columns/status.ts";
import type { FigureInput } from "./figure-input.ts";

/** State of an open case's clock; an open case has exactly one. */
export interface ClockFigures {
  readonly onTime: number;
  readonly dueSoon: number;
  /** Past the due time. */
  readonly overdueOpen: number;
  readonly paused: number;
  readonly noClock: number;
}

export interface IncidentFigures {
  readonly reported: number;
  /** Reported less rejected and void. */
  readonly valid: number;
  readonly solved: number;
  readonly open: number;
  /** Solved after the due time, or open past it; or overdue by the source's own verdict. */
  readonly late: number;
  /** Valid cases that have a clock or a verdict: what the on-time rate is a share of. */
  readonly clocked: number;
  readonly todayReported: number;
  readonly todaySolved: number;
  readonly suspicious: number;
  readonly clocks: ClockFigures;
}

export type ClockState = keyof ClockFigures;

/** State of the clock of an open case; undefined when the case has ended. */
export function clockState(columns: IncidentColumns, row: number, asOf: number): ClockState | undefined {
  if (STATE_ENDED[columns.state[row] as number]) return undefined;
  if (isLateRow(columns, row, asOf)) return "overdueOpen";
  const flags = columns.flags[row] as number;
  if (flags & FLAG.paused) return "paused";
  const due = columns.due[row] as number;
  if (due === NULL_TIME || flags & FLAG.verdict) return "noClock";
  return due - asOf <= DUE_SOON_SECONDS ? "dueSoon" : "onTime";
}

/** One pass over the rows: the figures of strip and ring. */
export function incidentFigures({
  columns,
  rows,
  asOf,
  zone,
}: Pick<FigureInput, "columns" | "rows" | "asOf" | "zone">): IncidentFigures {
  const today = zone.dayOf(asOf);
  const clocks = { onTime: 0, dueSoon: 0, overdueOpen: 0, paused: 0, noClock: 0 };
  const sums = { valid: 0, solved: 0, open: 0, late: 0, clocked: 0, todayReported: 0, todaySolved: 0, suspicious: 0 };
  for (const row of rows) {
    const state = columns.state[row] as number;
    const flags = columns.flags[row] as number;
    const due = columns.due[row] as number;
    const closed = columns.closed[row] as number;
    const late = isLateRow(columns, row, asOf);
    if (late) sums.late++;
    if (flags & FLAG.suspicious) sums.suspicious++;
    if (!STATE_INVALID[state]) {
      sums.valid++;
      if (due !== NULL_TIME || late) sums.clocked++;
    }
    if (STATE_SOLVED[state]) {
      sums.solved++;
      if (closed !== NULL_TIME && zone.dayOf(closed) === today) sums.todaySolved++;
    }
    if (zone.dayOf(columns.opened[row] as number) === today) sums.todayReported++;
    const clock = clockState(columns, row, asOf);
    if (clock) {
      sums.open++;
      clocks[clock]++;
    }
  }
  return { reported: rows.length, ...sums, clocks };
}

/** Share of clocked cases that are not late, 0 … 1; undefined when none has a clock. */
export const onTimeShare = (figures: IncidentFigures): number | undefined =>
  figures.clocked ? 1 - figures.late / figures.clocked : undefined;
