import type { Crs } from "../../../../data/geo/crs/crs.ts";
import { simplifyLine } from "../../../../data/geo/simplify-line.ts";
import type { RawGeometry } from "../../../../data/importers/raw-layer.ts";
import type { Geometry } from "../../../../data/model/geojson.ts";
import type { LonLat } from "../../../../data/model/geometry.ts";

type XY = readonly [x: number, y: number];

/** Most vertices that are kept before they are simplified: what a county's boundaries have, not its buildings. */
const MAX_VERTICES = 400_000;
/** A drawing is some 1,000 units wide: what is smaller than this part of it is not seen. */
const DETAIL = 1 / 1500;
/** Digits after the point of a degree: 10 cm. */
const DIGITS = 6;

/** A feature's lines as the file has them. */
interface RawShape {
  readonly kind: "polygons" | "lines" | "points";
  readonly lines: readonly (readonly XY[])[];
}

/** A layer drawn in one reference system, one geometry per kind. */
export interface DrawnShapes {
  readonly drawn: number;
  readonly polygons: Geometry | null;
  readonly lines: Geometry | null;
  readonly points: Geometry | null;
}

const isPosition = (value: unknown): value is XY =>
  Array.isArray(value) && typeof value[0] === "number" && typeof value[1] === "number";

/** All lines of positions in nested coordinates; a single position is a line of one. */
function linesOf(coordinates: unknown): XY[][] {
  if (!Array.isArray(coordinates)) return [];
  if (isPosition(coordinates)) return [[[coordinates[0], coordinates[1]]]];
  if (coordinates.every(isPosition)) return [coordinates.map(([x, y]) => [x, y])];
  return coordinates.flatMap(linesOf);
}

/** Gathers a layer's first shapes, to be drawn in several reference systems. */
export class PreviewShapes {
  readonly #shapes: RawShape[] = [];
  #vertices = 0;
  #left = Number.POSITIVE_INFINITY;
  #right = Number.NEGATIVE_INFINITY;

  constructor(
    /** Most features that are kept. */
    readonly most: number,
  ) {}

  add(geometry: RawGeometry | null): void {
    if (!geometry || this.#shapes.length >= this.most || this.#vertices >= MAX_VERTICES) return;
    const kind = /Polygon$/.test(geometry.type) ? "polygons" : /Line/.test(geometry.type) ? "lines" : "points";
    const lines = linesOf(geometry.coordinates).map((line) => line.filter((at) => at.every(Number.isFinite)));
    const whole = lines.filter((line) => line.length > 0);
    if (whole.length === 0) return;
    for (const line of whole)
      for (const [x] of line) {
        this.#vertices++;
        this.#left = Math.min(this.#left, x);
        this.#right = Math.max(this.#right, x);
      }
    this.#shapes.push({ kind, lines: whole });
  }

  /** Positions spread over what was gathered, as they stand in the file. */
  sample(most: number): XY[] {
    const step = Math.max(1, this.#vertices / most);
    const out: XY[] = [];
    let index = 0;
    let next = 0;
    for (const { lines } of this.#shapes)
      for (const line of lines)
        for (const position of line) {
          if (index++ < next) continue;
          out.push(position);
          next += step;
        }
    return out;
  }

  /** The shapes in WGS 84, simplified. @param most features; further ones are left out evenly */
  draw({ toWgs84 }: Crs, swapped: boolean, most: number): DrawnShapes {
    const tolerance = (this.#right - this.#left) * DETAIL;
    const step = Math.max(1, this.#shapes.length / most);
    const shapes = this.#shapes.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
    const place = ([x, y]: XY): LonLat | undefined => {
      const [lon, lat] = swapped ? toWgs84(y, x) : toWgs84(x, y);
      const fits = Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
      return fits ? [Number(lon.toFixed(DIGITS)), Number(lat.toFixed(DIGITS))] : undefined;
    };
    const of = (kind: RawShape["kind"]): LonLat[][] =>
      shapes
        .filter((shape) => shape.kind === kind)
        .flatMap(({ lines }) => lines)
        .map((line) =>
          simplifyLine(line, tolerance)
            .map(place)
            .filter((at) => at !== undefined),
        )
        .filter((line) => line.length > 0);
    const polygons = of("polygons").filter((ring) => ring.length > 2);
    const lines = of("lines").filter((line) => line.length > 1);
    const points = of("points").flat();
    return {
      drawn: shapes.length,
      // Rings side by side: drawn by the rule of even and odd, a hole is a hole all the same.
      polygons: polygons.length > 0 ? { type: "MultiPolygon", coordinates: polygons.map((ring) => [ring]) } : null,
      lines: lines.length > 0 ? { type: "MultiLineString", coordinates: lines } : null,
      points: points.length > 0 ? { type: "MultiPoint", coordinates: points } : null,
    };
  }
}
