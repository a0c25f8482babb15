type Axis = "lon" | "lat";

const HEMISPHERES: Readonly<Record<string, readonly [axis: Axis, sign: 1 | -1]>> = {
  E: ["lon", 1],
  W: ["lon", -1],
  N: ["lat", 1],
  S: ["lat", -1],
  东: ["lon", 1],
  西: ["lon", -1],
  北: ["lat", 1],
  南: ["lat", -1],
};

/** Degrees, minutes and seconds with the signs, colons, blanks or dashes that people put between. */
const PARTS =
  /^([+-]?)(\d{1,3}(?:\.\d+)?)\s*(?:[°º˚度]|[:：\s-])?\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:[′'’‘分]|[:：\s-])?\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:[″"”“秒]|''|′′|’’)?)?)?$/;
const DECIMAL = /^[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?$/i;
/** DDDMMSS and DDMMSS, with fractions of a second. */
const PACKED_LON = /^(\d{3})([0-5]\d)([0-5]\d(?:\.\d+)?)$/;
const PACKED_LAT = /^(\d{2})([0-5]\d)([0-5]\d(?:\.\d+)?)$/;
/** Degrees that packed numbers are believed in: 0°–60° north and 100°–139° east; no metres of a Chinese system are so in both. */
const PACKED_EAST = [100, 139] as const;
const PACKED_NORTH = 60;

interface Angle {
  readonly degrees: number;
  /** Which axis a letter says it is on. */
  readonly axis: Axis | undefined;
}

/** 37°52′30″N, 112:52:30, 东经112度52分30秒; undefined for what is no such text. */
function angleOf(text: string): Angle | undefined {
  const letter =
    /^[EWNS]|[EWNS]$/i.exec(text)?.[0].toUpperCase() ?? /^([东西])经|^([南北])纬/.exec(text)?.[0].charAt(0);
  const bare = text.replace(/^(?:[EWNS]|[东西]经|[南北]纬)[\s:：]*|\s*[EWNS]$/gi, "");
  const [, minus, degrees, minutes = "0", seconds = "0"] = PARTS.exec(bare) ?? [];
  if (degrees === undefined || Number(minutes) >= 60 || Number(seconds) >= 60) return undefined;
  // Only the last part has a fraction.
  if ((degrees.includes(".") && minutes !== "0") || (minutes.includes(".") && seconds !== "0")) return undefined;
  const [axis, sign] = (letter === undefined ? undefined : HEMISPHERES[letter]) ?? [undefined, 1];
  const size = Number(degrees) + Number(minutes) / 60 + Number(seconds) / 3600;
  return { degrees: size * sign * (minus === "-" ? -1 : 1), axis };
}

const packed = (match: RegExpExecArray): number => Number(match[1]) + Number(match[2]) / 60 + Number(match[3]) / 3600;

/**
 * A position from the texts of two columns: plain numbers as they stand (degrees or metres), degrees with minutes and seconds,
 * or packed DDDMMSS and DDMMSS where both columns can be nothing else. Letters of the hemisphere decide which is which.
 *
 * @returns [first, second] in the order of the columns; NaN for what is no number
 */
export function positionOfTexts(lonText: string, latText: string): readonly [number, number] {
  const [lon, lat] = [lonText.trim(), latText.trim()];
  if (DECIMAL.test(lon) && DECIMAL.test(lat)) {
    const [east, north] = [PACKED_LON.exec(lon), PACKED_LAT.exec(lat)];
    if (east && north) {
      const [x, y] = [packed(east), packed(north)];
      if (x >= PACKED_EAST[0] && x < PACKED_EAST[1] && y < PACKED_NORTH) return [x, y];
    }
    return [Number(lon), Number(lat)];
  }
  const [first, second] = [angleOf(lon), angleOf(lat)];
  if (!first || !second) return [Number.NaN, Number.NaN];
  if (first.axis === "lat" && second.axis !== "lat") return [second.degrees, first.degrees];
  if (second.axis === "lon" && first.axis !== "lon") return [second.degrees, first.degrees];
  return first.axis !== undefined && first.axis === second.axis
    ? [Number.NaN, Number.NaN]
    : [first.degrees, second.degrees];
}
