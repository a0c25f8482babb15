/** Start size of the hash table; a power of two. */
const FIRST_SLOTS = 1024;

/**
 * Pairs of whole numbers from 0, low before high, each kept once under a number: 0, 1, 2 … in the order in which they came.
 * A `Map` with low × n + high as its key would hold a number object for each pair, and costs ten times as much.
 */
export class NumberPairs {
  #lows: Int32Array;
  #highs: Int32Array;
  #slots: Int32Array;
  #count = 0;

  constructor(expected = FIRST_SLOTS) {
    let slots = FIRST_SLOTS;
    while (slots < expected * 2) slots *= 2;
    this.#slots = new Int32Array(slots).fill(-1);
    this.#lows = new Int32Array(slots / 2);
    this.#highs = new Int32Array(slots / 2);
  }

  get count(): number {
    return this.#count;
  }

  /** Lows and highs of all pairs: views that end when the next pair is added. */
  get lows(): Int32Array {
    return this.#lows.subarray(0, this.#count);
  }

  get highs(): Int32Array {
    return this.#highs.subarray(0, this.#count);
  }

  low(pair: number): number {
    return this.#lows[pair] as number;
  }

  high(pair: number): number {
    return this.#highs[pair] as number;
  }

  /** Number of a pair, which is added when it is new. @param low not above `high` */
  add(low: number, high: number): number {
    const slot = this.#slotOf(low, high);
    const known = this.#slots[slot] as number;
    if (known >= 0) return known;
    if ((this.#count + 1) * 2 > this.#slots.length) {
      this.#grow();
      return this.add(low, high);
    }
    const pair = this.#count++;
    this.#slots[slot] = pair;
    this.#lows[pair] = low;
    this.#highs[pair] = high;
    return pair;
  }

  #slotOf(low: number, high: number): number {
    const mask = this.#slots.length - 1;
    // Multipliers of the finaliser of MurmurHash3 (A. Appleby, public domain).
    let hash = Math.imul(low, 0x85ebca6b) ^ Math.imul(high, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    let slot = (hash ^ (hash >>> 13)) & mask;
    for (;;) {
      const pair = this.#slots[slot] as number;
      if (pair < 0 || (this.#lows[pair] === low && this.#highs[pair] === high)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const size = this.#slots.length * 2;
    const [lows, highs] = [new Int32Array(size / 2), new Int32Array(size / 2)];
    lows.set(this.#lows);
    highs.set(this.#highs);
    this.#lows = lows;
    this.#highs = highs;
    this.#slots = new Int32Array(size).fill(-1);
    for (let pair = 0; pair < this.#count; pair++)
      this.#slots[this.#slotOf(lows[pair] as number, highs[pair] as number)] = pair;
  }
}
