import type { RawGeometry } from "../raw-layer.ts";

/** Type codes of OGC simple features (ISO 19125-2, table 2), without Z and M. */
const NAMES: Readonly<Record<number, string>> = {
  1: "Point",
  2: "LineString",
  3: "Polygon",
  4: "MultiPoint",
  5: "MultiLineString",
  6: "MultiPolygon",
  7: "GeometryCollection",
};
const MAX_COLLECTION_DEPTH = 8;

/** Why bytes are no geometry that we read; callers add the place. */
export class GeometryFault extends Error {}

/**
 * Reads well-known binary: ISO (Z + 1000, M + 2000) and extended (high bits, SRID), either byte order. Z and M are left out.
 * Every count is held against the bytes that are there before anything is made.
 *
 * @returns GeoJSON nesting in the file's numbers; `null` for an empty geometry
 * @throws GeometryFault saying what is wrong
 */
export function readWkb(bytes: Uint8Array, offset = 0): RawGeometry | null {
  const reader = new WkbReader(bytes, offset);
  return reader.geometry(0);
}

class WkbReader {
  readonly #view: DataView;
  #at: number;
  #little = true;

  constructor(bytes: Uint8Array, offset: number) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = offset;
  }

  geometry(depth: number): RawGeometry | null {
    const { type, stride } = this.#header();
    const name = NAMES[type];
    switch (name) {
      case "Point": {
        const [x, y] = this.#position(stride);
        return Number.isNaN(x) && Number.isNaN(y) ? null : { type: name, coordinates: [x, y] };
      }
      case "LineString":
        return filled(name, this.#positions(stride));
      case "Polygon":
        return filled(name, this.#rings(stride));
      case "MultiPoint":
      case "MultiLineString":
      case "MultiPolygon":
        return filled(name, this.#parts(depth, name.slice(5)));
      case "GeometryCollection":
        return filled(name, this.#members(depth));
      default:
        throw new GeometryFault(`geometry type ${type} (curves, surfaces and solids) is not read`);
    }
  }

  #header(): { readonly type: number; readonly stride: number } {
    this.#need(5);
    const order = this.#view.getUint8(this.#at);
    if (order > 1) throw new GeometryFault(`byte order ${order} where 0 or 1 must stand`);
    this.#little = order === 1;
    const code = this.#view.getUint32(this.#at + 1, this.#little);
    this.#at += 5;
    if ((code & 0x20000000) !== 0) this.#at += 4;
    const iso = code & 0x0fffffff;
    const z = (code & 0x80000000) !== 0 || Math.floor(iso / 1000) % 2 === 1;
    const m = (code & 0x40000000) !== 0 || Math.floor(iso / 1000) >= 2;
    return { type: iso % 1000, stride: 8 * (2 + Number(z) + Number(m)) };
  }

  #need(bytes: number): void {
    if (bytes > this.#view.byteLength - this.#at)
      throw new GeometryFault(
        `${bytes} bytes are claimed where ${Math.max(0, this.#view.byteLength - this.#at)} are left`,
      );
  }

  /** A count of things that take at least `each` bytes. */
  #count(each: number): number {
    this.#need(4);
    const count = this.#view.getUint32(this.#at, this.#little);
    this.#at += 4;
    this.#need(count * each);
    return count;
  }

  #position(stride: number): [number, number] {
    this.#need(stride);
    const x = this.#view.getFloat64(this.#at, this.#little);
    const y = this.#view.getFloat64(this.#at + 8, this.#little);
    this.#at += stride;
    return [x, y];
  }

  #positions(stride: number): [number, number][] {
    return Array.from({ length: this.#count(stride) }, () => this.#position(stride));
  }

  #rings(stride: number): [number, number][][] {
    return Array.from({ length: this.#count(4) }, () => this.#positions(stride));
  }

  #parts(depth: number, name: string): unknown[] {
    return this.#members(depth).flatMap((member) => {
      if (member.type !== name) throw new GeometryFault(`a Multi${name} holds a ${member.type}`);
      return [member.coordinates];
    });
  }

  #members(depth: number): RawGeometry[] {
    if (depth >= MAX_COLLECTION_DEPTH) throw new GeometryFault("collections nest too deep");
    const little = this.#little;
    const count = this.#count(5);
    const members: RawGeometry[] = [];
    for (let i = 0; i < count; i++) {
      const member = this.geometry(depth + 1);
      if (member) members.push(member);
      this.#little = little;
    }
    return members;
  }
}

const filled = (type: string, coordinates: readonly unknown[]): RawGeometry | null =>
  coordinates.length === 0 ? null : { type, coordinates };
