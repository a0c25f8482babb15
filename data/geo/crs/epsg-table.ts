import type { BothWords, Crs } from "./crs.ts";
import { gridCrs, gridZone } from "./gauss-kruger.ts";
import { projectedCrs } from "./projected.ts";

const identity = (x: number, y: number): readonly [number, number] => [x, y];

/** Longitude and latitude whose datum equals WGS 84 at map accuracy (data rule 12). */
const geographic = (id: string, label: BothWords): Crs => ({ id, label, toWgs84: identity, fromWgs84: identity });

export const WGS84 = geographic("EPSG:4326", { zh: "WGS 84 经纬度", en: "WGS 84 longitude and latitude" });
export const CGCS2000 = geographic("EPSG:4490", { zh: "CGCS2000 经纬度", en: "CGCS2000 longitude and latitude" });

/** Definitions as in the EPSG registry (proj.db of PROJ 9.1), for what has no rule of its own. */
const DEFINITIONS: Readonly<Record<number, readonly [words: BothWords, definition: string]>> = {
  3857: [
    { zh: "Web 墨卡托", en: "Web Mercator" },
    "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs",
  ],
  4269: [{ zh: "NAD83 经纬度", en: "NAD83 longitude and latitude" }, "+proj=longlat +datum=NAD83 +no_defs"],
  4258: [
    { zh: "ETRS89 经纬度", en: "ETRS89 longitude and latitude" },
    "+proj=longlat +ellps=GRS80 +towgs84=0,0,0 +no_defs",
  ],
  2249: [
    { zh: "NAD83 马萨诸塞（英尺）", en: "NAD83 Massachusetts Mainland (US feet)" },
    "+proj=lcc +lat_0=41 +lon_0=-71.5 +lat_1=42.6833333333333 +lat_2=41.7166666666667 +x_0=200000.0001016 +y_0=750000 +datum=NAD83 +units=us-ft +no_defs",
  ],
  26986: [
    { zh: "NAD83 马萨诸塞（米）", en: "NAD83 Massachusetts Mainland (metres)" },
    "+proj=lcc +lat_0=41 +lon_0=-71.5 +lat_1=42.6833333333333 +lat_2=41.7166666666667 +x_0=200000 +y_0=750000 +datum=NAD83 +units=m +no_defs",
  ],
  2263: [
    { zh: "NAD83 纽约长岛（英尺）", en: "NAD83 New York Long Island (US feet)" },
    "+proj=lcc +lat_0=40.1666666666667 +lon_0=-74 +lat_1=41.0333333333333 +lat_2=40.6666666666667 +x_0=300000.0000000001 +y_0=0 +datum=NAD83 +units=us-ft +no_defs",
  ],
  3438: [
    { zh: "NAD83 罗得岛（英尺）", en: "NAD83 Rhode Island (US feet)" },
    "+proj=tmerc +lat_0=41.0833333333333 +lon_0=-71.5 +k=0.99999375 +x_0=99999.9999898399 +y_0=0 +datum=NAD83 +units=us-ft +no_defs",
  ],
};

/** Other numbers of the same system. */
const ALIASES: Readonly<Record<number, number>> = { 900913: 3857, 102100: 3857, 102113: 3857, 3785: 3857, 4979: 4326 };

/** UTM on WGS 84 (326nn north, 327nn south) and on NAD83 (269nn): zone, hemisphere and datum lie in the code. */
function utm(code: number): Crs | undefined {
  const zone = code % 100;
  const series = Math.floor(code / 100);
  if (zone < 1 || zone > 60) return undefined;
  if (series === 326 || series === 327) {
    const south = series === 327;
    return projectedCrs(
      `EPSG:${code}`,
      { zh: `WGS 84 UTM ${zone}${south ? "S" : "N"}`, en: `WGS 84 UTM zone ${zone}${south ? "S" : "N"}` },
      `+proj=utm +zone=${zone} ${south ? "+south " : ""}+datum=WGS84 +units=m +no_defs`,
    );
  }
  if (series === 269 && zone <= 23) {
    return projectedCrs(
      `EPSG:${code}`,
      { zh: `NAD83 UTM ${zone}N`, en: `NAD83 UTM zone ${zone}N` },
      `+proj=utm +zone=${zone} +datum=NAD83 +units=m +no_defs`,
    );
  }
  return undefined;
}

/** The system of an EPSG code that we carry; undefined for others, and for those that need parameters. */
export function epsgCrs(code: number): Crs | undefined {
  const own = ALIASES[code] ?? code;
  if (own === 4326) return WGS84;
  if (own === 4490) return CGCS2000;
  const zone = gridZone(own);
  if (zone) return zone.datum === "cgcs2000" ? gridCrs(zone) : undefined;
  const known = DEFINITIONS[own];
  return known ? projectedCrs(`EPSG:${own}`, ...known) : utm(own);
}
