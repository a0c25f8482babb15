import { type ClockContext, caseDueAt, dueAt, stepClocks } from "../../../data/clock/case-clocks.ts";
import { clockEffects, type StepEffect } from "../../../data/clock/effects.ts";
import type { Clock, ClockSettings } from "../../../data/clock/model.ts";
import type { RuledCase } from "../../../data/clock/pick-rules.ts";
import type { IncidentState } from "../../../data/model/incident.ts";
import type { Transaction } from "../../../db/driver.ts";
import { clocksOfCases, type DueClock, writeClocks } from "../../../db/repositories/clock-repository.ts";

/** A case whose clocks move, locked by the caller, and what they are read by. */
export interface ClockedCase extends RuledCase {
  readonly county: string;
  readonly id: string;
  /** The county's process, of which clocks need rules and calendars. */
  readonly process: ClockSettings;
  /** IANA zone of the county. */
  readonly timezone: string;
}

/** A step of a case. */
export interface ClockedStep {
  readonly from: IncidentState;
  readonly to: IncidentState;
  readonly atMs: number;
  /** Remark of the step: why it is put on hold. */
  readonly note: string | null;
  /** What the workflow's transition does to clocks; absent = what follows from the states (`clockEffects`). */
  readonly effects?: readonly StepEffect[] | undefined;
}

/** Clocks of a case as they are to be kept, and when it is due, epoch ms; null while nothing is. */
export interface CaseClocks {
  readonly clocks: readonly DueClock[];
  readonly dueMs: number | null;
}

/** The clocks that a case starts with in its first state; the caller writes them with the case (`insertClocks`). */
export const startClocks = (one: ClockedCase, state: IncidentState, atMs: number): CaseClocks =>
  stepped(one, [], clockEffects(null, state), { to: state, atMs, reason: null });

/**
 * Moves the clocks of a case along with a step.
 *
 * @returns when it is due from now on, epoch ms, for `incident.due_at`; null while it is paused or nothing is owed
 */
export async function moveClocks(tx: Transaction, one: ClockedCase, step: ClockedStep): Promise<number | null> {
  const { from, to, atMs, note } = step;
  const before = (await clocksOfCases(tx, one.county, [one.id])).get(one.id) ?? [];
  const clocks = before.map(({ clock }) => clock);
  const after = stepped(one, clocks, step.effects ?? clockEffects(from, to), { to, atMs, reason: note });
  await writeClocks(tx, one.county, one.id, after.clocks);
  return after.dueMs;
}

const contextOf = ({ process, timezone, ...one }: ClockedCase): ClockContext => ({ settings: process, timezone, one });

function stepped(
  one: ClockedCase,
  before: readonly Clock[],
  effects: readonly StepEffect[],
  step: Parameters<typeof stepClocks>[2],
): CaseClocks {
  const context = contextOf(one);
  const clocks = stepClocks(before, effects, step, context);
  return {
    clocks: clocks.map((clock) => ({ clock, dueMs: dueAt(clock, context) })),
    dueMs: caseDueAt(clocks, context),
  };
}
