import type { ExportedGeometry } from "./column.ts";

const position = (value: unknown): string => (value as readonly number[]).join(" ");
const list = (value: unknown, write: (one: unknown) => string): string =>
  `(${(value as readonly unknown[]).map(write).join(", ")})`;
const line = (value: unknown): string => list(value, position);
const rings = (value: unknown): string => list(value, line);

/** Nesting of the coordinates of each type of GeoJSON. */
const WRITERS: Readonly<Record<string, (coordinates: unknown) => string>> = {
  Point: (value) => `(${position(value)})`,
  MultiPoint: (value) => list(value, (one) => `(${position(one)})`),
  LineString: line,
  MultiLineString: rings,
  Polygon: rings,
  MultiPolygon: (value) => list(value, rings),
};

/** A geometry as well-known text (OGC 06-103r4), x before y as GeoJSON has it; empty for a type that it does not know. */
export function wktOf({ type, coordinates }: ExportedGeometry): string {
  const write = WRITERS[type];
  if (!write) return "";
  const empty = Array.isArray(coordinates) && coordinates.length === 0;
  return `${type.toUpperCase()} ${empty ? "EMPTY" : write(coordinates)}`;
}
