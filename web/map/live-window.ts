/** A time window, epoch seconds `[from, to)`. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

let current: TimeWindow | undefined;
const listeners = new Set<() => void>();

/**
 * The window while it is dragged or played: it changes with every frame of the screen, so it goes round React and the
 * address, straight to the GPU; the page's filters follow a few times a second. Undefined = the filters say it.
 */
export const liveWindow = (): TimeWindow | undefined => current;

export function setLiveWindow(window: TimeWindow | undefined): void {
  current = window;
  for (const listener of listeners) listener();
}

/** Calls `listener` at every change; returns how to stop. */
export function onLiveWindow(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
