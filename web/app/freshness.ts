import { create } from "zustand";
import type { Beat } from "./live-socket.ts";
import { onViewerChange } from "./session.ts";

/** Up to when the page knows that it was told of every change. A quiet county is fresh, one whose feed is dead is not. */
export interface Fresh {
  /** When the server last looked for changes and found its database, epoch ms by its clock. */
  readonly at: number;
  /** The same instant by the page's steady clock (`performance.now()`): ages are told by it. */
  readonly steady: number;
}

interface Freshness {
  /** Undefined before the first word of the server. */
  readonly fresh: Fresh | undefined;
}

export const useFreshness = create<Freshness>(() => ({ fresh: undefined }));

/** Does the page follow changes by a connection? Then that one, and not an answer to a question, says how fresh it is. */
let follows = false;

/**
 * Takes what the server said of its feed. Only its own clock is compared with itself: no other clock makes a county old.
 *
 * @param by a beat of the live connection, or the answer to the page's own pulse
 */
export function heardFeed({ now, feedAt }: Beat, by: "beat" | "pulse"): void {
  if (feedAt === null || (follows && by === "pulse")) return;
  const { fresh } = useFreshness.getState();
  const steady = performance.now() - Math.max(0, now - feedAt);
  // A late answer does not make what is known older.
  if (fresh && steady < fresh.steady) return;
  useFreshness.setState({ fresh: { at: feedAt, steady } });
}

/** From now on the live connection says how fresh the page is, or (false) the pulse again. */
export function followsFeed(does: boolean): void {
  follows = does;
}

/** How old what is known is, ms. @param nowMs the steady clock */
export const ageOf = (fresh: Fresh, nowMs: number = performance.now()): number => nowMs - fresh.steady;

onViewerChange(() => useFreshness.setState({ fresh: undefined }));
