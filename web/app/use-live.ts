import { useEffect, useRef } from "react";
import { type ChangeBatch, followLive, onLiveChanges } from "./live-bus.ts";
import type { LiveChange } from "./live-socket.ts";
import { onViewerChanging } from "./session.ts";

/** Which changes a view reads anew for; what is left out is every one. */
export interface LiveFilter {
  /** DUTY: entries of duty logs. INCIDENT: cases and all that belongs to them (steps, clocks, calls, ratings, alarms). */
  readonly kinds?: readonly LiveChange["kind"][];
  /** Numbers of cases: only these. */
  readonly refs?: readonly number[];
}

/** Changes of this long are read together at first, ms: below what an eye tells from at once. */
const GATHER_MS = 250;
/** While changes go on and on, a view is read again this often, ms. */
const REST_MS = 1_000;
/** Part of a wait that is left to chance: many screens that hear of one change do not ask in one instant. */
const SPREAD = 0.5;

/** Does a view with this filter read anew for these changes? */
export function concerns({ kinds, refs }: LiveFilter, { cases, bulk, reset }: ChangeBatch): boolean {
  if (reset) return true;
  if ([...bulk].some((kind) => !kinds || kinds.includes(kind) || kind === "COUNTY")) return true;
  if (kinds && !kinds.includes("INCIDENT")) return false;
  return refs ? refs.some((ref) => cases.has(ref)) : cases.size > 0;
}

/** Keeps the page's live connection to a county open while the component is there. Pages of seats call it once. */
export function useLiveFollow(county: string | undefined): void {
  useEffect(() => (county ? followLive(county) : undefined), [county]);
}

/**
 * Calls `refetch` after changes, and not by a timer: soon after the first, then at most about once a second while they go
 * on, never twice at a time, and in a page that nobody sees only when it is looked at again. After a lost connection the
 * feed tells what was missed, so that a view is right again by itself.
 *
 * @param ask what reads anew; what it rejects with is the reader's own to show
 */
export function liveRefetcher(ask: () => unknown): { readonly changed: () => void; readonly stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;
  let again = false;
  let stopped = false;
  let restUntil = Number.NEGATIVE_INFINITY;
  const run = async (): Promise<void> => {
    timer = undefined;
    if (document.hidden) {
      again = true;
      return;
    }
    asking = true;
    again = false;
    try {
      await ask();
    } catch {
      // Shown by whoever asked; the next change asks again.
    } finally {
      asking = false;
      restUntil = performance.now() + REST_MS;
      if (again && !stopped) changed();
    }
  };
  const changed = (): void => {
    if (stopped) return;
    if (asking || timer !== undefined) {
      again = asking;
      return;
    }
    const wait = Math.max(GATHER_MS, restUntil - performance.now());
    timer = setTimeout(() => void run(), wait * (1 - SPREAD / 2 + Math.random() * SPREAD));
  };
  const looked = (): void => {
    if (!document.hidden && again && !asking) changed();
  };
  document.addEventListener("visibilitychange", looked);
  return {
    changed,
    stop() {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", looked);
    },
  };
}

const waiting = new Set<() => void>();
// Between the server's change of the viewer and the page's nothing is asked.
onViewerChanging(() => {
  for (const drop of waiting) drop();
  return () => undefined;
});

/**
 * Reads a view anew when something that it shows has changed.
 *
 * @param filter which changes; undefined = none now. Its content counts, not the object
 * @param refetch reads anew; may be another function with each render, and may give a promise, which is waited for
 */
export function useLiveRefetch(filter: LiveFilter | undefined, refetch: () => unknown): void {
  const latest = useRef(refetch);
  latest.current = refetch;
  const key = filter && JSON.stringify(filter);
  useEffect(() => {
    if (key === undefined) return;
    const wanted = JSON.parse(key) as LiveFilter;
    const make = () => liveRefetcher(() => latest.current());
    let refetcher = make();
    const drop = (): void => {
      refetcher.stop();
      refetcher = make();
    };
    waiting.add(drop);
    const end = onLiveChanges((batch) => {
      if (concerns(wanted, batch)) refetcher.changed();
    });
    return () => {
      waiting.delete(drop);
      end();
      refetcher.stop();
    };
  }, [key]);
}
