import { CachedBytes } from "./tile-cache.ts";

/** Memory is given out in pieces of this size. */
const PAGE = 32 * 1024;

/**
 * Memory for tiles that is used again and again. A tile of 250 KB in memory of its own counts against the limit at which
 * V8 looks through the whole heap: it did so every fortieth tile, a third of a tile's processor time, and the system
 * cleared each page anew. One block counts once, and its pages are touched only when a tile needs them.
 */
export class TileMemory {
  readonly #used: Uint8Array;
  #block: ArrayBuffer | undefined;
  /** Where to look for room first: behind what was taken last. */
  #next = 0;

  /** @param bytes that tiles may take here; those without room take memory of their own */
  constructor(bytes: number) {
    this.#used = new Uint8Array(Math.floor(bytes / PAGE));
  }

  /** Bytes that tiles have here now. */
  get bytes(): number {
    return this.#used.reduce((sum, used) => sum + used, 0) * PAGE;
  }

  /** Room for a tile, with whatever it held before. Small ones, and those that find none, get memory of their own. */
  take(size: number): Uint8Array<ArrayBuffer> {
    const pages = Math.ceil(size / PAGE);
    const first = size < PAGE ? -1 : this.#find(pages);
    if (first < 0) return new Uint8Array(size);
    this.#used.fill(1, first, first + pages);
    this.#next = first + pages;
    this.#block ??= new ArrayBuffer(this.#used.length * PAGE);
    return new Uint8Array(this.#block, first * PAGE, size);
  }

  /** Room of a tile that nobody reads any more: the next one writes there. */
  giveBack(tile: Uint8Array): void {
    if (tile.buffer !== this.#block) return;
    const first = tile.byteOffset / PAGE;
    this.#used.fill(0, first, first + Math.ceil(tile.length / PAGE));
  }

  /** First of so many free pages in a row; −1 = there are none. */
  #find(pages: number): number {
    const total = this.#used.length;
    for (const [from, to] of [
      [this.#next, total],
      [0, Math.min(total, this.#next + pages)],
    ] as const) {
      let free = 0;
      for (let page = from; page < to; page++) {
        free = this.#used[page] === 0 ? free + 1 : 0;
        if (free === pages) return page - pages + 1;
      }
    }
    return -1;
  }
}

/**
 * Bytes whose memory is used again once nobody reads them: not the cache, and no answer on its way. Who never says so keeps
 * them from being used again, no more.
 */
export class LentBytes extends CachedBytes {
  #users = 0;
  readonly #giveBack: () => void;

  /** @param giveBack called once, when the last user is done */
  constructor(bytes: Uint8Array, giveBack: () => void) {
    super(bytes);
    this.#giveBack = giveBack;
  }

  /** They are needed until `done`, which each user says once. */
  use(): this {
    this.#users++;
    return this;
  }

  done(): void {
    this.#users--;
    if (this.#users === 0) this.#giveBack();
  }
}
