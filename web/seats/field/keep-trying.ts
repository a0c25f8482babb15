import { RequestError } from "../../gql/request.ts";

/** Wait before the second try, and the longest, ms. */
const FIRST_MS = 2_000;
const MOST_MS = 30_000;

const nudges = new Set<() => void>();

/** Ends every wait now: somebody does not want to wait, or the phone has a network again. */
export function tryNow(): void {
  for (const nudge of [...nudges]) nudge();
}
addEventListener("online", tryNow);

/** Waits, or until somebody nudges. */
const pause = (ms: number): Promise<void> =>
  new Promise((done) => {
    const end = (): void => {
      clearTimeout(timer);
      nudges.delete(end);
      done();
    };
    const timer = setTimeout(end, ms);
    nudges.add(end);
  });

/**
 * Does something over a network that comes and goes, again and again until the server has answered. What it does must be
 * safe to repeat: the same key, the same request.
 *
 * @param onWait told of each wait: when it ends, epoch ms of this page; undefined when it goes on
 * @param stopped true when nobody wants it any more
 * @throws RequestError with which the server refused
 */
export async function keepTrying<T>(
  work: (tries: number) => Promise<T>,
  onWait: (until: number | undefined) => void,
  stopped: () => boolean = () => false,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work(tries);
    } catch (error) {
      if (!(error instanceof RequestError && error.offline) || stopped()) throw error;
      const ms = Math.min(MOST_MS, FIRST_MS * 2 ** tries);
      onWait(Date.now() + ms);
      await pause(ms);
      if (stopped()) throw error;
      onWait(undefined);
    }
  }
}
