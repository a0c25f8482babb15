import type { CDPSession, Page } from "playwright-core";

/** CPU time of the page's main thread, milliseconds, and its heap, bytes, as Chromium counts them. */
export interface Reading {
  readonly taskMs: number;
  readonly heap: number;
  readonly nodes: number;
}

/** Reads Chromium's own counters of a page; times are CPU time of the main thread, which a busy machine does not inflate. */
export class Meter {
  readonly #session: CDPSession;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async of(page: Page): Promise<Meter> {
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    return new Meter(session);
  }

  async read(): Promise<Reading> {
    const { metrics } = await this.#session.send("Performance.getMetrics");
    const value = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    return { taskMs: value("TaskDuration") * 1000, heap: value("JSHeapUsedSize"), nodes: value("Nodes") };
  }

  /** Collects garbage first, so that the heap is what is held. */
  async settled(): Promise<Reading> {
    await this.#session.send("HeapProfiler.collectGarbage");
    return this.read();
  }

  /** CPU time that the main thread spends while `act` runs. */
  async cost(act: () => Promise<unknown>): Promise<number> {
    const before = await this.read();
    await act();
    return (await this.read()).taskMs - before.taskMs;
  }
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

export const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
