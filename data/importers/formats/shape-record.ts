import type { RawGeometry } from "../raw-layer.ts";
import { polygonsOfRings } from "./shape-rings.ts";
import { GeometryFault } from "./wkb.ts";

/** First bytes of a .shp and .shx: file code 9994, big endian (ESRI Shapefile Technical Description, 1998). */
export const SHAPE_FILE_CODE = 9994;
export const SHAPE_HEADER_BYTES = 100;
export const RECORD_HEADER_BYTES = 8;

/** Names of shape types; + 10 has Z, + 20 has M: both left out. */
const KINDS: Readonly<Record<number, "null" | "point" | "lines" | "polygon" | "points">> = {
  0: "null",
  1: "point",
  3: "lines",
  5: "polygon",
  8: "points",
};
const MULTIPATCH = 31;

/** Shape type without Z and M. */
const flat = (type: number): number => (type === MULTIPATCH ? type : type % 10);

/**
 * Reads the content of one record of a .shp (little endian from its shape type on).
 *
 * @returns `null` for a null shape or one without positions
 * @throws GeometryFault when its counts do not fit its bytes, or for a multipatch
 */
export function readShape(content: Uint8Array): RawGeometry | null {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  if (content.byteLength < 4) throw new GeometryFault("the record is too short for a shape type");
  const type = view.getInt32(0, true);
  switch (KINDS[flat(type)]) {
    case "null":
      return null;
    case "point":
      need(view, 20);
      return { type: "Point", coordinates: position(view, 4) };
    case "points":
      return readPoints(view);
    case "lines":
      return readLines(view);
    case "polygon": {
      const polygons = polygonsOfRings(readParts(view));
      if (polygons.length === 0) return null;
      return polygons.length === 1
        ? { type: "Polygon", coordinates: polygons[0] }
        : { type: "MultiPolygon", coordinates: polygons };
    }
    default:
      throw new GeometryFault(
        type === MULTIPATCH ? "multipatches (solids) are not read" : `there is no shape type ${type}`,
      );
  }
}

const position = (view: DataView, at: number): [number, number] => [
  view.getFloat64(at, true),
  view.getFloat64(at + 8, true),
];

function need(view: DataView, bytes: number): void {
  if (bytes > view.byteLength)
    throw new GeometryFault(`its counts need ${bytes} bytes where the record has ${view.byteLength}`);
}

function readPoints(view: DataView): RawGeometry | null {
  need(view, 40);
  const count = view.getInt32(36, true);
  if (count < 0) throw new GeometryFault(`a count of ${count} points`);
  need(view, 40 + 16 * count);
  if (count === 0) return null;
  return { type: "MultiPoint", coordinates: Array.from({ length: count }, (_, i) => position(view, 40 + 16 * i)) };
}

function readLines(view: DataView): RawGeometry | null {
  const lines = readParts(view);
  if (lines.length === 0) return null;
  return lines.length === 1
    ? { type: "LineString", coordinates: lines[0] }
    : { type: "MultiLineString", coordinates: lines };
}

/** Parts of a polyline or polygon; empty ones are left out. */
function readParts(view: DataView): [number, number][][] {
  need(view, 44);
  const parts = view.getInt32(36, true);
  const points = view.getInt32(40, true);
  if (parts < 0 || points < 0) throw new GeometryFault(`counts of ${parts} parts and ${points} points`);
  const first = 44 + 4 * parts;
  need(view, first + 16 * points);
  const out: [number, number][][] = [];
  for (let part = 0; part < parts; part++) {
    const from = view.getInt32(44 + 4 * part, true);
    const to = part + 1 < parts ? view.getInt32(48 + 4 * part, true) : points;
    if (from < 0 || to < from || to > points)
      throw new GeometryFault(`part ${part + 1} runs from point ${from} to ${to} of ${points}`);
    if (to > from) out.push(Array.from({ length: to - from }, (_, i) => position(view, first + 16 * (from + i))));
  }
  return out;
}
