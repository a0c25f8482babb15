import { createClient } from "graphql-ws";
import { stringifyDocument } from "urql";
import { create } from "zustand";
import { reportUnauthenticated } from "../app/csrf.ts";
import { onViewerChanging } from "../app/session.ts";
import { may } from "../app/viewer.ts";
import { ChangesDocument, type ChangesSubscription } from "../gql/generated.ts";
import { changedCases, planeHeard, refreshPlane } from "./plane.ts";

/** Changes of this long are read together, ms: below what an eye tells from at once, and few requests at 50 changes/s. */
const GATHER_MS = 300;
/** A load or a change that is not told by number is followed by one look at what differs, not sooner than this, ms. */
const RELOAD_MS = 5000;
/** First and longest wait before a lost connection is tried again, ms; with a part of chance, so that screens spread. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** The server beats every 3 s: silence of this long is a connection that nobody has told us is gone, ms. */
const SILENT_MS = 10_000;
/** Codes that the server closes with when somebody else sits here now: 4401 signed out, 4403 another grant. */
const OTHER_VIEWER = new Set([4401, 4403]);

// A socket that closes while the client lets go of it rejects a promise inside graphql-ws that nobody else can reach.
globalThis.addEventListener?.("unhandledrejection", (event) => {
  if (typeof CloseEvent !== "undefined" && event.reason instanceof CloseEvent) event.preventDefault();
});

/** Whether changes come by themselves; otherwise they are asked for with the pulse. */
export const useLive = create<{ readonly connected: boolean }>(() => ({ connected: false }));

const socketUrl = (): string => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/graphql`;
const QUERY = stringifyDocument(ChangesDocument);

type Change = ChangesSubscription["changes"];

/** Turns changes into questions: numbers are gathered for a moment, whatever else has everything compared. */
function gatherer() {
  const refs = new Set<number>();
  let reading: ReturnType<typeof setTimeout> | undefined;
  let reloading: ReturnType<typeof setTimeout> | undefined;
  let reloadedAt = Number.NEGATIVE_INFINITY;
  const reload = (): void => {
    reloading ??= setTimeout(
      () => {
        reloading = undefined;
        reloadedAt = performance.now();
        refreshPlane();
      },
      Math.max(0, reloadedAt + RELOAD_MS - performance.now()),
    );
  };
  return {
    take({ op, kind, ref }: Change): void {
      if (op === "RESET" || (op === "BULK" && kind === "INCIDENT")) reload();
      if (ref === null) return;
      refs.add(ref);
      reading ??= setTimeout(() => {
        reading = undefined;
        changedCases([...refs]);
        refs.clear();
      }, GATHER_MS);
    },
    stop(): void {
      clearTimeout(reading);
      clearTimeout(reloading);
    },
  };
}

const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

/**
 * Follows the changes of a county from now on, through lost connections: each new one goes on where the last one ended.
 *
 * @returns the function that stops it
 */
export function followChanges(county: string): () => void {
  if (!may("incident")) return () => undefined;
  let stop = follow(county);
  const hold = (): (() => void) => {
    stop();
    return () => {
      if (holds.has(hold)) stop = follow(county);
    };
  };
  holds.add(hold);
  return () => {
    holds.delete(hold);
    stop();
  };
}

const holds = new Set<() => () => void>();

// The server would hang up on a viewer who is another one now.
onViewerChanging(() => {
  const resume = [...holds].map((hold) => hold());
  return () => {
    for (const start of resume) start();
  };
});

function follow(county: string): () => void {
  const stop = new AbortController();
  const gather = gatherer();
  let since: string | undefined;
  let failures = 0;

  const once = async (): Promise<void> => {
    let silence: ReturnType<typeof setTimeout> | undefined;
    const heard = (): void => {
      clearTimeout(silence);
      silence = setTimeout(() => client.terminate(), SILENT_MS);
      planeHeard();
    };
    const client = createClient({
      url: socketUrl(),
      retryAttempts: 0,
      on: {
        connected: heard,
        ping: heard,
        closed: (event) => {
          if (OTHER_VIEWER.has((event as CloseEvent).code)) reportUnauthenticated();
        },
      },
    });
    // What it waits for fails when the server has hung up already: there is nothing left to end.
    const end = (): void => void Promise.resolve(client.dispose()).catch(() => undefined);
    stop.signal.addEventListener("abort", end);
    try {
      const answers = client.iterate<ChangesSubscription>({ query: QUERY, variables: { county, since } });
      for await (const { data } of answers) {
        if (stop.signal.aborted) return;
        if (!data) break;
        failures = 0;
        useLive.setState({ connected: true });
        heard();
        since = data.changes.cursor;
        gather.take(data.changes);
      }
    } finally {
      clearTimeout(silence);
      stop.signal.removeEventListener("abort", end);
      useLive.setState({ connected: false });
      end();
    }
  };

  const keepOn = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        await once();
      } catch {
        // Lost or refused: the pulse finds changes until it is back, and says what is wrong.
      }
      if (stop.signal.aborted) return;
      const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures++);
      await wait(longest * (0.5 + Math.random() / 2), stop.signal);
    }
  };
  void keepOn();
  return () => {
    stop.abort();
    gather.stop();
  };
}
