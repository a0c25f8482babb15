import { readFileSync } from "node:fs";
import type { Prng } from "../../data/demo/prng.ts";
import type { Crs } from "../../data/geo/crs/crs.ts";
import { crsOf } from "../../data/geo/crs/crs-of.ts";
import { LocateIndex } from "../../data/geo/locate-index.ts";
import { fromLattice, type LonLat, type MultiPolygonRings, toLattice } from "../../data/model/geometry.ts";

/** A county with layers of which the true places are known. */
export interface TestCounty {
  readonly name: string;
  readonly outline: MultiPolygonRings;
  /** Corners of polygons that share the county's border. */
  readonly towns: readonly LonLat[];
  /** Places inside it that share nothing with its border. */
  readonly points: readonly LonLat[];
}

/** A layer as a file would bring it. */
export interface DeclaredLayer {
  readonly county: TestCounty;
  readonly what: string;
  readonly fault: "none" | "datum" | "zone" | "axes" | "units";
  readonly declared: string;
  readonly sample: readonly (readonly [x: number, y: number])[];
}

interface Feature {
  readonly properties: { readonly name: string; readonly county?: string };
  readonly geometry: { readonly type: string; readonly coordinates: LonLat[][] | LonLat[][][] };
}

export const readFeatures = (path: URL): Feature[] =>
  (JSON.parse(readFileSync(path, "utf8")) as { features: Feature[] }).features;
export const polygonsOf = ({ geometry }: Feature): LonLat[][][] =>
  (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates) as LonLat[][][];

const snap = ([lon, lat]: LonLat): LonLat => [fromLattice(toLattice(lon)), fromLattice(toLattice(lat))];

/** The real counties: outlines of 2016 and synthetic town cells over them. */
export function realCounties(folder: URL, prng: Prng): TestCounty[] {
  const towns = readFeatures(new URL("cn-derived-town-voronoi/towns_voronoi_wgs84.geojson", folder));
  return readFeatures(new URL("cn-county-boundaries/counties_vonng2016_wgs84_derived_ccby4.geojson", folder)).map(
    (county) => {
      const outline = polygonsOf(county);
      const cells = towns.filter(({ properties }) => properties.county === county.properties.name);
      return {
        name: county.properties.name,
        outline,
        towns: (cells.length > 0 ? cells : [county]).flatMap((cell) => polygonsOf(cell).flat(2)),
        points: pointsInside(outline, prng),
      };
    },
  );
}

/** A made-up county: a jagged ring some 20 to 60 km across, cut into sectors. */
export function randomCounty(prng: Prng, index: number): TestCounty {
  const center: LonLat = [prng.float() * 45 + 84, prng.float() * 22 + 23];
  const radius = prng.float() * 0.25 + 0.1;
  const corners = prng.int(120, 500);
  const phase = prng.float() * 6;
  let wander = 0;
  const ring = Array.from({ length: corners }, (_, i): LonLat => {
    const angle = (2 * Math.PI * i) / corners;
    wander = wander * 0.8 + (prng.float() - 0.5) * 0.06;
    const r = radius * (1 + 0.25 * Math.sin(3 * angle + phase) + wander);
    return snap([center[0] + r * Math.cos(angle), center[1] + r * Math.sin(angle) * 0.8]);
  });
  const closed = [...ring, ring[0] as LonLat];
  const sectors = prng.int(5, 12);
  const towns = Array.from({ length: sectors }, (_, s): LonLat[] => {
    const [from, to] = [Math.floor((s * corners) / sectors), Math.floor(((s + 1) * corners) / sectors)];
    return [center, ...closed.slice(from, to + 1), center];
  }).flat();
  const outline = [[closed]];
  return { name: `county ${index}`, outline, towns, points: pointsInside(outline, prng) };
}

function pointsInside(outline: MultiPolygonRings, prng: Prng): LonLat[] {
  const index = new LocateIndex([{ code: "county", geometry: outline }]);
  const corners = outline.flat(2);
  const out: LonLat[] = [];
  while (out.length < 150) {
    const [a, b, share] = [prng.pick(corners), prng.pick(corners), prng.float()];
    const point = snap([a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]);
    if (index.locate(...point).owner >= 0) out.push(point);
  }
  return out;
}

