import type { Layer } from "@deck.gl/core";

/** Corners of a layer that stays as it is: few enough that one is soon made anew, many enough that a county is some dozens. */
const BUCKET = 20_000;
/** Corners that may lie in the layer of what was changed lately before they go back to where they belong. */
const LATELY = 6_000;

/** What one of the layers is made of. */
export interface Tier<K, T> {
  readonly id: string;
  readonly data: readonly T[];
  /** Whether a thing is drawn by another layer by now, and shall not be seen in this one. */
  readonly isHidden: (key: K) => boolean;
  /** Another number: things look otherwise or are hidden, though `data` may be the same. */
  readonly look: number;
}

/** How things are drawn. */
export interface Drawing<K, T> {
  /** Begin of the layers' ids. */
  readonly id: string;
  /** What is drawn of a thing now; nothing for one that is gone. */
  readonly itemsOf: (key: K) => readonly T[];
  /** How many corners an item has. */
  readonly cornersOf: (item: T) => number;
  readonly make: (tier: Tier<K, T>) => Layer;
}

/** One layer and what is in it. */
class Bucket<K, T> {
  readonly keys = new Set<K>();
  corners = 0;
  look = 0;
  #data: readonly T[] | undefined;
  #layer: Layer | undefined;
  #layerLook = -1;

  /** What is in it is other than before. */
  refill(): void {
    this.#data = undefined;
  }

  layer(id: string, { itemsOf, make }: Drawing<K, T>, isHidden: (key: K) => boolean): Layer | undefined {
    if (this.keys.size === 0) this.#layer = undefined;
    else if (!this.#data || !this.#layer || this.#layerLook !== this.look) {
      this.#data ??= [...this.keys].flatMap((key) => itemsOf(key));
      this.#layer = make({ id, data: this.#data, isHidden, look: this.look });
      this.#layerLook = this.look;
    }
    return this.#layer;
  }
}

/**
 * Keeps many things drawn in layers so that a change of few costs little: what a hand moves is a small layer of its own, made anew
 * with each event; what was changed lately a second one; all else are large layers that stay and hide what the small ones draw.
 */
export class TieredLayers<K, T> {
  readonly #drawing: Drawing<K, T>;
  readonly #homes = new Map<K, Bucket<K, T>>();
  readonly #buckets: Bucket<K, T>[] = [];
  #lately = new Bucket<K, T>();
  #moving = new Bucket<K, T>();

  constructor(drawing: Drawing<K, T>) {
    this.#drawing = drawing;
  }

  /**
   * @param changed things that are other than at the last call, new ones and gone ones among them
   * @param restyled things that only look otherwise; `all` for every one
   * @param isMoving whether a hand is moving them: they will change again at once
   */
  layers(changed: Iterable<K>, restyled: Iterable<K> | "all", isMoving: boolean): Layer[] {
    for (const key of changed) this.#move(key);
    if (restyled === "all") for (const bucket of [...this.#buckets, this.#lately, this.#moving]) bucket.look++;
    else for (const key of restyled) this.#bucketOf(key).look++;
    if (!isMoving && this.#moving.keys.size > 0) this.#rest();
    const isMoved = (key: K): boolean => this.#moving.keys.has(key);
    const isAway = (key: K): boolean => isMoved(key) || this.#lately.keys.has(key);
    const { id } = this.#drawing;
    return [
      ...this.#buckets.map((bucket, n) => bucket.layer(`${id}-${n}`, this.#drawing, isAway)),
      this.#lately.layer(`${id}-lately`, this.#drawing, isMoved),
      this.#moving.layer(`${id}-moving`, this.#drawing, () => false),
    ].filter((layer) => layer !== undefined);
  }

  /** The bucket that shows a thing. */
  #bucketOf(key: K): Bucket<K, T> {
    if (this.#moving.keys.has(key)) return this.#moving;
    if (this.#lately.keys.has(key)) return this.#lately;
    return this.#homes.get(key) ?? this.#moving;
  }

  #move(key: K): void {
    this.#bucketOf(key).look++;
    this.#moving.keys.add(key);
    this.#moving.refill();
  }

  /** What a hand moved is what was changed lately; as soon as that is much, all of it goes back to where it belongs. */
  #rest(): void {
    const keys = new Set([...this.#lately.keys, ...this.#moving.keys]);
    const corners = [...keys].reduce((sum, key) => sum + this.#weigh(key), 0);
    this.#moving = new Bucket();
    this.#lately = new Bucket();
    if (corners > LATELY) for (const key of keys) this.#settle(key);
    else for (const key of keys) this.#lately.keys.add(key);
  }

  #weigh(key: K): number {
    const { itemsOf, cornersOf } = this.#drawing;
    return itemsOf(key).reduce((sum, item) => sum + cornersOf(item), 0);
  }

  /** Puts a thing into its bucket, or into one with room where it has none yet. */
  #settle(key: K): void {
    const corners = this.#weigh(key);
    let home = this.#homes.get(key);
    if (!home) {
      if (corners === 0) return;
      home = this.#room();
      home.corners += corners;
      this.#homes.set(key, home);
      home.keys.add(key);
    } else if (corners === 0) {
      home.keys.delete(key);
      this.#homes.delete(key);
    }
    home.refill();
  }

  #room(): Bucket<K, T> {
    const last = this.#buckets[this.#buckets.length - 1];
    if (last && last.corners < BUCKET) return last;
    const made = new Bucket<K, T>();
    this.#buckets.push(made);
    return made;
  }
}
