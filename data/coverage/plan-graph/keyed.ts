/** Buckets of the map: a write copies the list of buckets and one bucket. */
const BUCKETS = 256;

/** FNV-1a (Fowler, Noll, Vo) over the units of a text, folded to the number of buckets. */
function bucketOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 16)) & (BUCKETS - 1);
}

/** An immutable map by text that shares all buckets but the written ones with the map that it came from. */
export class Keyed<T> {
  readonly #buckets: readonly (ReadonlyMap<string, T> | undefined)[];
  readonly size: number;

  private constructor(buckets: readonly (ReadonlyMap<string, T> | undefined)[], size: number) {
    this.#buckets = buckets;
    this.size = size;
  }

  static of<T>(entries: Iterable<readonly [string, T]>): Keyed<T> {
    return new Keyed<T>(new Array(BUCKETS), 0).with(entries);
  }

  get(key: string): T | undefined {
    return this.#buckets[bucketOf(key)]?.get(key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  /** A map with other values at some keys; undefined takes a key out. */
  with(changes: Iterable<readonly [key: string, value: T | undefined]>): Keyed<T> {
    let buckets: (ReadonlyMap<string, T> | undefined)[] | undefined;
    const own = new Map<number, Map<string, T>>();
    let size = this.size;
    for (const [key, value] of changes) {
      const at = bucketOf(key);
      let bucket = own.get(at);
      if (!bucket) {
        buckets ??= this.#buckets.slice();
        bucket = new Map(buckets[at] ?? []);
        buckets[at] = bucket;
        own.set(at, bucket);
      }
      const had = bucket.has(key);
      if (value === undefined) bucket.delete(key);
      else bucket.set(key, value);
      size += (value === undefined ? 0 : 1) - (had ? 1 : 0);
    }
    return buckets ? new Keyed(buckets, size) : this;
  }

  /** Keys whose values differ between two maps; shared buckets cost nothing. */
  changedFrom(before: Keyed<T>): string[] {
    const found: string[] = [];
    for (let at = 0; at < BUCKETS; at++) {
      const [mine, other] = [this.#buckets[at], before.#buckets[at]];
      if (mine === other) continue;
      for (const [key, value] of mine ?? []) if (other?.get(key) !== value) found.push(key);
      for (const key of other?.keys() ?? []) if (!mine?.has(key)) found.push(key);
    }
    return found.sort();
  }

  *entries(): Generator<readonly [string, T]> {
    for (const bucket of this.#buckets) if (bucket) yield* bucket;
  }

  *values(): Generator<T> {
    for (const bucket of this.#buckets) if (bucket) yield* bucket.values();
  }

  /** Keys in order of their units, whatever way the map came about. */
  keys(): string[] {
    return [...this.entries()].map(([key]) => key).sort();
  }
}
