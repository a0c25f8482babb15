import { dataError } from "../../model/errors.ts";
import { MAX_PIECE } from "./json-scanner.ts";

/** Record separator before each text of a GeoJSON text sequence (RFC 8142). */
const RECORD_SEPARATOR = "\u001e";
/** As much of the first line as it takes to know whether it is a value of its own. */
const MAX_FIRST_LINE = 8 * 2 ** 20;

const COLLECTION = /^\{\s*"type"\s*:\s*"FeatureCollection"/;

/** True for RFC 8142, or when the first line is one whole JSON object and another stands behind it. */
export async function startsWithOneValuePerLine(text: AsyncIterable<string>): Promise<boolean> {
  let head = "";
  for await (const chunk of text) {
    head += chunk;
    const begin = head.trimStart();
    if (begin.startsWith(RECORD_SEPARATOR)) return true;
    // One object for all, as most files begin: where the first line ends need not be looked for.
    if (COLLECTION.test(begin)) return false;
    const end = begin.indexOf("\n");
    if (end < 0 && head.length < MAX_FIRST_LINE) continue;
    if (end < 0) return false;
    if (begin.slice(end).trim() === "" && head.length < MAX_FIRST_LINE) continue;
    return isFeatureText(begin.slice(0, end)) && begin.slice(end).trim() !== "";
  }
  return false;
}

/** A whole object that stands for one feature; a first line that is broken itself tells nothing. */
function isFeatureText(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && (value as { type?: unknown }).type !== "FeatureCollection";
  } catch {
    return false;
  }
}

/** Texts between line ends, or between record separators where there are any; empty ones are left out. */
export async function* readJsonLines(
  text: AsyncIterable<string>,
  file: string,
): AsyncGenerator<{ readonly text: string; readonly line: number }> {
  let separator: string | undefined;
  let held: string[] = [];
  let heldLength = 0;
  let line = 1;
  const cut = function* (parts: readonly string[]): Generator<{ text: string; line: number }> {
    for (const part of parts) {
      const body = part.trim();
      if (body !== "")
        yield { text: body, line: line + newlines(part.slice(0, part.length - part.trimStart().length)) };
      line += newlines(part) + (separator === "\n" ? 1 : 0);
    }
  };
  for await (const chunk of text) {
    separator ??= chunk.trimStart().startsWith(RECORD_SEPARATOR) ? RECORD_SEPARATOR : "\n";
    // Only what is new is searched: a line may run over hundreds of chunks.
    const [first = "", ...parts] = chunk.split(separator);
    held.push(first);
    heldLength += first.length;
    if (parts.length > 0) {
      yield* cut([held.join(""), ...parts.slice(0, -1)]);
      held = [parts[parts.length - 1] as string];
      heldLength = held[0]?.length ?? 0;
    }
    if (heldLength > MAX_PIECE)
      throw dataError(`${file}: line ${line} has more than ${MAX_PIECE / 2 ** 20} million characters`, {
        at: `${file}:${line}`,
      });
  }
  yield* cut([held.join("")]);
}

function newlines(text: string): number {
  let count = 0;
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) count++;
  return count;
}
