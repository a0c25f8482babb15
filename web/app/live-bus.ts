import { create } from "zustand";
import { outdateRequests } from "../gql/request.ts";
import { followsFeed, heardFeed } from "./freshness.ts";
import type { LiveChange } from "./live-socket.ts";
import { openLiveSocket } from "./live-socket.ts";
import { heardServerTime } from "./server-clock.ts";
import { onViewerChange, onViewerChanging } from "./session.ts";
import { may } from "./viewer.ts";

/** Changes of one frame: what listeners get instead of single events. */
export interface ChangeBatch {
  readonly county: string;
  /** The last change of each case, by its number, in order of these. */
  readonly cases: ReadonlyMap<number, LiveChange>;
  /** Kinds of which more changed than is told one by one: read them anew. */
  readonly bulk: ReadonlySet<LiveChange["kind"]>;
  /** What came before is unknown: read everything anew. */
  readonly reset: boolean;
}

interface Live {
  /** Whether changes come by themselves. */
  readonly connected: boolean;
}

export const useLive = create<Live>(() => ({ connected: false }));

/** A page in the background gets no frames; its figures may wait a moment, ms. */
const WITHOUT_FRAMES_MS = 500;

type Listener = (batch: ChangeBatch) => void;
const listeners = new Set<Listener>();

/** Calls back once a frame with what changed. @returns ends it */
export function onLiveChanges(listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Gathers the changes of a county until the next frame, several of one case as the last of them. */
export function frameGatherer(
  county: string,
  tell: Listener,
): { readonly take: (change: LiveChange) => void; readonly stop: () => void } {
  let cases = new Map<number, LiveChange>();
  let bulk = new Set<LiveChange["kind"]>();
  let reset = false;
  let frame: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cancel = (): void => {
    if (frame !== undefined) cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = undefined;
    timer = undefined;
  };
  const flush = (): void => {
    cancel();
    const batch = { county, cases, bulk, reset };
    cases = new Map();
    bulk = new Set();
    reset = false;
    tell(batch);
  };
  return {
    take(change) {
      if (change.op === "RESET") reset = true;
      else if (change.op === "BULK" || change.ref === null) bulk.add(change.kind);
      else {
        // In order of the last change: a case that changes again moves to the end.
        cases.delete(change.ref);
        cases.set(change.ref, change);
      }
      frame ??= requestAnimationFrame(flush);
      timer ??= setTimeout(flush, WITHOUT_FRAMES_MS);
    },
    stop: cancel,
  };
}

function tellAll(batch: ChangeBatch): void {
  outdateRequests();
  for (const listener of [...listeners]) {
    try {
      listener(batch);
    } catch (error) {
      // One listener's fault is not the others'; the page's own handler of errors hears of it.
      reportError(error);
    }
  }
}

interface Following {
  readonly county: string;
  users: number;
  stop: () => void;
}
let following: Following | undefined;

function open(county: string): () => void {
  const gather = frameGatherer(county, tellAll);
  const close = openLiveSocket(county, {
    onChange: gather.take,
    onBeat: (beat) => {
      heardServerTime(beat.now);
      heardFeed(beat, "beat");
    },
    onConnected: (connected) => {
      if (useLive.getState().connected !== connected) useLive.setState({ connected });
    },
  });
  return () => {
    close();
    gather.stop();
  };
}

/**
 * Follows the changes of a county while somebody on the page wants them: one connection however many ask. Does nothing for
 * viewers without cases.
 *
 * @returns gives it up
 */
export function followLive(county: string): () => void {
  if (!may("incident")) return () => undefined;
  if (following?.county !== county) {
    following?.stop();
    following = { county, users: 0, stop: open(county) };
    followsFeed(true);
  }
  const mine = following;
  mine.users++;
  let given = false;
  return () => {
    if (given) return;
    given = true;
    if (--mine.users > 0) return;
    mine.stop();
    if (following === mine) {
      following = undefined;
      useLive.setState({ connected: false });
      followsFeed(false);
    }
  };
}

// The server would hang up on a viewer who is another one now.
onViewerChanging(() => {
  const held = following;
  held?.stop();
  return () => {
    if (held && held === following && held.users > 0) held.stop = open(held.county);
  };
});

onViewerChange(outdateRequests);
onViewerChange(() => useLive.setState({ connected: false }));
