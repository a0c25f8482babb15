import { STATE_INVALID, STATE_SOLVED } from "../../data/columns/incident-columns.ts";
import { CLOCKS, clockOfFact, FACT } from "../plane/facts.ts";
import { firstWhere } from "../plane/sweep.ts";
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

/** The figures of strip and ring. */
export function incidentFigures({ columns, rows, sweep, asOf, zone }: FigureInput): IncidentFigures {
  const today = zone.dayOf(asOf);
  const clocks = { onTime: 0, dueSoon: 0, overdueOpen: 0, paused: 0, noClock: 0 };
  const sums = { valid: 0, solved: 0, open: 0, late: 0, clocked: 0, suspicious: 0 };
  sweep.byFact.forEach((count, fact) => {
    if (count === 0) return;
    const state = fact & FACT.state;
    const late = (fact & FACT.late) !== 0;
    if (late) sums.late += count;
    if (fact & FACT.suspicious) sums.suspicious += count;
    if (!STATE_INVALID[state]) {
      sums.valid += count;
      if (late || fact & FACT.due) sums.clocked += count;
    }
    if (STATE_SOLVED[state]) sums.solved += count;
    const clock = CLOCKS[clockOfFact(fact)];
    if (clock) {
      sums.open += count;
      clocks[clock] += count;
    }
  });
  const reportedBefore = (day: number): number => firstWhere(columns, rows, (seconds) => zone.dayOf(seconds) >= day);
  return {
    reported: rows.length,
    ...sums,
    todayReported: reportedBefore(today + 1) - reportedBefore(today),
    todaySolved: sweep.solvedByDay[today] ?? 0,
    clocks,
  };
}

/** Share of clocked cases that are not late, 0 … 1; undefined when none has a clock. */
export const onTimeShare = (figures: IncidentFigures): number | undefined =>
  figures.clocked ? 1 - figures.late / figures.clocked : undefined;
