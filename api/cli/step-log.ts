/** Numbered progress lines with times, for people who wait. */
export class StepLog {
  #step = 0;
  readonly #started = performance.now();

  /**
   * @param write where lines go
   * @param steps how many there will be
   */
  constructor(
    readonly write: (text: string) => void,
    readonly steps: number,
  ) {}

  /** Says that a step begins, runs it, and says how long it took. */
  async run<T>(title: string, work: () => Promise<T>): Promise<T> {
    this.#step++;
    const label = `[${this.#step}/${this.steps}] ${title}`;
    this.write(`${label} …\n`);
    const started = performance.now();
    const value = await work();
    this.write(
      `${label}: ${seconds(performance.now() - started)} (${seconds(performance.now() - this.#started)} in all)\n`,
    );
    return value;
  }

  /** A line within the current step. */
  note(message: string): void {
    this.write(`      ${message}\n`);
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
