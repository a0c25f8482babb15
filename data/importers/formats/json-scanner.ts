import { dataError } from "../../model/errors.ts";

/** A member of the root object, or an element of its `features`. */
export interface JsonPiece {
  /** Name of the member; `undefined` for an element of `features`. */
  readonly key: string | undefined;
  readonly text: string;
  /** Line where it begins, first = 1. */
  readonly line: number;
}

/** Deeper than any GeoJSON goes (a GeometryCollection of MultiPolygons is at 9). */
const MAX_DEPTH = 100;
/** Characters of one feature: an outline of two million vertices. */
export const MAX_PIECE = 64 * 2 ** 20;

type State = "start" | "key" | "colon" | "value" | "afterValue" | "element" | "firstElement" | "afterElement" | "end";

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const NEWLINE = 10;

const isSpace = (code: number): boolean => code === 32 || code === NEWLINE || code === 13 || code === 9;

/**
 * Cuts the text of one JSON object into its members, and its member `features` into elements, as the text comes: only the
 * piece that is being read is held. The pieces themselves are for `JSON.parse`.
 *
 * @throws DATA error with the line for what is no object, nests beyond reason or ends in the middle
 */
export class JsonScanner {
  #state: State = "start";
  #line = 1;
  /** Text of the piece so far, from earlier chunks. */
  #held: string[] = [];
  #heldLength = 0;
  #pieceLine = 1;
  #key: string | undefined;
  #keep = true;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** A piece is being captured: a container or string (ends by itself) or a bare word (ends at what follows). */
  #capture: "no" | "key" | "container" | "string" | "word" = "no";

  /**
   * @param file named in errors
   * @param keeps whether a member of that name is of interest; others are passed over
   */
  constructor(
    readonly file: string,
    readonly keeps: (key: string) => boolean,
  ) {}

  get line(): number {
    return this.#line;
  }

  feed(text: string): JsonPiece[] {
    const pieces: JsonPiece[] = [];
    let i = 0;
    while (i < text.length) {
      if (this.#capturing()) {
        const from = i;
        i = this.#captureFrom(text, i);
        this.#hold(text, from, i);
        if (!this.#capturing()) this.#finishPiece(pieces);
        continue;
      }
      const code = text.charCodeAt(i);
      if (isSpace(code)) {
        if (code === NEWLINE) this.#line++;
        i++;
      } else i = this.#step(code, i);
    }
    return pieces;
  }

  #capturing(): boolean {
    return this.#capture !== "no";
  }

  /** @throws DATA error unless the object was closed */
  finish(): void {
    if (this.#state === "start") throw dataError(`${this.file} is empty`, { at: this.file });
    if (this.#state !== "end")
      throw dataError(`${this.file} is not JSON: it ends in the middle`, {
        at: `${this.file}:${this.#line}`,
        hint: "The file was cut off on its way: fetch or export it again.",
      });
  }

  /** One character between pieces; returns where to go on. */
  #step(code: number, i: number): number {
    switch (this.#state) {
      case "start":
        if (code !== OPEN_BRACE) this.#fail("it does not begin with {");
        this.#state = "key";
        return i + 1;
      case "key":
        if (code === CLOSE_BRACE || code === COMMA) {
          if (code === CLOSE_BRACE) this.#state = "end";
          return i + 1;
        }
        if (code !== QUOTE) this.#fail("a name in quotation marks was expected");
        return this.#begin("key", i);
      case "colon":
        if (code !== COLON) this.#fail("a colon was expected");
        this.#state = "value";
        return i + 1;
      case "value":
        if (this.#key === "features" && code === OPEN_BRACKET) {
          this.#state = "firstElement";
          return i + 1;
        }
        return this.#begin(kindOf(code), i);
      case "firstElement":
      case "element":
        if (code === CLOSE_BRACKET && this.#state === "firstElement") {
          this.#state = "afterValue";
          return i + 1;
        }
        this.#key = undefined;
        this.#keep = true;
        return this.#begin(kindOf(code), i);
      case "afterValue":
        if (code !== COMMA && code !== CLOSE_BRACE) this.#fail("a comma or } was expected");
        this.#state = code === COMMA ? "key" : "end";
        return i + 1;
      case "afterElement":
        if (code !== COMMA && code !== CLOSE_BRACKET) this.#fail("a comma or ] was expected");
        this.#state = code === COMMA ? "element" : "afterValue";
        return i + 1;
      case "end":
        return this.#fail("something stands behind its end");
    }
  }

  #begin(kind: "key" | "container" | "string" | "word", i: number): number {
    this.#pieceLine = this.#line;
    this.#capture = kind;
    this.#depth = 0;
    this.#inString = false;
    this.#escaped = false;
    return i;
  }

