import type { CopyValue } from "./driver.ts";

const SPECIAL = /[\\\n\r\t\b\f\v]/;
const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\b": "\\b",
  "\f": "\\f",
  "\v": "\\v",
};

/** A value in COPY's text format (PostgreSQL documentation, "COPY", text format); null is `\N`. */
export function encodeCopyValue(value: CopyValue): string {
  if (value === null) return "\\N";
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "t" : "f";
  if (!SPECIAL.test(value)) return value;
  return value.replace(/[\\\n\r\t\b\f\v]/g, (c) => ESCAPES[c] as string);
}

/** One line of COPY text, newline included. */
export function encodeCopyRow(row: readonly CopyValue[]): string {
  let line = "";
  for (let i = 0; i < row.length; i++) line += `${i ? "\t" : ""}${encodeCopyValue(row[i] as CopyValue)}`;
  return `${line}\n`;
}

/** A piece of COPY text and the number of rows in it. */
export interface CopyChunk {
  readonly text: string;
  readonly rows: number;
}

/** Encodes rows into pieces of about `chunkChars` characters, so that a load of any size needs bounded memory. */
export async function* copyChunks(
  rows: Iterable<readonly CopyValue[]> | AsyncIterable<readonly CopyValue[]>,
  chunkChars = 4_000_000,
): AsyncGenerator<CopyChunk> {
  let lines: string[] = [];
  let size = 0;
  const flush = (): CopyChunk => {
    const chunk = { text: lines.join(""), rows: lines.length };
    lines = [];
    size = 0;
    return chunk;
  };
  const add = (row: readonly CopyValue[]): void => {
    const line = encodeCopyRow(row);
    lines.push(line);
    size += line.length;
  };
  if (Symbol.asyncIterator in rows) {
    for await (const row of rows) {
      add(row);
      if (size >= chunkChars) yield flush();
    }
  } else {
    for (const row of rows) {
      add(row);
      if (size >= chunkChars) yield flush();
    }
  }
  if (lines.length > 0) yield flush();
}
