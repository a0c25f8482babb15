import type { LonLat, MultiPolygonRings } from "../../data/model/geometry.ts";

/** EWKT of a MultiPolygon in EPSG:4326, for COPY into a geometry column. */
export const multiPolygonEwkt = (geometry: MultiPolygonRings): string => {
  const ring = (positions: readonly LonLat[]): string =>
    `(${positions.map(([lon, lat]) => `${lon} ${lat}`).join(",")})`;
  return `SRID=4326;MULTIPOLYGON(${geometry.map((polygon) => `(${polygon.map(ring).join(",")})`).join(",")})`;
};

/** EWKT of a point in EPSG:4326. */
export const pointEwkt = ([lon, lat]: LonLat): string => `SRID=4326;POINT(${lon} ${lat})`;
