import type { LonLat, MultiPolygonRings, PolygonRings, Ring } from "../data/model/geometry.ts";

/** Extended WKB (PostGIS): little-endian, type with the SRID flag, SRID, then the coordinates as doubles. */
const LITTLE_ENDIAN = 1;
const SRID_FLAG = 0x20000000;
const WGS84 = 4326;
const POINT = 1;
const LINE_STRING = 2;
const POLYGON = 3;
const MULTI_LINE_STRING = 5;
const MULTI_POLYGON = 6;

/** Writes into one buffer that grows; a geometry's hex text is taken from it. */
class EwkbWriter {
  #buffer = Buffer.allocUnsafe(64 * 1024);
  #size = 0;

  reserve(bytes: number): void {
    if (this.#size + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#size + bytes));
    this.#buffer.copy(larger, 0, 0, this.#size);
    this.#buffer = larger;
  }

  start(type: number): void {
    this.#size = 0;
    this.reserve(9);
    this.#size = this.#buffer.writeUInt8(LITTLE_ENDIAN, 0);
    this.#size = this.#buffer.writeUInt32LE((type | SRID_FLAG) >>> 0, this.#size);
    this.#size = this.#buffer.writeUInt32LE(WGS84, this.#size);
  }

  part(type: number): void {
    this.reserve(5);
    this.#size = this.#buffer.writeUInt8(LITTLE_ENDIAN, this.#size);
    this.#size = this.#buffer.writeUInt32LE(type, this.#size);
  }

  count(n: number): void {
    this.reserve(4);
    this.#size = this.#buffer.writeUInt32LE(n, this.#size);
  }

  position([lon, lat]: LonLat): void {
    this.reserve(16);
    this.#size = this.#buffer.writeDoubleLE(lon, this.#size);
    this.#size = this.#buffer.writeDoubleLE(lat, this.#size);
  }

  line(positions: Ring): void {
    this.count(positions.length);
    for (const position of positions) this.position(position);
  }

  rings(rings: PolygonRings): void {
    this.count(rings.length);
    for (const ring of rings) this.line(ring);
  }

  hex(): string {
    return this.#buffer.toString("hex", 0, this.#size);
  }
}

const writer = new EwkbWriter();

/** A point (WGS 84, longitude first) as hex EWKB, the text form that a PostGIS geometry column reads fastest. */
export function pointEwkb(point: LonLat): string {
  writer.start(POINT);
  writer.position(point);
  return writer.hex();
}

/** Polygons with holes (WGS 84, longitude first) as a hex EWKB MultiPolygon. */
export function multiPolygonEwkb(polygons: MultiPolygonRings): string {
  writer.start(MULTI_POLYGON);
  writer.count(polygons.length);
  for (const rings of polygons) {
    writer.part(POLYGON);
    writer.rings(rings);
  }
  return writer.hex();
}

/** Lines (WGS 84, longitude first) as a hex EWKB MultiLineString. */
export function multiLineStringEwkb(lines: readonly Ring[]): string {
  writer.start(MULTI_LINE_STRING);
  writer.count(lines.length);
  for (const line of lines) {
    writer.part(LINE_STRING);
    writer.line(line);
  }
  return writer.hex();
}
