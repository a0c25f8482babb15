import { ESCALATION_LEVELS } from "../workflow/definition.ts";
import { type ClockContext, dueAt, usedAt } from "./case-clocks.ts";
import type { Clock, EscalationLevel, EscalationStep } from "./model.ts";

/** What decides whether a case rises. */
export interface RisingCase {
  /** Level that it has risen to; null while it has not. */
  readonly level: EscalationLevel | null;
  readonly clocks: readonly Clock[];
  /** Since when it waits in a role's inbox that nobody has claimed, epoch ms; null where somebody has it. */
  readonly inboxSinceMs: number | null;
}

/** Why and how far a case rises. */
export interface Rise {
  readonly step: EscalationStep;
  /** `due`: a clock ran out; `share`: its level has used up its part of the time; `inbox`: nobody claimed it. */
  readonly because: "due" | "share" | "inbox";
}

const rankOf = (level: EscalationLevel | null): number => (level === null ? 0 : ESCALATION_LEVELS.indexOf(level));

/**
 * The next level that a case rises to at an instant; undefined while it stays. One level at a time, so that the log names
 * every level that heard of it: ask again with the new level.
 */
export function nextRise(one: RisingCase, atMs: number, context: ClockContext): Rise | undefined {
  const { escalation, inboxSeconds } = context.settings;
  const step = escalation
    .filter(({ level }) => rankOf(level) > rankOf(one.level))
    .sort((a, b) => rankOf(a.level) - rankOf(b.level))[0];
  if (!step) return undefined;
  const afterMs = step.afterSeconds * 1000;
  for (const clock of one.clocks) {
    const due = clock.outcome === null ? dueAt(clock, context) : null;
    // At the due instant itself a clock is still in time; it rises a millisecond later at the earliest.
    if (due !== null && atMs > due && atMs - due >= afterMs) return { step, because: "due" };
    if (due !== null && sharesUsed(clock, atMs, context) >= rankOf(step.level)) return { step, because: "share" };
  }
  const waitedMs = one.inboxSinceMs === null ? -1 : atMs - one.inboxSinceMs - inboxSeconds * 1000;
  return waitedMs > 0 && waitedMs >= afterMs ? { step, because: "inbox" } : undefined;
}

/** Rank of the level that a clock's split has reached: its time belongs to that level now (三级七天调解法). */
function sharesUsed(clock: Clock, atMs: number, context: ClockContext): number {
  const shares = context.settings.clockRules.find(({ key }) => key === clock.rule)?.levels ?? [];
  const used = usedAt(clock, atMs, context);
  let passedMs = 0;
  for (const { level, seconds } of shares) {
    passedMs += seconds * 1000;
    if (used <= passedMs) return rankOf(level);
  }
  return shares.length === 0 ? 0 : rankOf(shares.at(-1)?.level ?? null);
}

const CODE_LENGTH: Readonly<Record<EscalationLevel, number>> = { grid: 15, community: 12, town: 9, county: 6 };

/** Code of the area of a level that holds a place (DESIGN section 4, rule 3: a code is a path). */
export const areaOfLevel = (scopeCode: string, level: EscalationLevel): string =>
  scopeCode.slice(0, CODE_LENGTH[level]);
