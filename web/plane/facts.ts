import { NULL_TIME } from "../../data/columns/format.ts";
import { FLAG, HOLE, type IncidentColumns, isLateRow, STATE_SOLVED } from "../../data/columns/incident-columns.ts";
import { type ClockState, clockState } from "../panels/clock-state.ts";
import { weekdayOfDay, type Zone } from "../panels/zone.ts";

/**
 * What figures want to know of a case, in ten bits: counting equal numbers counts everything at once.
 *
 *   0–3  state (index in INCIDENT_STATES)
 *   4–6  clock (index in `CLOCKS`; `ENDED` once the case has ended)
 *   7    late
 *   8    has a due time
 *   9    on a default point
 */
export const FACT_VALUES = 1024;
export const FACT = { state: 15, late: 128, due: 256, suspicious: 512 } as const;
const CLOCK_SHIFT = 4;
export const CLOCKS: readonly ClockState[] = ["onTime", "dueSoon", "overdueOpen", "paused", "noClock"];
const ENDED = CLOCKS.length;
const CLOCK_INDEX = Object.fromEntries(CLOCKS.map((clock, i) => [clock, i])) as Record<ClockState, number>;

/** Index in `CLOCKS`; `CLOCKS.length` = ended. */
export const clockOfFact = (fact: number): number => (fact >> CLOCK_SHIFT) & 7;
/** Whether the case is still open. */
export const isOpenFact = (fact: number): boolean => clockOfFact(fact) !== ENDED;

/** The county's calendar and the instant that lateness is judged at: what facts hold for. */
export interface FactsOf {
  readonly zone: Zone;
  /** Epoch seconds. */
  readonly asOf: number;
}

/** Columns beside those of a store that depend on rows alone, not on filters: made once, and again for changed rows. */
export interface RowFacts {
  readonly fact: Uint16Array;
  /** Weekday (0 Monday) × 24 + hour of opening, by the county's calendar. */
  readonly week: Uint8Array;
  /** The county's day on which the case was solved (days since 1970); 0 = it was not. */
  readonly solvedDay: Uint16Array;
}

export const newFacts = (length: number): RowFacts => ({
  fact: new Uint16Array(length),
  week: new Uint8Array(length),
  solvedDay: new Uint16Array(length),
});

/** Fills facts of rows `[from, to)`. */
export function fillFacts(facts: RowFacts, columns: IncidentColumns, from: number, to: number, of: FactsOf): void {
  const { zone, asOf } = of;
  for (let row = from; row < to; row++) {
    const state = columns.state[row] as number;
    if (state === HOLE) continue;
    const clock = clockState(columns, row, asOf);
    const late = clock ? clock === "overdueOpen" : isLateRow(columns, row, asOf);
    facts.fact[row] =
      state |
      ((clock ? CLOCK_INDEX[clock] : ENDED) << CLOCK_SHIFT) |
      (late ? FACT.late : 0) |
      (columns.due[row] === NULL_TIME ? 0 : FACT.due) |
      ((columns.flags[row] as number) & FLAG.suspicious ? FACT.suspicious : 0);
    const opened = columns.opened[row] as number;
    facts.week[row] = weekdayOfDay(zone.dayOf(opened)) * 24 + zone.hourOf(opened);
    const closed = columns.closed[row] as number;
    facts.solvedDay[row] = closed !== NULL_TIME && STATE_SOLVED[state] ? Math.max(1, zone.dayOf(closed)) : 0;
  }
}