  /** Runs to the end of the piece or of the text; sets `#capture` to "no" at the end of the piece. */
  #captureFrom(text: string, from: number): number {
    if (this.#capture === "word") return this.#wordFrom(text, from);
    let i = from;
    const { length } = text;
    while (i < length) {
      const code = text.charCodeAt(i++);
      if (code === NEWLINE) this.#line++;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (code === BACKSLASH) this.#escaped = true;
        else if (code === QUOTE) {
          this.#inString = false;
          if (this.#depth === 0) {
            this.#capture = "no";
            return i;
          }
        }
      } else if (code === QUOTE) this.#inString = true;
      else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
        if (++this.#depth > MAX_DEPTH)
          throw dataError(`${this.file} nests more than ${MAX_DEPTH} levels deep`, {
            at: `${this.file}:${this.#line}`,
            hint: "No map data does: ask where the file is from.",
          });
      } else if ((code === CLOSE_BRACE || code === CLOSE_BRACKET) && --this.#depth === 0) {
        this.#capture = "no";
        return i;
      }
    }
    return i;
  }

  #wordFrom(text: string, from: number): number {
    let i = from;
    while (i < text.length) {
      const code = text.charCodeAt(i);
      if (code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || isSpace(code)) {
        this.#capture = "no";
        return i;
      }
      i++;
    }
    return i;
  }

  #hold(text: string, from: number, to: number): void {
    this.#heldLength += to - from;
    if (this.#heldLength > MAX_PIECE && this.#keep)
      throw dataError(`${this.file}: one feature or member has more than ${MAX_PIECE / 2 ** 20} million characters`, {
        at: `${this.file}:${this.#pieceLine}`,
        hint: "A quotation mark or bracket may be missing; else split the feature into parts.",
      });
    if (this.#keep) this.#held.push(text.slice(from, to));
  }

  #finishPiece(pieces: JsonPiece[]): void {
    const text = this.#held.length === 1 ? (this.#held[0] as string) : this.#held.join("");
    this.#held = [];
    this.#heldLength = 0;
    switch (this.#state) {
      case "key":
        this.#key = parsedKey(text);
        this.#keep = this.keeps(this.#key);
        this.#state = "colon";
        return;
      case "value":
        if (this.#keep) pieces.push({ key: this.#key, text, line: this.#pieceLine });
        this.#keep = true;
        this.#state = "afterValue";
        return;
      default:
        pieces.push({ key: undefined, text, line: this.#pieceLine });
        this.#state = "afterElement";
    }
  }

  #fail(message: string): never {
    throw dataError(`${this.file} is not JSON: ${message} on line ${this.#line}`, {
      at: `${this.file}:${this.#line}`,
      hint: "The file may be cut off, or be another format.",
    });
  }
}

/** True when a text nests deeper than any GeoJSON does: what walks through values need not fear for its stack. */
export function nestsTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === BACKSLASH) i++;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (++depth > MAX_DEPTH) return true;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--;
  }
  return false;
}

const kindOf = (code: number): "container" | "string" | "word" =>
  code === OPEN_BRACE || code === OPEN_BRACKET ? "container" : code === QUOTE ? "string" : "word";

function parsedKey(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
