/**
 * Named pseudo-random generator: sfc32 (Chris Doty-Humphrey, PractRand), 128 bits of state, integer operations only, so
 * that every engine gives the same stream.
 */
export class Prng {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  /** @param seed any text; equal texts give equal streams */
  constructor(readonly seed: string) {
    // FNV-1a over the text, one lane per state word.
    let a = 0x811c9dc5 | 0;
    let b = 0x9e3779b9 | 0;
    let c = 0x85ebca6b | 0;
    for (let i = 0; i < seed.length; i++) {
      const code = seed.charCodeAt(i);
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b ^ code, 0x01000193);
      c = Math.imul(c ^ code, 0x01000193);
    }
    this.#a = a >>> 0;
    this.#b = b >>> 0;
    this.#c = c >>> 0;
    for (let i = 0; i < 16; i++) this.uint32();
  }

  /** A stream of its own for a named part: adding draws to one part does not move the others. */
  fork(name: string): Prng {
    return new Prng(`${this.seed}/${name}`);
  }

  /** 0 … 2^32 − 1 */
  uint32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** `[0, 1)` */
  float(): number {
    return this.uint32() / 4294967296;
  }

  /** `[low, high)` */
  range(low: number, high: number): number {
    return low + (high - low) * this.float();
  }

  /** Integer `low … high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.float() * (high - low + 1));
  }

  /** True with probability `p`. */
  chance(p: number): boolean {
    return this.float() < p;
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.float() * items.length)] as T;
  }

  /** Index drawn in proportion to the weights. */
  weighted(weights: readonly number[]): number {
    let total = 0;
    for (const weight of weights) total += weight;
    let rest = this.float() * total;
    for (let i = 0; i < weights.length; i++) {
      rest -= weights[i] as number;
      if (rest < 0) return i;
    }
    return weights.length - 1;
  }

  /** Approximately normal, mean 0 and deviation 1: sum of twelve uniforms less six (no transcendental function). */
  normal(): number {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += this.float();
    return sum;
  }

  shuffle<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i--) {
      const j = Math.floor(this.float() * (i + 1));
      [out[i], out[j]] = [out[j] as T, out[i] as T];
    }
    return out;
  }
}
