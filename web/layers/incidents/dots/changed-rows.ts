import type { RowRange } from "./case-buffers.ts";

/** Rows that changed since they were last taken, joined to one range: what one write to the GPU has to bring. */
export class ChangedRows {
  #all = true;
  #from = Number.POSITIVE_INFINITY;
  #to = 0;

  /** Notes a change; undefined = any row. */
  note(range: RowRange | undefined): void {
    if (!range) this.#all = true;
    else {
      this.#from = Math.min(this.#from, range[0]);
      this.#to = Math.max(this.#to, range[1]);
    }
  }

  /** What changed since the last call: "all", a range, or undefined for nothing. */
  take(): RowRange | "all" | undefined {
    const all = this.#all;
    const range: RowRange | undefined = this.#to > this.#from ? [this.#from, this.#to] : undefined;
    this.#all = false;
    this.#from = Number.POSITIVE_INFINITY;
    this.#to = 0;
    return all ? "all" : range;
  }
}
