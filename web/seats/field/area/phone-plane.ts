import type { LonLat } from "../../../../data/model/geometry.ts";

/** A flat drawing of a few kilometres: metres east and south of a point, so that north is up as in SVG. */
export interface PhonePlane {
  readonly toXy: (place: LonLat) => readonly [x: number, y: number];
  readonly toLonLat: (x: number, y: number) => LonLat;
}

/** Metres of a degree of latitude, and of longitude at the equator (WGS 84, rounded; it is a drawing, nothing is measured). */
const LAT_M = 111_132;
const LON_M = 111_320;

/** @param origin degrees WGS 84; equirectangular around it */
export function phonePlane([lon0, lat0]: LonLat): PhonePlane {
  const kx = LON_M * Math.cos((lat0 * Math.PI) / 180);
  return {
    toXy: ([lon, lat]) => [(lon - lon0) * kx, (lat0 - lat) * LAT_M],
    toLonLat: (x, y) => [lon0 + x / kx, lat0 - y / LAT_M],
  };
}

/** What of the plane is on screen: centre and width, metres. */
export interface PlaneView {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** Zooms a view by a factor about a point that stays where it is. */
export const zoomedAt = (view: PlaneView, factor: number, [x, y]: readonly [number, number]): PlaneView => ({
  x: x + (view.x - x) / factor,
  y: y + (view.y - y) / factor,
  width: view.width / factor,
});

/** The view that holds points with a margin, for a screen of a width and height. */
export function viewOf(points: readonly (readonly [number, number])[], width: number, height: number): PlaneView {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  if (!(left <= right)) return { x: 0, y: 0, width: 1000 };
  const MARGIN = 1.12;
  return {
    x: (left + right) / 2,
    y: (top + bottom) / 2,
    width: Math.max(right - left, ((bottom - top) * width) / height, 60) * MARGIN,
  };
}

/** Does a ring set hold a point (even-odd)? Coarse: the server decides whose a place is. */
export function holds(polygons: readonly (readonly (readonly LonLat[])[])[], [lon, lat]: LonLat): boolean {
  let inside = false;
  for (const ring of polygons.flat())
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i] as LonLat;
      const [xj, yj] = ring[j] as LonLat;
      if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) inside = !inside;
    }
  return inside;
}
