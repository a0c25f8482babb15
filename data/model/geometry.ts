/** Longitude, latitude in WGS 84 degrees (RFC 7946 axis order), on the 1e-7 degree lattice. */
export type LonLat = readonly [lon: number, lat: number];
/** A closed ring: first position repeated at the end; exterior counter-clockwise, holes clockwise. */
export type Ring = readonly LonLat[];
/** Exterior ring first, then holes. */
export type PolygonRings = readonly Ring[];
/** Polygons of a GeoJSON MultiPolygon. */
export type MultiPolygonRings = readonly PolygonRings[];
/** west, south, east, north in degrees. */
export type Bbox = readonly [west: number, south: number, east: number, north: number];

/** Lattice steps in a degree: all geometry is snapped to 1e-7 degree (about 1 cm) before topology. */
export const LATTICE_PER_DEGREE = 1e7;

/** Degrees to lattice units (int32). */
export const toLattice = (degrees: number): number => Math.round(degrees * LATTICE_PER_DEGREE);
/** Lattice units to degrees; the shortest decimal with at most 7 places. */
export const fromLattice = (units: number): number => units / LATTICE_PER_DEGREE;
