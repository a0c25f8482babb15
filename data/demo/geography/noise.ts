import type { Prng } from "../prng.ts";

const SIZE = 64;
const MASK = SIZE - 1;

/** Smooth value noise over the plane, `[-1, 1]`, made of sums and products only: equal on every engine. */
export class ValueNoise {
  readonly #values: readonly number[];

  constructor(random: Prng) {
    this.#values = Array.from({ length: SIZE * SIZE }, () => random.range(-1, 1));
  }

  /** Noise with features about one unit wide; the field repeats every 64 units. */
  at(x: number, y: number): number {
    const column = Math.floor(x);
    const row = Math.floor(y);
    const u = ease(x - column);
    const v = ease(y - row);
    const low = mix(this.#corner(column, row), this.#corner(column + 1, row), u);
    const high = mix(this.#corner(column, row + 1), this.#corner(column + 1, row + 1), u);
    return mix(low, high, v);
  }

  /** Two octaves: a broad shape with some detail, about `[-1, 1]`. */
  rough(x: number, y: number): number {
    return (this.at(x, y) * 2 + this.at(x * 2.1 + 17, y * 2.1 + 31)) / 3;
  }

  #corner(column: number, row: number): number {
    return this.#values[(row & MASK) * SIZE + (column & MASK)] as number;
  }
}

const ease = (t: number): number => t * t * (3 - 2 * t);
const mix = (a: number, b: number, t: number): number => a + (b - a) * t;
