import type { ClockState } from "../../../gql/generated.ts";

/** What a clock shows at an instant. */
export interface ClockFace {
  readonly state: ClockState;
  /** Seconds left by the wall clock, negative when over; undefined where nothing runs. */
  readonly left: number | undefined;
}

/**
 * The face of a clock between two readings of it: a clock that was in time when it was read becomes late by itself when its
 * due time passes.
 *
 * @param now epoch seconds
 */
export function clockFace(
  clock: { readonly state: ClockState; readonly dueAt: string | null; readonly endedAt: string | null },
  now: number,
): ClockFace {
  if (clock.endedAt !== null || clock.dueAt === null || clock.state === "PAUSED")
    return { state: clock.state, left: undefined };
  const left = Date.parse(clock.dueAt) / 1000 - now;
  return { state: left < 0 ? "LATE" : "RUNNING", left };
}
