import type { BothWords, Crs } from "./crs.ts";

/**
 * GCJ-02 (火星坐标, as AMap and Tencent publish) and BD-09 (Baidu): WGS 84 with a smooth offset of up to a kilometre.
 * Formula and constants as in domain.md 4.9 (checked there against wandergis/coordtransform): Krasovsky-like axis and
 * eccentricity, and a box around China outside which nothing is moved.
 */
const A = 6378245;
const EE = 0.006693421622965943;
const BD_TURN = (Math.PI * 3000) / 180;
/** One step of the inverse at this many degrees (0.1 mm) is the last. */
const CLOSE_ENOUGH = 1e-9;
const MAX_STEPS = 30;

const inChina = (lon: number, lat: number): boolean =>
  lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271;

const ripples = (value: number): number =>
  ((20 * Math.sin(6 * value * Math.PI) + 20 * Math.sin(2 * value * Math.PI)) * 2) / 3;
const waves = (value: number, middle: number, long: number): number =>
  ((20 * Math.sin(value * Math.PI) + 40 * Math.sin((value / 3) * Math.PI)) * 2) / 3 +
  ((middle * Math.sin((value / 12) * Math.PI) + long * Math.sin((value * Math.PI) / 30)) * 2) / 3;

function offset(lon: number, lat: number): readonly [lon: number, lat: number] {
  const [x, y] = [lon - 105, lat - 35];
  const root = Math.sqrt(Math.abs(x));
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripples(x) + waves(y, 160, 320);
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripples(x) + waves(x, 150, 300);
  const sine = Math.sin((lat / 180) * Math.PI);
  const magic = 1 - EE * sine * sine;
  const dLat = (north * 180) / (((A * (1 - EE)) / (magic * Math.sqrt(magic))) * Math.PI);
  const dLon = (east * 180) / ((A / Math.sqrt(magic)) * Math.cos((lat / 180) * Math.PI) * Math.PI);
  return [dLon, dLat];
}

/** WGS 84 → GCJ-02, degrees; outside China unchanged. */
export function gcj02Of(lon: number, lat: number): readonly [lon: number, lat: number] {
  if (!inChina(lon, lat)) return [lon, lat];
  const [dLon, dLat] = offset(lon, lat);
  return [lon + dLon, lat + dLat];
}

/** WGS 84 → BD-09, degrees; outside China unchanged. */
export function bd09Of(lon: number, lat: number): readonly [lon: number, lat: number] {
  if (!inChina(lon, lat)) return [lon, lat];
  const [x, y] = gcj02Of(lon, lat);
  const radius = Math.sqrt(x * x + y * y) + 0.00002 * Math.sin(y * BD_TURN);
  const angle = Math.atan2(y, x) + 0.000003 * Math.cos(x * BD_TURN);
  return [radius * Math.cos(angle) + 0.0065, radius * Math.sin(angle) + 0.006];
}

type Forward = (lon: number, lat: number) => readonly [lon: number, lat: number];

/** The inverse by iteration: one pass alone would leave up to 2.6 m (domain.md 4.9). */
function inverseOf(forward: Forward): Forward {
  return (x, y) => {
    let [lon, lat] = [x, y];
    for (let step = 0; step < MAX_STEPS; step++) {
      const [gotX, gotY] = forward(lon, lat);
      const [dx, dy] = [x - gotX, y - gotY];
      lon += dx;
      lat += dy;
      if (Math.abs(dx) < CLOSE_ENOUGH && Math.abs(dy) < CLOSE_ENOUGH) break;
    }
    return [lon, lat];
  };
}

export type OffsetName = "GCJ-02" | "BD-09";

const OFFSETS: Record<OffsetName, { readonly forward: Forward; readonly inverse: Forward; readonly label: BothWords }> =
  {
    "GCJ-02": {
      forward: gcj02Of,
      inverse: inverseOf(gcj02Of),
      label: { zh: "GCJ-02（火星坐标，高德、腾讯）", en: "GCJ-02 (AMap, Tencent)" },
    },
    "BD-09": {
      forward: bd09Of,
      inverse: inverseOf(bd09Of),
      label: { zh: "BD-09（百度坐标）", en: "BD-09 (Baidu)" },
    },
  };

export const OFFSET_NAMES = Object.keys(OFFSETS) as readonly OffsetName[];

/**
 * An offset system, or another system whose positions carry that offset: maps of internet services are often projected
 * (to Web Mercator, to a Gauss-Krüger zone) with the offset still in them.
 *
 * @param base of the numbers; absent for longitude and latitude
 */
export function offsetCrs(name: OffsetName, base?: Crs): Crs {
  const { forward, inverse, label } = OFFSETS[name];
  if (!base) return { id: name, label, toWgs84: inverse, fromWgs84: forward };
  return {
    id: `${name}+${base.id}`,
    label: { zh: `${base.label.zh}，位置为${label.zh}`, en: `${base.label.en} with positions in ${label.en}` },
    toWgs84: (x, y) => inverse(...base.toWgs84(x, y)),
    fromWgs84: (lon, lat) => base.fromWgs84(...forward(lon, lat)),
  };
}
