import { fromMercator, toMercator } from "../../data/columns/cluster.ts";
import type { Bbox, MultiPolygonRings } from "../../data/model/geometry.ts";

/** Web Mercator fitted to a box, for drawings in plain SVG. */
export interface SvgProjection {
  readonly point: (lon: number, lat: number) => readonly [x: number, y: number];
  /** Back to degrees. */
  readonly degrees: (x: number, y: number) => readonly [lon: number, lat: number];
  /** Path data of polygons. */
  readonly path: (polygons: MultiPolygonRings) => string;
  /** Height of the drawing in units of its width. */
  readonly height: number;
}

/** @param width of the drawing in its own units */
export function bboxProjection([west, south, east, north]: Bbox, width: number): SvgProjection {
  const [x0, y0] = toMercator(west, north);
  const [x1, y1] = toMercator(east, south);
  const k = width / (x1 - x0);
  const point = (lon: number, lat: number): readonly [number, number] => {
    const [x, y] = toMercator(lon, lat);
    return [(x - x0) * k, (y - y0) * k];
  };
  const degrees = (x: number, y: number): readonly [number, number] => fromMercator(x / k + x0, y / k + y0);
  const ringPath = (ring: MultiPolygonRings[number][number]): string =>
    `M${ring
      .map(([lon, lat]) =>
        point(lon, lat)
          .map((v) => v.toFixed(1))
          .join(" "),
      )
      .join("L")}Z`;
  return { point, degrees, path: (polygons) => polygons.flat().map(ringPath).join(""), height: (y1 - y0) * k };
}

/** A projection fitted to polygons; undefined when there are none. */
export function svgProjection(polygons: MultiPolygonRings, width: number): SvgProjection | undefined {
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const rings of polygons) {
    for (const [lon, lat] of rings[0] ?? []) {
      west = Math.min(west, lon);
      east = Math.max(east, lon);
      south = Math.min(south, lat);
      north = Math.max(north, lat);
    }
  }
  return west < east && south < north ? bboxProjection([west, south, east, north], width) : undefined;
}
