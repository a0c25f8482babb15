import type { RowRange } from "../../../plane/types.ts";

/** Ranges nearer than this are written as one: a write costs more than the rows between. */
const GAP = 256;
/** More ranges than this are joined: a settled tail touches everything anyway. */
const MOST = 128;

/** Rows that changed since they were last taken: what the GPU has to be sent. */
export class ChangedRows {
  #all = true;
  #ranges: RowRange[] = [];

  /** Notes changed rows; undefined = any row. */
  note(ranges: readonly RowRange[] | undefined): void {
    if (!ranges) this.#all = true;
    else if (!this.#all) this.#ranges.push(...ranges);
    if (this.#ranges.length > MOST) this.#ranges = joined(this.#ranges, GAP * 16);
    if (this.#ranges.length > MOST) this.#all = true;
  }

  /** What changed since the last call: "all", or ranges that do not touch, in order. */
  take(): readonly RowRange[] | "all" {
    const taken = this.#all ? "all" : joined(this.#ranges, GAP);
    this.#all = false;
    this.#ranges = [];
    return taken;
  }
}

function joined(ranges: readonly RowRange[], gap: number): RowRange[] {
  const out: [number, number][] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last && from <= last[1] + gap) last[1] = Math.max(last[1], to);
    else if (to > from) out.push([from, to]);
  }
  return out;
}
