import proj4 from "proj4";
import type { BothWords, Crs } from "./crs.ts";
import { NOWHERE } from "./crs.ts";

const WGS84 = "+proj=longlat +datum=WGS84 +no_defs";

/** A system that proj4 converts. @param definition PROJ string or WKT */
export function projectedCrs(id: string, label: BothWords, definition: string): Crs {
  const converter = proj4(definition, WGS84);
  const guarded = (way: (position: [number, number]) => [number, number], x: number, y: number) => {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return NOWHERE;
    try {
      const [a, b] = way([x, y]);
      return Number.isFinite(a) && Number.isFinite(b) ? ([a, b] as const) : NOWHERE;
    } catch {
      // proj4 throws for numbers that its formulas do not reach.
      return NOWHERE;
    }
  };
  return {
    id,
    label,
    toWgs84: (x, y) => guarded(converter.forward, x, y),
    fromWgs84: (lon, lat) => guarded(converter.inverse, lon, lat),
  };
}
