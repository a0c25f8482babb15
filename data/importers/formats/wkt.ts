import type { RawGeometry } from "../raw-layer.ts";
import { GeometryFault } from "./wkb.ts";

const TYPES: Readonly<Record<string, string>> = {
  POINT: "Point",
  LINESTRING: "LineString",
  POLYGON: "Polygon",
  MULTIPOINT: "MultiPoint",
  MULTILINESTRING: "MultiLineString",
  MULTIPOLYGON: "MultiPolygon",
};
const MAX_NESTING = 8;
const HEAD = /^\s*(?:SRID\s*=\s*(\d+)\s*;)?\s*([A-Z]+)\s*(?:Z|M|ZM)?\s*(EMPTY|\()/i;
const NUMBER = /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y;

export interface WktGeometry {
  /** `null` for EMPTY. */
  readonly geometry: RawGeometry | null;
  /** Number before the text (`SRID=4490;POINT (…)`, as PostGIS writes it). */
  readonly srid: number | undefined;
}

/** True when a text begins as well-known text does. */
export const looksLikeWkt = (text: string): boolean => {
  const name = HEAD.exec(text)?.[2];
  return name !== undefined && name.toUpperCase().replace(/(Z|M|ZM)$/, "") in TYPES;
};

/**
 * Reads well-known text (ISO 19125-1) of all types but collections and curves; Z and M are left out.
 *
 * @throws GeometryFault saying what is wrong and where
 */
export function readWkt(text: string): WktGeometry {
  const head = HEAD.exec(text);
  const [all = "", srid, name = "", opening] = head ?? [];
  const word = name.toUpperCase();
  const type = TYPES[word] ?? TYPES[word.replace(/(ZM|Z|M)$/, "")];
  if (!head || !type) throw new GeometryFault("it is no well-known text of a point, line or polygon");
  const declared = srid === undefined ? undefined : Number(srid);
  if (opening?.toUpperCase() === "EMPTY") return { geometry: null, srid: declared };
  const parser = new WktParser(text, all.length - 1);
  const nested = parser.list(0);
  parser.end();
  const coordinates = type === "Point" ? (nested as unknown[])[0] : nested;
  return { geometry: { type, coordinates: type === "MultiPoint" ? unwrapped(nested) : coordinates }, srid: declared };
}

/** MULTIPOINT ((1 2), (3 4)) and MULTIPOINT (1 2, 3 4) are both written. */
const unwrapped = (points: readonly unknown[]): unknown[] =>
  points.map((point) => (Array.isArray(point) && Array.isArray(point[0]) ? point[0] : point));

class WktParser {
  constructor(
    readonly text: string,
    private at: number,
  ) {}

  /** `(` … `)`: lists, or positions. */
  list(depth: number): unknown[] {
    if (depth > MAX_NESTING) throw this.#fault("brackets nest too deep");
    this.#expect("(");
    const items: unknown[] = [];
    do {
      items.push(this.#peek() === "(" ? this.list(depth + 1) : this.#position());
    } while (this.#take(","));
    this.#expect(")");
    return items;
  }

  end(): void {
    if (this.#peek() !== undefined) throw this.#fault("something stands behind the last bracket");
  }

  #position(): [number, number] {
    const numbers: number[] = [];
    for (;;) {
      this.#peek();
      NUMBER.lastIndex = this.at;
      const match = NUMBER.exec(this.text);
      if (!match) break;
      numbers.push(Number(match[0]));
      this.at += match[0].length;
    }
    const [x, y] = numbers;
    if (x === undefined || y === undefined || numbers.length > 4)
      throw this.#fault("a position of two numbers was expected");
    return [x, y];
  }

  #peek(): string | undefined {
    while (/\s/.test(this.text[this.at] ?? "")) this.at++;
    return this.text[this.at];
  }

  #take(char: string): boolean {
    if (this.#peek() !== char) return false;
    this.at++;
    return true;
  }

  #expect(char: string): void {
    if (!this.#take(char)) throw this.#fault(`"${char}" was expected`);
  }

  #fault(message: string): GeometryFault {
    return new GeometryFault(`${message} at character ${this.at + 1}`);
  }
}

/** Well-known text of a GeoJSON geometry; undefined for a collection or coordinates that are none. */
export function writeWkt({ type, coordinates }: RawGeometry): string | undefined {
  const name = Object.entries(TYPES).find(([, one]) => one === type)?.[0];
  if (name === undefined || !Array.isArray(coordinates)) return undefined;
  const text = (value: unknown): string => {
    if (!Array.isArray(value)) return String(value);
    const [x, y] = value;
    return Array.isArray(x) ? `(${value.map(text).join(",")})` : `${x} ${y}`;
  };
  return type === "Point" ? `${name}(${text(coordinates)})` : `${name}${text(coordinates)}`;
}
