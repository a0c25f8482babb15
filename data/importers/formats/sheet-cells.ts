import { dataError } from "../../model/errors.ts";
import type { XmlHandler } from "./xml-events.ts";

/** Columns of a sheet (Excel's limit). */
export const MAX_COLUMNS = 16_384;

/** Column (first = 0) of a reference such as `AB12`; undefined for what is none. */
export function columnOf(reference: string): number | undefined {
  const letters = /^([A-Z]{1,3})\d+$/.exec(reference)?.[1];
  if (letters === undefined) return undefined;
  let column = 0;
  for (const letter of letters) column = 26 * column + letter.charCodeAt(0) - 64;
  return column - 1;
}

export interface SheetRow {
  /** As the sheet numbers it, first = 1. */
  readonly number: number;
  readonly cells: readonly unknown[];
}

export interface SheetWords {
  /** Text of a shared string; undefined where there is none of that number. */
  readonly shared: (index: number) => string | undefined;
  /** Whether a cell of that style shows a date. */
  readonly isDate: (style: number) => boolean;
  /** Days are counted from 1904 in workbooks of old Macs. */
  readonly from1904: boolean;
  readonly onFault: (kind: SheetFault, reference: string) => void;
}

export type SheetFault = "no_shared_string" | "error_value" | "formula_without_value" | "bad_number";

/** Rows of a worksheet (ECMA-376 part 1, 18.3): numbers, text, true and false, dates as `2025-03-01 08:05:00`. */
export class SheetReader implements XmlHandler {
  readonly #rows: SheetRow[] = [];
  #cells: unknown[] | undefined;
  #rowNumber = 0;
  #column = -1;
  #reference = "";
  #type = "n";
  #style = 0;
  #value: string | undefined;
  #formula = false;
  #inPhonetic = false;
  #collect = false;

  constructor(
    readonly file: string,
    readonly words: SheetWords,
  ) {}

  take(): SheetRow[] {
    return this.#rows.splice(0);
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === "row") {
      const number = Number(attributes["r"] ?? this.#rowNumber + 1);
      this.#rowNumber = Number.isSafeInteger(number) && number > 0 ? number : this.#rowNumber + 1;
      this.#cells = [];
      this.#column = -1;
    } else if (name === "c" && this.#cells) {
      this.#reference = attributes["r"] ?? "";
      this.#column = columnOf(this.#reference) ?? this.#column + 1;
      if (this.#column >= MAX_COLUMNS)
        throw dataError(`${this.file}: cell ${this.#reference} lies beyond the last column`, {
          at: `${this.file}:${this.#rowNumber}`,
        });
      this.#type = attributes["t"] ?? "n";
      this.#style = Number(attributes["s"] ?? 0);
      this.#value = undefined;
      this.#formula = false;
    } else if (name === "v" || name === "t") {
      this.#collect = !this.#inPhonetic;
    } else if (name === "f") this.#formula = true;
    else if (name === "rPh") this.#inPhonetic = true;
  }

  text(text: string): void {
    if (this.#collect) this.#value = (this.#value ?? "") + text;
  }

  close(name: string): void {
    if (name === "v" || name === "t") this.#collect = false;
    else if (name === "rPh") this.#inPhonetic = false;
    else if (name === "c" && this.#cells) {
      const value = this.#cell();
      if (value !== null) this.#cells[this.#column] = value;
    } else if (name === "row" && this.#cells) {
      if (this.#cells.length > 0) this.#rows.push({ number: this.#rowNumber, cells: this.#cells });
      this.#cells = undefined;
    }
  }

  #cell(): unknown {
    const value = this.#value;
    if (value === undefined) {
      if (this.#formula) this.words.onFault("formula_without_value", this.#reference);
      return null;
    }
    switch (this.#type) {
      case "s": {
        const text = /^\d+$/.test(value) ? this.words.shared(Number(value)) : undefined;
        if (text === undefined) this.words.onFault("no_shared_string", this.#reference);
        return text ?? null;
      }
      case "inlineStr":
      case "str":
      case "d":
        return value;
      case "b":
        return value === "1" || value === "true";
      case "e":
        this.words.onFault("error_value", this.#reference);
        return null;
      default:
        return this.#number(value);
    }
  }

  #number(text: string): unknown {
    const number = Number(text);
    if (text.trim() === "" || !Number.isFinite(number)) {
      this.words.onFault("bad_number", this.#reference);
      return null;
    }
    return this.words.isDate(this.#style) ? (serialDate(number, this.words.from1904) ?? number) : number;
  }
}

const DAY_MS = 86_400_000;
/** Day 25,569 is 1970-01-01 (day 1 is 1900-01-01, and the 29 February 1900 that never was is counted). */
const DAYS_TO_1970 = 25_569;
const DAYS_1900_TO_1904 = 1_462;
const LAST_DAY = 2_958_465;

/** `2025-03-01`, with the time where there is one; undefined for a number that is no day of Excel's (0 … 9999-12-31). */
export function serialDate(serial: number, from1904: boolean): string | undefined {
  const days = serial + (from1904 ? DAYS_1900_TO_1904 : 0);
  if (days < 0 || days > LAST_DAY + 1) return undefined;
  const seconds = Math.round((days - DAYS_TO_1970) * (DAY_MS / 1000));
  const iso = new Date(seconds * 1000).toISOString();
  if (days < 1) return iso.slice(11, 19);
  return iso.endsWith("T00:00:00.000Z") ? iso.slice(0, 10) : iso.slice(0, 19).replace("T", " ");
}

/** Built-in formats that show a date or a time (ECMA-376 part 1, 18.8.30; 27–36 and 50–58 in Chinese and Japanese). */
export const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);

/** True when a number format shows a day or an hour: quoted text, colours and escapes left out. */
export const showsDate = (format: string): boolean =>
  /[ymdhs]|年|月|日/i.test(
    format
      .replace(/"[^"]*"|\\.|_.|\*./g, "")
      .replace(/\[(?:black|blue|cyan|green|magenta|red|white|yellow|color\d+|\$[^\]]*|[<>=][^\]]*)\]/gi, "")
      .split(";", 1)[0] ?? "",
  );
