import { randomUUID } from "node:crypto";

/** Stands where a text is written in: nobody who sends data can know it. */
const MARK = `raw-${randomUUID()}`;
const QUOTED_MARK = JSON.stringify(MARK);
/** Texts of the answer that is being written now, in the order in which they stand in it. */
let texts: string[] = [];

/** JSON text that is written into an answer as it is: what the database has made needs no reading and writing again. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toJSON(): string {
    texts.push(this.text);
    return MARK;
  }
}

/** `JSON.stringify` that writes `RawJson` as its text, wherever it stands. */
export function stringifyWithRaw(value: unknown): string {
  texts = [];
  const outline = JSON.stringify(value);
  if (texts.length === 0) return outline;
  const pieces = outline.split(QUOTED_MARK);
  let written = pieces[0] ?? "";
  for (const [index, text] of texts.entries()) written += text + (pieces[index + 1] ?? "");
  texts = [];
  return written;
}