/**
 * Beijing 54 (EPSG:15919, published) and a made-up shift of the size that Xi'an 80 has: true local parameters are not
 * public. Their positions lie 15–130 m from CGCS2000.
 */
const OLD_DATUMS = [
  "+ellps=krass +towgs84=15.8,-154.4,-82.3,0,0,0,0",
  "+a=6378140 +rf=298.257 +towgs84=-9.6,94.2,52.1,0,0,0,0",
];

const zoneCode = (lon: number, width: 3 | 6, prefixed: boolean, off = 0): string => {
  const zone = (width === 3 ? Math.round(lon / 3) : Math.floor(lon / 6) + 1) + off;
  return `EPSG:${width === 3 ? (prefixed ? 4513 : 4534) + zone - 25 : (prefixed ? 4491 : 4502) + zone - 13}`;
};

/** Layers of one county: every true system declared rightly, and the ways in which files are declared wrongly. */
export function declaredLayers(county: TestCounty, prng: Prng): DeclaredLayer[] {
  const [lon] = county.points[0] as LonLat;
  const gk3 = zoneCode(lon, 3, false);
  const gk3p = zoneCode(lon, 3, true);
  const gk6 = zoneCode(lon, 6, false);
  const gk6p = zoneCode(lon, 6, true);
  const utm = `EPSG:${32631 + Math.floor(lon / 6)}`;
  const out: DeclaredLayer[] = [];
  const add = (
    fault: DeclaredLayer["fault"],
    truth: Crs | string,
    declared: string,
    swapped = false,
    points = county.towns,
  ): void => {
    const crs = typeof truth === "string" ? crsOf(truth) : truth;
    const sample = points.map(([x, y]) => {
      const [a, b] = crs.fromWgs84(x, y);
      return swapped ? ([b, a] as const) : ([a, b] as const);
    });
    out.push({ county, fault, declared, sample, what: `${crs.id}${swapped ? " swapped" : ""} as ${declared}` });
  };
  const outline = county.outline.flat(2);
  for (const system of ["EPSG:4326", "EPSG:4490", gk3, gk3p, gk6, gk6p, utm, "EPSG:3857", "GCJ-02", "BD-09"]) {
    add("none", system, system, false, prng.chance(0.5) ? county.towns : outline);
    add("none", system, system, false, county.points);
  }
  const side = prng.chance(0.5) ? 1 : -1;
  add("datum", "GCJ-02", "EPSG:4326");
  add("datum", "BD-09", "EPSG:4490", false, outline);
  add("datum", "EPSG:4326", "GCJ-02");
  add("datum", "GCJ-02", "BD-09");
  add("datum", "GCJ-02+EPSG:3857", "EPSG:3857");
  add("datum", `GCJ-02+${gk3}`, gk3, false, outline);
  for (const old of OLD_DATUMS) {
    const meridian = 3 * Math.round(lon / 3);
    add("datum", `+proj=tmerc +lat_0=0 +lon_0=${meridian} +k=1 +x_0=500000 +y_0=0 ${old} +units=m`, gk3);
  }
  for (const points of [county.towns, county.points]) {
    add("zone", gk3, zoneCode(lon, 3, false, side), false, points);
    add("zone", gk3p, zoneCode(lon, 3, true, -side), false, points);
    add("zone", gk6, zoneCode(lon, 6, false, side), false, points);
    add("zone", gk3p, gk3, false, points);
    add("zone", gk3, gk3p, false, points);
    add("zone", gk6p, gk3p, false, points);
    add("axes", "EPSG:4326", "EPSG:4326", true, points);
    add("axes", gk3, gk3, true, points);
    add("axes", gk3p, gk3p, true, points);
    add("axes", "EPSG:4490", "EPSG:4490", true, points);
    add("axes", "EPSG:3857", "EPSG:3857", true, points);
    add("units", gk3, "EPSG:4326", false, points);
    add("units", "EPSG:4326", gk3, false, points);
    add("units", "EPSG:3857", gk6p, false, points);
  }
  return out;
}
