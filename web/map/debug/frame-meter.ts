/** What the last second was like. Times in milliseconds. */
export interface FrameReading {
  readonly frames: number;
  /** Longest distance of two frames. */
  readonly worstMs: number;
  /** Tasks of the main thread over 50 ms, and how long they took together; since the meter was started. */
  readonly longTasks: number;
  readonly longMs: number;
  /** Bytes of all that the page fetched since it was opened, as they came over the wire. */
  readonly bytes: number;
  /** JavaScript heap, bytes; undefined where the browser does not tell. */
  readonly heap: number | undefined;
}

interface MemoryPerformance extends Performance {
  readonly memory?: { readonly usedJSHeapSize: number };
}

/** Chromium's own figure; no other browser has it. */
const heapSize = (): number | undefined => (performance as MemoryPerformance).memory?.usedJSHeapSize;

/**
 * Measures frames and long tasks until it is stopped.
 *
 * @param read told once a second
 * @returns how to stop
 */
export function startFrameMeter(read: (reading: FrameReading) => void): () => void {
  let frames = 0;
  let worst = 0;
  let before: number | undefined;
  let longTasks = 0;
  let longMs = 0;
  let bytes = 0;
  let frame = requestAnimationFrame(function tick(at) {
    if (before !== undefined) worst = Math.max(worst, at - before);
    before = at;
    frames++;
    frame = requestAnimationFrame(tick);
  });
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry instanceof PerformanceResourceTiming) bytes += entry.transferSize;
      else {
        longTasks++;
        longMs += entry.duration;
      }
    }
  });
  for (const type of ["longtask", "resource"])
    if (PerformanceObserver.supportedEntryTypes.includes(type)) observer.observe({ type, buffered: true });
  const timer = setInterval(() => {
    read({ frames, worstMs: worst, longTasks, longMs, bytes, heap: heapSize() });
    frames = 0;
    worst = 0;
  }, 1000);
  return () => {
    cancelAnimationFrame(frame);
    observer.disconnect();
    clearInterval(timer);
  };
}
