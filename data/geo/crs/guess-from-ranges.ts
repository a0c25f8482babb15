import { dataError } from "../../model/errors.ts";
import type { Candidate } from "./candidates.ts";
import type { BothWords } from "./crs.ts";
import { KNOWN_SYSTEMS_HINT } from "./crs-of.ts";
import { epsgCrs, WGS84 } from "./epsg-table.ts";
import { gridCrs, gridZone } from "./gauss-kruger.ts";

export interface RangeGuess extends Candidate {
  readonly certainty: "likely" | "unsure";
  readonly reason: BothWords;
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Northings in China, metres, and eastings within a zone. */
const NORTHINGS: Range = { min: 1_900_000, max: 6_000_000 };
const EASTINGS: Range = { min: 150_000, max: 850_000 };
/** Longitudes and latitudes of China. */
const CHINA_LON: Range = { min: 73, max: 136 };
const CHINA_LAT: Range = { min: 3, max: 54 };

const within = (inner: Range, outer: Range): boolean => inner.min >= outer.min && inner.max <= outer.max;

function rangeOf(values: readonly number[]): Range {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { min, max };
}

/**
 * What numbers may be in without a declaration and without a county to hold them against: degrees (either order),
 * or a Gauss-Krüger zone that the eastings name themselves.
 *
 * @throws DATA error for metres without a zone, and for numbers that fit nothing
 */
export function guessFromRanges(sample: readonly (readonly [number, number])[], file: string): RangeGuess {
  const [x, y] = [rangeOf(sample.map(([first]) => first)), rangeOf(sample.map(([, second]) => second))];
  const whole: Range = { min: -180, max: 180 };
  const half: Range = { min: -90, max: 90 };
  if (sample.length === 0 || (within(x, whole) && within(y, half))) {
    if (sample.length > 0 && within(y, CHINA_LON) && within(x, CHINA_LAT)) {
      return { crs: WGS84, swapped: true, certainty: "likely", reason: swappedDegrees };
    }
    return { crs: WGS84, swapped: false, certainty: "likely", reason: degrees };
  }
  if (within(x, half) && within(y, whole)) {
    return { crs: WGS84, swapped: true, certainty: "likely", reason: swappedDegrees };
  }
  return prefixed(x, y, false) ?? prefixed(y, x, true) ?? fail(x, y, file);
}

const degrees: BothWords = {
  zh: "数值是经纬度；没有声明，按 WGS 84（与 CGCS2000 相同）读取，无法排除 GCJ-02",
  en: "its numbers are degrees; nothing is declared, so they are read as WGS 84 (equal to CGCS2000); GCJ-02 cannot be ruled out",
};
const swappedDegrees: BothWords = {
  zh: "数值是经纬度，但纬度在前",
  en: "its numbers are degrees with the latitude first",
};

function prefixed(east: Range, north: Range, swapped: boolean): RangeGuess | undefined {
  const zone = Math.floor(east.min / 1_000_000);
  const inZone = { min: east.min - zone * 1_000_000, max: east.max - zone * 1_000_000 };
  if (!within(north, NORTHINGS) || !within(inZone, EASTINGS)) return undefined;
  const code = zone >= 25 && zone <= 45 ? 4513 + zone - 25 : zone >= 13 && zone <= 23 ? 4491 + zone - 13 : undefined;
  const grid = code === undefined ? undefined : gridZone(code);
  if (!grid) return undefined;
  return {
    crs: gridCrs(grid),
    swapped,
    certainty: "unsure",
    reason: {
      zh: `东坐标以带号 ${zone} 开头；按 CGCS2000 读取，无法排除西安80 或北京54`,
      en: `its eastings begin with zone ${zone}; read as CGCS2000, Xi'an 80 and Beijing 54 cannot be ruled out`,
    },
  };
}

function fail(x: Range, y: Range, file: string): never {
  const shown = `x ${x.min.toFixed(1)} … ${x.max.toFixed(1)}, y ${y.min.toFixed(1)} … ${y.max.toFixed(1)}`;
  const metres = epsgCrs(3857) && (within(x, EASTINGS) || within(y, EASTINGS));
  throw dataError(`${file}: its coordinates are not degrees (${shown}) and it does not say in which system they are`, {
    at: file,
    hint: `${metres ? "They look like Gauss-Krüger without a zone prefix: the central meridian must be said. " : ""}${KNOWN_SYSTEMS_HINT} 请用 --crs 说明坐标系。`,
  });
}
