import { DUE_SOON_SECONDS } from "../../../data/columns/status.ts";
import type { CaseRowFragment } from "../../gql/generated.ts";
import type { ClockState } from "../../panels/clock-state.ts";

/** What the deadline of a case says. */
export interface CaseClock {
  /** Undefined once the case has ended. */
  readonly state: ClockState | undefined;
  /** Due, epoch seconds; undefined while nothing runs. */
  readonly due: number | undefined;
  /** Why it stands still. */
  readonly pauseReason: string | undefined;
}

type Clocked = Pick<CaseRowFragment, "dueAt" | "closedAt" | "state"> & {
  readonly clocks: readonly Pick<CaseRowFragment["clocks"][number], "kind" | "state" | "pauseReason">[];
};

const ENDED = new Set(["CLOSED", "EVALUATED", "REJECTED", "VOID"]);

/** How a case stands at an instant: paused is neither in time nor late. @param now epoch seconds */
export function caseClock(row: Clocked, now: number): CaseClock {
  const due = row.dueAt ? Date.parse(row.dueAt) / 1000 : undefined;
  if (ENDED.has(row.state)) return { state: undefined, due, pauseReason: undefined };
  const paused = row.clocks.find(({ kind, state }) => kind === "BUSINESS" && state === "PAUSED");
  if (paused) return { state: "paused", due: undefined, pauseReason: paused.pauseReason ?? undefined };
  if (due === undefined) return { state: "noClock", due, pauseReason: undefined };
  const state = due < now ? "overdueOpen" : due - now <= DUE_SOON_SECONDS ? "dueSoon" : "onTime";
  return { state, due, pauseReason: undefined };
}
