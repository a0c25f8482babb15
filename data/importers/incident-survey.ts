import { bugError } from "../model/errors.ts";
import { fromLattice } from "../model/geometry.ts";
import { findDefaultPoints, PILES_TO_READ, type Pile } from "./default-points.ts";
import type { IncidentGlance } from "./incident-rows.ts";
import { PositionCounts } from "./position-counts.ts";

/** Bits for each expected line: with so many, one in a hundred lines shares its bit with another. */
const BITS_PER_LINE = 64;
const MIN_BITS = 2 ** 16;
const MAX_BITS = 2 ** 28;

/** Where the last line of an id stands. */
export interface LastLine {
  /** Number of the line among all lines of the files, from 0. */
  readonly ordinal: number;
  /** `file.csv:42` */
  readonly at: string;
}

/**
 * What must be known of all lines before the first is written: which ids come again further on (the last line of an id is
 * taken), which whole lines are repeated, and where the default points lie. At most 32 MB, 50 MB for positions, and a little for
 * each line that comes twice, whatever the size of the file.
 */
export class IncidentSurvey {
  readonly #bits: Uint32Array;
  readonly #mask: number;
  /** Last line of each key whose bit was set before: those that come twice, and a few that share a bit. */
  readonly #again = new Map<number, LastLine>();
  readonly #copies = new Map<number, number>();
  /** Until they were asked for. */
  #positions: PositionCounts | undefined = new PositionCounts();
  lines = 0;

  /** @param expectedLines an estimate; more lines only make more of them be looked at twice */
  constructor(expectedLines: number) {
    let bits = MIN_BITS;
    while (bits < MAX_BITS && bits < expectedLines * BITS_PER_LINE) bits *= 2;
    this.#bits = new Uint32Array(bits / 32);
    this.#mask = bits - 1;
  }

  /**
   * Takes the next line.
   *
   * @param isCase whether the line can be read as a case: a line that cannot takes no earlier one's place
   */
  see({ key, x, y }: IncidentGlance, at: string, isCase: () => boolean): void {
    const ordinal = this.lines++;
    if (x !== null && y !== null) this.#positions?.add(x, y);
    const low = hash(key, 0x811c9dc5);
    const bit = low & this.#mask;
    const word = bit >>> 5;
    const flag = 1 << (bit & 31);
    const before = this.#bits[word] as number;
    if ((before & flag) === 0) this.#bits[word] = before | flag;
    else if (isCase()) this.#again.set(wide(key, low), { ordinal, at });
  }

  /** The last line of a key, where it comes again after a line; undefined when the line is the last. */
  later(key: string, ordinal: number): LastLine | undefined {
    if (this.#again.size === 0) return undefined;
    const last = this.#again.get(wide(key, hash(key, 0x811c9dc5)));
    return last && last.ordinal > ordinal ? last : undefined;
  }

  /** Which copy of a line without an id this is, from 1. Lines must be asked for in order. */
  copy(key: string): number {
    if (this.#again.size === 0) return 1;
    const number = wide(key, hash(key, 0x811c9dc5));
    if (!this.#again.has(number)) return 1;
    const nth = (this.#copies.get(number) ?? 0) + 1;
    this.#copies.set(number, nth);
    return nth;
  }

  /**
   * The positions that look like defaults (`findDefaultPoints`), and lines with a position. Asked once, after the last line:
   * the counts are let go, since the memory is wanted for writing.
   */
  takeDefaultPoints(): { readonly points: readonly Pile[]; readonly rows: number } {
    const positions = this.#positions;
    if (!positions) throw bugError("default points are asked for once");
    this.#positions = undefined;
    const { rows, distinct } = positions;
    const largest = positions
      .largest(PILES_TO_READ)
      .map(({ x, y, count }) => ({ lon: fromLattice(x), lat: fromLattice(y), count }));
    return { points: findDefaultPoints(largest, rows, distinct), rows };
  }
}

/** FNV-1a over a text, mixed so that every bit tells. */
function hash(text: string, start: number): number {
  let value = start | 0;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** 53 bits that stand for a key: two of ten million keys are told apart with a chance of one in a hundred. */
const wide = (key: string, low: number): number => (hash(key, 0x9e3779b9) >>> 11) * 2 ** 32 + low;
