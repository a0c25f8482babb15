/**
 * Reads that are shared by whoever asks before they begin: nobody is told what was read before the question came, and
 * however many ask at a time, a key is read at most twice meanwhile (the read that runs already, and the one after it).
 */
export class LateReads<T> {
  readonly #running = new Map<string, Promise<unknown>>();
  readonly #waiting = new Map<string, Promise<T>>();

  /** What `read` gives, begun after this call. @param key equal keys read the same */
  read(key: string, read: () => Promise<T>): Promise<T> {
    const waiting = this.#waiting.get(key);
    if (waiting) return waiting;
    const made = this.#begin(key, read);
    this.#waiting.set(key, made);
    return made;
  }

  async #begin(key: string, read: () => Promise<T>): Promise<T> {
    // Questions that have arrived are taken first: they all share this read.
    await new Promise((resolve) => setImmediate(resolve));
    await this.#running.get(key)?.catch(() => undefined);
    this.#waiting.delete(key);
    const running = read();
    this.#running.set(key, running);
    try {
      return await running;
    } finally {
      if (this.#running.get(key) === running) this.#running.delete(key);
    }
  }
}
