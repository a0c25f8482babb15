import type { BothWords, Crs } from "./crs.ts";
import { projectedCrs } from "./projected.ts";

/**
 * The zones of the national grid in the EPSG registry (epsg.org; the same numbers in GDAL 3.6's proj.db, against which
 * a test holds them). Four series for each datum: six-degree zones 13–23 (central meridian 6n − 3) and three-degree
 * zones 25–45 (3n), each with the zone number before the easting (false easting n × 1,000,000 + 500,000) or without
 * it (500,000).
 */
interface Series {
  readonly first: number;
  readonly last: number;
  readonly width: 3 | 6;
  /** Eastings begin with the zone number. */
  readonly prefixed: boolean;
  readonly datum: GridDatum;
}

export type GridDatum = "cgcs2000" | "xian80" | "beijing54";

const SERIES: readonly Series[] = [
  { first: 4491, last: 4501, width: 6, prefixed: true, datum: "cgcs2000" },
  { first: 4502, last: 4512, width: 6, prefixed: false, datum: "cgcs2000" },
  { first: 4513, last: 4533, width: 3, prefixed: true, datum: "cgcs2000" },
  { first: 4534, last: 4554, width: 3, prefixed: false, datum: "cgcs2000" },
  { first: 2327, last: 2337, width: 6, prefixed: true, datum: "xian80" },
  { first: 2338, last: 2348, width: 6, prefixed: false, datum: "xian80" },
  { first: 2349, last: 2369, width: 3, prefixed: true, datum: "xian80" },
  { first: 2370, last: 2390, width: 3, prefixed: false, datum: "xian80" },
  { first: 21413, last: 21423, width: 6, prefixed: true, datum: "beijing54" },
  { first: 21453, last: 21463, width: 6, prefixed: false, datum: "beijing54" },
  { first: 21473, last: 21483, width: 6, prefixed: false, datum: "beijing54" },
  { first: 2401, last: 2421, width: 3, prefixed: true, datum: "beijing54" },
  { first: 2422, last: 2442, width: 3, prefixed: false, datum: "beijing54" },
];

/** One zone of the national grid. */
export interface GridZone {
  readonly epsg: number;
  readonly datum: GridDatum;
  readonly width: 3 | 6;
  readonly prefixed: boolean;
  readonly zone: number;
  /** Degrees east. */
  readonly centralMeridian: number;
  /** Metres. */
  readonly falseEasting: number;
}

function zoneOf(series: Series, epsg: number): GridZone {
  const { width, prefixed, datum } = series;
  const zone = epsg - series.first + (width === 3 ? 25 : 13);
  return {
    epsg,
    datum,
    width,
    prefixed,
    zone,
    centralMeridian: width === 3 ? 3 * zone : 6 * zone - 3,
    falseEasting: (prefixed ? zone * 1_000_000 : 0) + 500_000,
  };
}

/** The zone that an EPSG code names; undefined for any other code. */
export function gridZone(epsg: number): GridZone | undefined {
  const series = SERIES.find(({ first, last }) => epsg >= first && epsg <= last);
  return series && zoneOf(series, epsg);
}

/** All zones on CGCS2000 with a central meridian at most so many degrees from a longitude. */
export function zonesNear(lon: number, degrees: number): GridZone[] {
  return SERIES.filter(({ datum }) => datum === "cgcs2000").flatMap((series) =>
    Array.from({ length: series.last - series.first + 1 }, (_, i) => zoneOf(series, series.first + i)).filter(
      ({ centralMeridian }) => Math.abs(centralMeridian - lon) <= degrees,
    ),
  );
}

/** A zone of CGCS2000 by its parameters; three-degree zones first where both widths share a meridian. */
export function zoneByParameters(centralMeridian: number, falseEasting: number): GridZone | undefined {
  const near = zonesNear(centralMeridian, 1e-6).filter((zone) => Math.abs(zone.falseEasting - falseEasting) < 1e-3);
  return near.find(({ width }) => width === 3) ?? near[0];
}

const DATUM_WORDS: Record<GridDatum, BothWords> = {
  cgcs2000: { zh: "CGCS2000", en: "CGCS2000" },
  xian80: { zh: "西安80", en: "Xi'an 1980" },
  beijing54: { zh: "北京54", en: "Beijing 1954" },
};

export function zoneWords({ datum, width, prefixed, zone, centralMeridian }: GridZone): BothWords {
  const { zh, en } = DATUM_WORDS[datum];
  return {
    zh: `${zh} ${width}度带 中央经线${centralMeridian}°${prefixed ? `（带号${zone}）` : "（无带号）"}`,
    en: `${en} ${width}-degree Gauss-Krüger, central meridian ${centralMeridian}°E, ${prefixed ? `zone prefix ${zone}` : "no zone prefix"}`,
  };
}

/** A zone on CGCS2000 as a reference system; the others need parameters that are not public. */
export function gridCrs(zone: GridZone): Crs {
  const definition = `+proj=tmerc +lat_0=0 +lon_0=${zone.centralMeridian} +k=1 +x_0=${zone.falseEasting} +y_0=0 +a=6378137 +rf=298.257222101 +units=m +no_defs`;
  return projectedCrs(`EPSG:${zone.epsg}`, zoneWords(zone), definition);
}
