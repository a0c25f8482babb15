/**
 * Sends the batches of a request in waves: all that is waiting goes out together, and what is asked for meanwhile waits
 * until the wave is back. So the same operation always sends the same statements, however the answers race.
 */
export class BatchScheduler {
  #waiting: (() => Promise<void>)[] = [];
  #inFlight = 0;
  #woken = false;

  /** @param send sends one batch; never rejects */
  add(send: () => Promise<void>): void {
    this.#waiting.push(send);
    this.#wake();
  }

  #wake(): void {
    if (this.#woken || this.#inFlight > 0 || this.#waiting.length === 0) return;
    this.#woken = true;
    // After the promise jobs that are pending now: resolvers of one level all ask before that.
    void Promise.resolve().then(() => process.nextTick(() => this.#sendAll()));
  }

  #sendAll(): void {
    this.#woken = false;
    const wave = this.#waiting;
    this.#waiting = [];
    this.#inFlight = wave.length;
    for (const send of wave)
      void send().then(() => {
        this.#inFlight--;
        this.#wake();
      });
  }
}

/**
 * Collects the keys that resolvers ask for in one turn and loads them together, so that the number of SQL statements of
 * an operation does not grow with its rows. One request, one set of loaders: answers are remembered for its life only.
 */
export class BatchLoader<Key extends string | number, Value> {
  readonly #loadAll: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>;
  readonly #scheduler: BatchScheduler;
  readonly #answers = new Map<Key, Promise<Value | undefined>>();
  #waiting: { key: Key; resolve: (value: Value | undefined) => void; reject: (error: unknown) => void }[] = [];

  /** @param loadAll loads distinct keys; keys without a value are absent from its answer */
  constructor(scheduler: BatchScheduler, loadAll: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>) {
    this.#scheduler = scheduler;
    this.#loadAll = loadAll;
  }

  /** The value of a key; undefined when there is none. */
  load(key: Key): Promise<Value | undefined> {
    const known = this.#answers.get(key);
    if (known) return known;
    const answer = new Promise<Value | undefined>((resolve, reject) => {
      this.#waiting.push({ key, resolve, reject });
      if (this.#waiting.length === 1) this.#scheduler.add(() => this.#send());
    });
    this.#answers.set(key, answer);
    return answer;
  }

  async #send(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      const values = await this.#loadAll(batch.map(({ key }) => key));
      for (const { key, resolve } of batch) resolve(values.get(key));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
