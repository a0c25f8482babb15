import { createClient } from "graphql-ws";
import { stringifyDocument } from "urql";
import { ChangesDocument, type ChangesSubscription } from "../gql/generated.ts";
import { reportUnauthenticated } from "./csrf.ts";

/** First and longest wait before a lost connection is tried again, ms; with a part of chance, so that screens spread. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** Several changes of one case within it are sent once, and many changes together, ms: about a frame of a screen. */
const COALESCE_MS = 20;
/** The server beats every 3 s: silence of this long is a connection that nobody has told us is gone, ms. */
const SILENT_MS = 8_000;
/** Codes that the server closes with when somebody else sits here now: 4401 signed out, 4403 another grant. */
const OTHER_VIEWER = new Set([4401, 4403]);

// A socket that closes while the client lets go of it rejects a promise inside graphql-ws that nobody else can reach.
globalThis.addEventListener?.("unhandledrejection", (event) => {
  if (typeof CloseEvent !== "undefined" && event.reason instanceof CloseEvent) event.preventDefault();
});

/** An event of the county's feed, as the viewer is told of it. */
export type LiveChange = ChangesSubscription["changes"];

/** What the server says with each beat. */
export interface Beat {
  /** Its clock, epoch ms. */
  readonly now: number;
  /** When it last looked for changes and the database answered, epoch ms by its clock; null = not yet. */
  readonly feedAt: number | null;
}

export interface SocketEvents {
  readonly onChange: (change: LiveChange) => void;
  readonly onBeat: (beat: Beat) => void;
  readonly onConnected: (connected: boolean) => void;
}

const socketUrl = (): string => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/graphql`;
const QUERY = stringifyDocument(ChangesDocument);

/** What a ping carries; undefined where it is none of this server's. */
function beatOf(payload: unknown): Beat | undefined {
  if (typeof payload !== "object" || payload === null || !("now" in payload)) return undefined;
  const { now } = payload;
  const feedAt = "feedAt" in payload ? payload.feedAt : null;
  if (typeof now !== "number") return undefined;
  return { now, feedAt: typeof feedAt === "number" ? feedAt : null };
}

/** Waits, but no longer than until the network is back. */
const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      globalThis.removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    globalThis.addEventListener("online", done);
  });

/**
 * Follows the changes of a county from now on, through lost connections: each new one goes on where the last one ended, so
 * that no change is missed and none is read for nothing.
 *
 * @param kinds what is told; what the server tells without being asked by name when absent
 * @returns the function that stops it
 */
export function openLiveSocket(
  county: string,
  events: SocketEvents,
  kinds?: readonly LiveChange["kind"][],
): () => void {
  const stop = new AbortController();
  let since: string | undefined;
  let failures = 0;

  const once = async (): Promise<void> => {
    let silence: ReturnType<typeof setTimeout> | undefined;
    const heard = (): void => {
      clearTimeout(silence);
      silence = setTimeout(() => client.terminate(), SILENT_MS);
    };
    const told = (payload: unknown): void => {
      const beat = beatOf(payload);
      if (beat) events.onBeat(beat);
    };
    const client = createClient({
      url: socketUrl(),
      retryAttempts: 0,
      // The only operation of its connection: with one name for all pages the server sends all of them the same bytes.
      generateID: () => "1",
      on: {
        // From the first try on: a connection that never comes to be is silent, too.
        connecting: heard,
        connected: (_socket, payload) => {
          heard();
          events.onConnected(true);
          told(payload);
        },
        ping: (received, payload) => {
          if (!received) return;
          heard();
          failures = 0;
          told(payload);
        },
        closed: (event) => {
          if (OTHER_VIEWER.has((event as CloseEvent).code)) reportUnauthenticated();
        },
      },
    });
    // What it waits for fails when the server has hung up already: there is nothing left to end.
    const end = (): void => void Promise.resolve(client.dispose()).catch(() => undefined);
    stop.signal.addEventListener("abort", end);
    try {
      const variables = { county, since, coalesce: COALESCE_MS, ...(kinds && { kinds }) };
      for await (const { data } of client.iterate<ChangesSubscription>({ query: QUERY, variables })) {
        if (stop.signal.aborted) return;
        if (!data) break;
        heard();
        since = data.changes.cursor;
        events.onChange(data.changes);
      }
    } finally {
      clearTimeout(silence);
      stop.signal.removeEventListener("abort", end);
      events.onConnected(false);
      end();
    }
  };

  const keepOn = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        await once();
      } catch {
        // Lost or refused: it is tried again, and the screen says that it is not fresh.
      }
      if (stop.signal.aborted) return;
      const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures++);
      await wait(longest * (0.5 + Math.random() / 2), stop.signal);
    }
  };
  void keepOn();
  return () => stop.abort();
}
