/**
 * Collects the keys that resolvers ask for in one turn and loads them together, so that the number of SQL statements of
 * an operation does not grow with its rows. One request, one set of loaders: answers are remembered for its life only.
 */
export class BatchLoader<Key extends string | number, Value> {
  readonly #loadAll: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>;
  readonly #answers = new Map<Key, Promise<Value | undefined>>();
  #waiting: { key: Key; resolve: (value: Value | undefined) => void; reject: (error: unknown) => void }[] = [];

  /** @param loadAll loads distinct keys; keys without a value are absent from its answer */
  constructor(loadAll: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>) {
    this.#loadAll = loadAll;
  }

  /** The value of a key; undefined when there is none. */
  load(key: Key): Promise<Value | undefined> {
    const known = this.#answers.get(key);
    if (known) return known;
    const answer = new Promise<Value | undefined>((resolve, reject) => {
      this.#waiting.push({ key, resolve, reject });
      // After the promise jobs that are pending now: resolvers of one level all ask before that.
      if (this.#waiting.length === 1) void Promise.resolve().then(() => process.nextTick(() => this.#dispatch()));
    });
    this.#answers.set(key, answer);
    return answer;
  }

  #dispatch(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#loadAll(waiting.map(({ key }) => key)).then(
      (values) => {
        for (const { key, resolve } of waiting) resolve(values.get(key));
      },
      (error: unknown) => {
        for (const { reject } of waiting) reject(error);
      },
    );
  }
}
