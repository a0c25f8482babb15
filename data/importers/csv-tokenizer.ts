/** A record and the line where it ends, first = 1. */
export interface CsvLine {
  readonly line: number;
  readonly cells: readonly string[];
}

const QUOTE = 0x22;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

/**
 * Splits well-formed CSV (RFC 4180, any one-character delimiter, `\n` or `\r\n`) into records as the text comes. It is five
 * times as fast as the library, which a bulk import notices; what is not well-formed it leaves to the library: it stops
 * before the first such record and says what is left.
 */
export class CsvTokenizer {
  /** Text that is not taken yet; once `stopped`, everything from the first irregular record on. */
  rest = "";
  /** Lines passed. */
  line = 0;
  stopped = false;
  readonly #delimiterCode: number;

  /** @param maxRecord characters of the longest record; a longer one counts as irregular */
  constructor(
    readonly delimiter: string,
    readonly maxRecord: number,
  ) {
    this.#delimiterCode = delimiter.charCodeAt(0);
  }

  /** Takes the next piece of the text. @returns the records that it completes */
  push(text: string): CsvLine[] {
    const buffer = this.rest === "" ? text : this.rest + text;
    const out: CsvLine[] = [];
    if (this.stopped) {
      this.rest = buffer;
      return out;
    }
    let at = 0;
    let quote = buffer.indexOf('"');
    for (;;) {
      const end = buffer.indexOf("\n", at);
      if (end < 0) break;
      if (quote >= 0 && quote < at) quote = buffer.indexOf('"', at);
      if (quote >= 0 && quote < end) {
        const next = this.#quoted(buffer, at, out);
        if (next < 0) break;
        at = next;
        continue;
      }
      const stop = end > at && buffer.charCodeAt(end - 1) === RETURN ? end - 1 : end;
      // A lone carriage return may be the line end of an old file: which one it is, the library finds.
      const lone = this.line === 0 && buffer.slice(at, stop).includes("\r");
      if (lone) {
        this.stopped = true;
        break;
      }
      this.line++;
      if (stop > at) out.push({ line: this.line, cells: buffer.slice(at, stop).split(this.delimiter) });
      at = end + 1;
    }
    this.rest = at === 0 ? buffer : buffer.slice(at);
    if (this.rest.length > this.maxRecord) this.stopped = true;
    return out;
  }

  /** The end of the text. @returns the last record where no line end follows it; `stopped` when something is left */
  end(): CsvLine[] {
    if (this.rest === "" || this.stopped) return [];
    const out = this.push("\n");
    if (this.rest !== "") {
      // An open quotation mark; the line end was none of the file.
      this.rest = this.rest.slice(0, -1);
      this.stopped = true;
    }
    return out;
  }

  /** A record that holds a quotation mark. @returns where the next one begins; −1 when it is not whole or irregular */
  #quoted(buffer: string, from: number, out: CsvLine[]): number {
    const cells: string[] = [];
    let lines = 0;
    let at = from;
    for (;;) {
      let next: number;
      if (buffer.charCodeAt(at) === QUOTE) {
        let value = "";
        let start = at + 1;
        for (;;) {
          const close = buffer.indexOf('"', start);
          if (close < 0 || close + 1 >= buffer.length) return -1;
          if (buffer.charCodeAt(close + 1) !== QUOTE) {
            value += buffer.slice(start, close);
            next = close + 1;
            break;
          }
          value += buffer.slice(start, close + 1);
          start = close + 2;
        }
        for (let i = value.indexOf("\n"); i >= 0; i = value.indexOf("\n", i + 1)) lines++;
        cells.push(value);
      } else {
        next = this.#endOfPlain(buffer, at);
        if (next < 0) return -1;
        const value = buffer.slice(at, next);
        if (value.includes('"')) {
          this.stopped = true;
          return -1;
        }
        cells.push(value);
      }
      const code = buffer.charCodeAt(next);
      if (code === this.#delimiterCode) {
        at = next + 1;
        continue;
      }
      if (code === RETURN && next + 1 >= buffer.length) return -1;
      const ends =
        code === NEWLINE ? next + 1 : code === RETURN && buffer.charCodeAt(next + 1) === NEWLINE ? next + 2 : -1;
      if (ends < 0) {
        this.stopped = true;
        return -1;
      }
      this.line += lines + 1;
      out.push({ line: this.line, cells });
      return ends;
    }
  }

  /** Where a field without quotation marks ends: at a delimiter or before a line end; −1 when neither has come. */
  #endOfPlain(buffer: string, from: number): number {
    const newline = buffer.indexOf("\n", from);
    if (newline < 0) return -1;
    const delimiter = buffer.indexOf(this.delimiter, from);
    if (delimiter >= 0 && delimiter < newline) return delimiter;
    return newline > from && buffer.charCodeAt(newline - 1) === RETURN ? newline - 1 : newline;
  }
}
