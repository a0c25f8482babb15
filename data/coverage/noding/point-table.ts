/** Start size of the hash table; a power of two. */
const FIRST_SLOTS = 1024;

/** Points of the lattice, each kept once under a number: 0, 1, 2 … in the order in which they came. */
export class PointTable {
  #xs: Int32Array;
  #ys: Int32Array;
  #slots: Int32Array;
  #count = 0;

  constructor(expected = FIRST_SLOTS) {
    let slots = FIRST_SLOTS;
    while (slots < expected * 2) slots *= 2;
    this.#slots = new Int32Array(slots).fill(-1);
    this.#xs = new Int32Array(slots / 2);
    this.#ys = new Int32Array(slots / 2);
  }

  get count(): number {
    return this.#count;
  }

  x(point: number): number {
    return this.#xs[point] as number;
  }

  y(point: number): number {
    return this.#ys[point] as number;
  }

  /** Coordinates of all points in lattice units: views that end when the next point is added. */
  get xs(): Int32Array {
    return this.#xs.subarray(0, this.#count);
  }

  get ys(): Int32Array {
    return this.#ys.subarray(0, this.#count);
  }

  /** Number of a point; -1 when it was never added. */
  find(x: number, y: number): number {
    return this.#slots[this.#slotOf(x, y)] as number;
  }

  /** Number of a point, which is added when it is new. */
  add(x: number, y: number): number {
    const slot = this.#slotOf(x, y);
    const known = this.#slots[slot] as number;
    if (known >= 0) return known;
    const point = this.#count++;
    if (this.#count * 2 > this.#slots.length) {
      this.#grow();
      this.#slots[this.#slotOf(x, y)] = point;
    } else this.#slots[slot] = point;
    this.#xs[point] = x;
    this.#ys[point] = y;
    return point;
  }

  /** Where the point stands, or the free slot where it would. */
  #slotOf(x: number, y: number): number {
    const mask = this.#slots.length - 1;
    // Multipliers of the finaliser of MurmurHash3 (A. Appleby, public domain): neighbours on the lattice fall far apart.
    let hash = Math.imul(x, 0x85ebca6b) ^ Math.imul(y, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    let slot = (hash ^ (hash >>> 13)) & mask;
    for (;;) {
      const point = this.#slots[slot] as number;
      if (point < 0 || (this.#xs[point] === x && this.#ys[point] === y)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const size = this.#slots.length * 2;
    const [xs, ys] = [new Int32Array(size / 2), new Int32Array(size / 2)];
    xs.set(this.#xs);
    ys.set(this.#ys);
    this.#xs = xs;
    this.#ys = ys;
    this.#slots = new Int32Array(size).fill(-1);
    for (let point = 0; point < this.#count - 1; point++)
      this.#slots[this.#slotOf(xs[point] as number, ys[point] as number)] = point;
  }
}
