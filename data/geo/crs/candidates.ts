import type { LonLat } from "../../model/geometry.ts";
import type { Crs } from "./crs.ts";
import { CGCS2000, epsgCrs, WGS84 } from "./epsg-table.ts";
import { gridCrs, zonesNear } from "./gauss-kruger.ts";
import { OFFSET_NAMES, offsetCrs } from "./offset-systems.ts";

/** A system that a layer's numbers may be in. */
export interface Candidate {
  readonly crs: Crs;
  /** The first number is the northing or latitude. */
  readonly swapped: boolean;
}

/** Zones whose meridian is at most this far from the county are tried: a neighbouring zone is a usual mistake. */
const ZONE_REACH_DEG = 6;

export const place = ({ crs, swapped }: Candidate, [x, y]: LonLat): LonLat =>
  swapped ? crs.toWgs84(y, x) : crs.toWgs84(x, y);

/** What numbers from a county around `center` are usually in, each with its axes both ways. */
export function candidatesAround(center: LonLat): Candidate[] {
  const [lon] = center;
  const zone = Math.floor(lon / 6) + 31;
  const utm = [zone - 1, zone, zone + 1].flatMap((number) => epsgCrs(32600 + number) ?? []);
  const mercator = epsgCrs(3857);
  const systems = [WGS84, ...zonesNear(lon, ZONE_REACH_DEG).map(gridCrs), ...(mercator ? [mercator] : []), ...utm];
  return systems.flatMap((crs) => [
    { crs, swapped: false },
    { crs, swapped: true },
  ]);
}

/** The same numbers with the offset of GCJ-02 or BD-09 in them, or without it. */
export function offsetForms({ crs, swapped }: Candidate): Candidate[] {
  const offset = OFFSET_NAMES.find((name) => crs.id === name || crs.id.startsWith(`${name}+`));
  if (!offset)
    return OFFSET_NAMES.map((name) => ({ crs: offsetCrs(name, isGeographic(crs) ? undefined : crs), swapped }));
  const base = offset === crs.id ? WGS84 : epsgCrs(Number(crs.id.split("EPSG:")[1]));
  if (!base) return [];
  const others = OFFSET_NAMES.filter((name) => name !== offset);
  return [
    { crs: base, swapped },
    ...others.map((name) => ({ crs: offsetCrs(name, isGeographic(base) ? undefined : base), swapped })),
  ];
}

/** Longitude and latitude on a datum that equals WGS 84 at map accuracy. */
export const isGeographic = (crs: Crs): boolean => crs.id === WGS84.id || crs.id === CGCS2000.id;
