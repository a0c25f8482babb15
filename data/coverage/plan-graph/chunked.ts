/** Values of a chunk: small enough to copy for one write, large enough that the list of chunks stays short. */
const CHUNK = 64;

/**
 * An immutable list by index that shares all chunks but the written ones with the list that it came from: a write costs
 * the list of chunks and one chunk, whatever the length.
 */
export class Chunked<T> {
  readonly #chunks: readonly (readonly T[])[];
  readonly length: number;

  private constructor(chunks: readonly (readonly T[])[], length: number) {
    this.#chunks = chunks;
    this.length = length;
  }

  static of<T>(values: readonly T[]): Chunked<T> {
    const chunks: T[][] = [];
    for (let i = 0; i < values.length; i += CHUNK) chunks.push(values.slice(i, i + CHUNK));
    return new Chunked(chunks, values.length);
  }

  get(index: number): T | undefined {
    return this.#chunks[Math.floor(index / CHUNK)]?.[index % CHUNK];
  }

  /** A list with other values at some places; places from `length` on lengthen it and must leave no hole. */
  with(changes: Iterable<readonly [index: number, value: T]>): Chunked<T> {
    let chunks: (readonly T[])[] | undefined;
    const own = new Map<number, T[]>();
    let length = this.length;
    for (const [index, value] of changes) {
      const at = Math.floor(index / CHUNK);
      let chunk = own.get(at);
      if (!chunk) {
        chunks ??= this.#chunks.slice();
        chunk = (chunks[at] ?? []).slice();
        chunks[at] = chunk;
        own.set(at, chunk);
      }
      chunk[index % CHUNK] = value;
      length = Math.max(length, index + 1);
    }
    return chunks ? new Chunked(chunks, length) : this;
  }

  /** Places at which two lists differ, in order; shared chunks cost nothing. */
  changedFrom(before: Chunked<T>): number[] {
    const found: number[] = [];
    const chunks = Math.max(this.#chunks.length, before.#chunks.length);
    for (let at = 0; at < chunks; at++) {
      const [mine, other] = [this.#chunks[at], before.#chunks[at]];
      if (mine === other) continue;
      const count = Math.max(mine?.length ?? 0, other?.length ?? 0);
      for (let i = 0; i < count; i++) if (mine?.[i] !== other?.[i]) found.push(at * CHUNK + i);
    }
    return found;
  }

  *[Symbol.iterator](): Generator<T> {
    for (const chunk of this.#chunks) yield* chunk;
  }
}
