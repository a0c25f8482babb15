import type { LonLat, MultiPolygonRings, PolygonRings } from "./geometry.ts";

/** GeoJSON geometry (RFC 7946): WGS 84, longitude before latitude. */
export type Geometry =
  | { readonly type: "Point"; readonly coordinates: LonLat }
  | { readonly type: "MultiPoint"; readonly coordinates: readonly LonLat[] }
  | { readonly type: "LineString"; readonly coordinates: readonly LonLat[] }
  | { readonly type: "MultiLineString"; readonly coordinates: readonly (readonly LonLat[])[] }
  | { readonly type: "Polygon"; readonly coordinates: PolygonRings }
  | { readonly type: "MultiPolygon"; readonly coordinates: MultiPolygonRings };

export interface Feature<P = Record<string, unknown>, G extends Geometry = Geometry> {
  readonly type: "Feature";
  readonly id?: string | number;
  readonly properties: P;
  readonly geometry: G;
}

export interface FeatureCollection<P = Record<string, unknown>, G extends Geometry = Geometry> {
  readonly type: "FeatureCollection";
  readonly features: readonly Feature<P, G>[];
}
