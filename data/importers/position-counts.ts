/** A position and how many lines lie on it. */
export interface PositionCount {
  /** Lattice units. */
  readonly x: number;
  readonly y: number;
  readonly count: number;
}

const FIRST_SLOTS = 2 ** 14;
const MAX_SLOTS = 2 ** 22;
const FILL = 0.7;

/**
 * Counts lines by their exact position, in 12 bytes a slot and at most 50 MB: exact up to 2.9 million positions, beyond that
 * positions that were met least are forgotten, which no pile is.
 */
export class PositionCounts {
  rows = 0;
  /** Positions that were met; those forgotten and met again count again. */
  distinct = 0;
  #slots = FIRST_SLOTS;
  #held = 0;
  #x = new Int32Array(FIRST_SLOTS);
  #y = new Int32Array(FIRST_SLOTS);
  /** 0 = free. */
  #count = new Uint32Array(FIRST_SLOTS);

  add(x: number, y: number): void {
    this.rows++;
    const slot = this.#slot(x, y);
    const count = this.#count[slot] as number;
    this.#count[slot] = count + 1;
    if (count > 0) return;
    this.#x[slot] = x;
    this.#y[slot] = y;
    this.distinct++;
    if (++this.#held > this.#slots * FILL) this.#grow();
  }

  /** The largest piles, largest first; of equal ones the western, then the southern first. */
  largest(n: number): PositionCount[] {
    let found: PositionCount[] = [];
    let least = 0;
    for (let slot = 0; slot < this.#slots; slot++) {
      const count = this.#count[slot] as number;
      if (count === 0 || count < least) continue;
      found.push({ x: this.#x[slot] as number, y: this.#y[slot] as number, count });
      if (found.length < 64 * n) continue;
      found = topOf(found, n);
      least = found.at(-1)?.count ?? 0;
    }
    return topOf(found, n);
  }

  /** Where a position is counted, or the free slot for it. */
  #slot(x: number, y: number): number {
    let mixed = Math.imul(x, 0x9e3779b1) ^ Math.imul(y ^ (y >>> 15), 0x85ebca77);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae3d);
    let slot = (mixed ^ (mixed >>> 13)) & (this.#slots - 1);
    while (this.#count[slot] !== 0 && !(this.#x[slot] === x && this.#y[slot] === y))
      slot = (slot + 1) & (this.#slots - 1);
    return slot;
  }

  #grow(): void {
    const [x, y, count, slots] = [this.#x, this.#y, this.#count, this.#slots];
    const full = slots >= MAX_SLOTS;
    // Half of what is held must go, or the table would be gone over again and again.
    const least = full ? leastToKeep(count, this.#held / 2) : 1;
    this.#slots = full ? slots : slots * 4;
    this.#x = new Int32Array(this.#slots);
    this.#y = new Int32Array(this.#slots);
    this.#count = new Uint32Array(this.#slots);
    this.#held = 0;
    for (let old = 0; old < slots; old++) {
      const n = count[old] as number;
      if (n < least) continue;
      const slot = this.#slot(x[old] as number, y[old] as number);
      this.#x[slot] = x[old] as number;
      this.#y[slot] = y[old] as number;
      this.#count[slot] = n;
      this.#held++;
    }
  }
}

const topOf = (found: PositionCount[], n: number): PositionCount[] =>
  found.sort((a, b) => b.count - a.count || a.x - b.x || a.y - b.y).slice(0, n);

/** The count from which on positions are kept, so that at most so many are. */
function leastToKeep(counts: Uint32Array, most: number): number {
  for (let least = 2; ; least++) {
    let kept = 0;
    for (const count of counts) if (count >= least) kept++;
    if (kept <= most) return least;
  }
}
