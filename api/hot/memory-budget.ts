import { ROW_BYTES } from "../../data/columns/store-arrays.ts";
import type { CountySlot } from "./county-slot.ts";

/** Bytes that a case takes with its place in the index by `ref`, whose pages are not all full. */
const CASE_BYTES = ROW_BYTES + 6;
/** A county that was asked for within this time is not put out for another one. */
const KEEP_MS = 5 * 60_000;
/** Bytes that the counts made ahead may take for a case, at most: with them the cube's instants lie days apart. */
const AHEAD_BYTES = 32;
/** Fewer cases than this are not worth a place: nearly every question reaches beyond them. */
const MIN_ROOM = 10_000;

/** How much memory the cases of all counties may take together. */
export class MemoryBudget {
  readonly #bytes: number;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /**
   * How many of its newest cases a county may hold. Counties that nobody has asked for in a while make room for it, the
   * one that was asked for longest ago first.
   *
   * @returns infinity where all of them fit; 0 = none
   */
  roomFor(cases: number, slot: CountySlot, held: Iterable<CountySlot>): number {
    const others = [...held].filter((one) => one !== slot).sort((a, b) => a.usedAt - b.usedAt);
    let free = this.#bytes - others.reduce((sum, one) => sum + (one.county?.bytes ?? 0), 0);
    // Counts made ahead and copies are the first to go: without them answers only take longer.
    for (const other of others) {
      if (free >= cases * CASE_BYTES) break;
      free += other.county?.spareBytes ?? 0;
      other.county?.forgetSpare();
    }
    for (const other of others) {
      if (free >= cases * CASE_BYTES) break;
      if (other.usedAt > performance.now() - KEEP_MS || other.usedAt >= slot.usedAt) continue;
      free += other.county?.bytes ?? 0;
      other.drop();
    }
    const room = Math.floor(free / CASE_BYTES);
    if (room >= cases) return Number.POSITIVE_INFINITY;
    return room >= MIN_ROOM ? room : 0;
  }
  /**
   * Bytes that the counts of a county may take beside its cases: of what is left, nothing goes for them.
   *
   * @param bytes that its cases take
   */
  roomAhead(cases: number, bytes: number, slot: CountySlot, held: Iterable<CountySlot>): number {
    const others = [...held].filter((one) => one !== slot);
    const free = this.#bytes - bytes - others.reduce((sum, one) => sum + (one.county?.bytes ?? 0), 0);
    return Math.max(0, Math.min(free, cases * AHEAD_BYTES));
  }
}
