import { bugError } from "../model/errors.ts";
import type { ExportedGeometry } from "./column.ts";

/** Type codes of well-known binary (OGC 06-103r4, table 7). */
const WKB_TYPES: Readonly<Record<string, number>> = {
  Point: 1,
  LineString: 2,
  Polygon: 3,
  MultiPoint: 4,
  MultiLineString: 5,
  MultiPolygon: 6,
};
/** What the parts of a type are, each with a header of its own. */
const PARTS: Readonly<Record<string, string>> = {
  MultiPoint: "Point",
  MultiLineString: "LineString",
  MultiPolygon: "Polygon",
};

/** A growing buffer of little-endian values. */
class Bytes {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  #grow(by: number): void {
    if (this.#length + by <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + by));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }

  u8(value: number): void {
    this.#grow(1);
    this.#view.setUint8(this.#length, value);
    this.#length += 1;
  }

  u32(value: number): void {
    this.#grow(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  f64(value: number): void {
    this.#grow(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  done(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}

const asList = (value: unknown): readonly unknown[] => value as readonly unknown[];

function writePosition(out: Bytes, value: unknown): void {
  const [x = Number.NaN, y = Number.NaN] = value as readonly number[];
  out.f64(x);
  out.f64(y);
}

function writeLine(out: Bytes, value: unknown): void {
  out.u32(asList(value).length);
  for (const one of asList(value)) writePosition(out, one);
}

function writeWkb(out: Bytes, type: string, coordinates: unknown): void {
  const code = WKB_TYPES[type];
  if (code === undefined) throw bugError(`a geometry of type ${type} has no place in a GeoPackage`);
  out.u8(1);
  out.u32(code);
  const part = PARTS[type];
  if (type === "Point") writePosition(out, coordinates);
  else if (type === "LineString") writeLine(out, coordinates);
  else {
    out.u32(asList(coordinates).length);
    for (const one of asList(coordinates)) part ? writeWkb(out, part, one) : writeLine(out, one);
  }
}

/** Calls back with every position of a geometry. */
function eachPosition(coordinates: unknown, visit: (x: number, y: number) => void): void {
  const [first, second] = asList(coordinates);
  if (typeof first === "number" && typeof second === "number") visit(first, second);
  else for (const one of asList(coordinates)) eachPosition(one, visit);
}

/** west, south, east, north of a geometry; undefined for one without positions. */
export function envelopeOf({ coordinates }: ExportedGeometry): [number, number, number, number] | undefined {
  const box: [number, number, number, number] = [
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  eachPosition(coordinates, (x, y) => {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  });
  return box[0] <= box[2] ? box : undefined;
}

/**
 * A geometry as a GeoPackage stores it (OGC 12-128r19, clause 2.1.3): header with the identifier of its reference system
 * and, but for points, its envelope; then well-known binary, all little-endian, x before y.
 *
 * @param srs identifier of the reference system in `gpkg_spatial_ref_sys`
 */
export function geopackageGeometry(geometry: ExportedGeometry, srs: number): Uint8Array {
  const out = new Bytes();
  const box = geometry.type === "Point" ? undefined : envelopeOf(geometry);
  const empty = geometry.type !== "Point" && !box;
  out.u8(0x47);
  out.u8(0x50);
  out.u8(0);
  // Bit 0: little-endian; bits 1–3: 1 = envelope of x and y; bit 4: empty.
  out.u8(0b1 | (box ? 0b10 : 0) | (empty ? 0b10000 : 0));
  out.u32(srs);
  if (box) for (const value of [box[0], box[2], box[1], box[3]]) out.f64(value);
  writeWkb(out, geometry.type, geometry.coordinates);
  return out.done();
}
