import { type ClockContext, caseDueAt, dueAt, stepClocks } from "../../../data/clock/case-clocks.ts";
import { clockEffects, type StepEffect } from "../../../data/clock/effects.ts";
import type { Clock, ClockSettings } from "../../../data/clock/model.ts";
import type { RuledCase } from "../../../data/clock/pick-rules.ts";
import type { IncidentState } from "../../../data/model/incident.ts";
import type { Transaction } from "../../../db/driver.ts";
import { clocksOfCases, writeClocks } from "../../../db/repositories/clock-repository.ts";

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

/**
 * Starts the clocks of a case that was just written in its first state.
 *
 * @returns when it is due, epoch ms, for `incident.due_at`; null without a deadline
 */
export const startClocks = (
  tx: Transaction,
  one: ClockedCase,
  state: IncidentState,
  atMs: number,
): Promise<number | null> => write(tx, one, [], clockEffects(null, state), { to: state, atMs, reason: null });

/**
 * Moves the clocks of a case along with a step.
 *
 * @returns when it is due from now on, epoch ms, for `incident.due_at`; null while it is paused or nothing is owed
 */
export async function moveClocks(tx: Transaction, one: ClockedCase, step: ClockedStep): Promise<number | null> {
  const { from, to, atMs, note } = step;
  const before = (await clocksOfCases(tx, one.county, [one.id])).get(one.id) ?? [];
  const clocks = before.map(({ clock }) => clock);
  return write(tx, one, clocks, step.effects ?? clockEffects(from, to), { to, atMs, reason: note });
}

const contextOf = ({ process, timezone, ...one }: ClockedCase): ClockContext => ({ settings: process, timezone, one });

async function write(
  tx: Transaction,
  one: ClockedCase,
  before: readonly Clock[],
  effects: readonly StepEffect[],
  step: Parameters<typeof stepClocks>[2],
): Promise<number | null> {
  const context = contextOf(one);
  const clocks = stepClocks(before, effects, step, context);
  const due = clocks.map((clock) => ({ clock, dueMs: dueAt(clock, context) }));
  await writeClocks(tx, one.county, one.id, due);
  return caseDueAt(clocks, context);
}
