/**
 * Values that wait for whoever takes them one by one. `end` gives it up from either side; what still waits then is dropped.
 */
export class ChangeQueue<Value> implements AsyncIterableIterator<Value> {
  #waiting: Value[] = [];
  #taker: ((result: IteratorResult<Value>) => void) | undefined;
  #ended = false;
  readonly #onEnd: () => void;

  /** @param onEnd called once when nobody takes values any more */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  /** How many values wait. */
  get size(): number {
    return this.#waiting.length;
  }

  push(value: Value): void {
    if (this.#ended) return;
    const taker = this.#taker;
    this.#taker = undefined;
    if (taker) taker({ value, done: false });
    else this.#waiting.push(value);
  }

  /** Drops what waits. */
  clear(): void {
    this.#waiting = [];
  }

  next(): Promise<IteratorResult<Value>> {
    const value = this.#waiting.shift();
    if (value !== undefined) return Promise.resolve({ value, done: false });
    if (this.#ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => {
      this.#taker = resolve;
    });
  }

  return(): Promise<IteratorResult<Value>> {
    if (!this.#ended) {
      this.#ended = true;
      this.clear();
      this.#taker?.({ value: undefined, done: true });
      this.#onEnd();
    }
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
