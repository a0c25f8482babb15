import type { RawFeature } from "../../../../data/importers/raw-layer.ts";
import { maskFreeText } from "../../../../data/policy/free-text.ts";

/** Rows that are shown. */
const MAX_ROWS = 50;
const MAX_SAMPLES = 3;
const MAX_COLUMNS = 200;
const LONGEST_CELL = 80;

/** A value as it may be shown: what names a resident is masked, as importers do. */
function shownText(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = maskFreeText(typeof value === "object" ? JSON.stringify(value) : String(value)).text.trim();
  return text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL)}…` : text;
}

/** First rows of a layer, and some different values of each column. */
export class PreviewTable {
  readonly rows: string[][] = [];
  readonly numbers: number[] = [];
  readonly fields: readonly string[];
  readonly #samples = new Map<string, Set<string>>();

  constructor(fields: readonly string[]) {
    this.fields = fields.slice(0, MAX_COLUMNS);
  }

  add({ number, properties }: RawFeature): void {
    const shown = this.rows.length < MAX_ROWS ? this.fields.map((field) => shownText(properties[field])) : undefined;
    if (shown) {
      this.rows.push(shown);
      this.numbers.push(number);
    }
    for (const [index, field] of this.fields.entries()) {
      const samples = this.#samples.get(field) ?? new Set();
      if (samples.size >= MAX_SAMPLES) continue;
      const text = shown?.[index] ?? shownText(properties[field]);
      if (text !== "") samples.add(text);
      this.#samples.set(field, samples);
    }
  }

  samples(field: string): string[] {
    return [...(this.#samples.get(field) ?? [])];
  }
}
