import { type ChangeBatch, followLive, onLiveChanges } from "../app/live-bus.ts";
import { changedCases, refreshPlane } from "./plane.ts";

/** Changes of this long are read together, ms: below what an eye tells from at once, and few requests at 50 changes/s. */
const GATHER_MS = 300;
/** A load or a change that is not told by number is followed by one look at what differs, not sooner than this, ms. */
const RELOAD_MS = 5000;

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
    take({ cases, bulk, reset }: ChangeBatch): void {
      if (reset || bulk.has("INCIDENT")) reload();
      for (const ref of cases.keys()) refs.add(ref);
      if (refs.size === 0) return;
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

/**
 * Keeps the cases of the plane up with the live changes of a county.
 *
 * @returns the function that stops it
 */
export function followChanges(county: string): () => void {
  const gather = gatherer();
  const end = onLiveChanges((batch) => {
    if (batch.county === county) gather.take(batch);
  });
  const leave = followLive(county);
  return () => {
    leave();
    end();
    gather.stop();
  };
}
