import type { MeteredPlace } from "../../../../data/coverage/plan-graph/metered-points.ts";
import { labelPoint } from "../../../../data/geo/label-point.ts";
import { areaM2, bboxOf } from "../../../../data/geo/measure.ts";
import type { LonLat, MultiPolygonRings } from "../../../../data/model/geometry.ts";
import { inPolygons } from "./in-polygons.ts";

/** Ground with a number of households of which nobody knows where in it they live. */
export interface CountedGround {
  readonly polygons: MultiPolygonRings;
  readonly households: number;
}

/** Places that stand for one ground: enough that a moved border takes about its share along. */
const PLACES = 300;

/** Metres of a degree of a meridian, rounded. */
const METRES_PER_DEGREE = 111_195;

/**
 * Spreads households evenly over their ground, for where no building is known: all of them estimates, whole households,
 * their sum exactly the count.
 */
export function spreadHouseholds(grounds: readonly CountedGround[]): MeteredPlace[] {
  return grounds.flatMap(({ polygons, households }) => {
    const box = bboxOf(polygons);
    if (!box || households <= 0) return [];
    const step = Math.sqrt(areaM2(polygons) / PLACES) / METRES_PER_DEGREE;
    const across = step / Math.max(0.1, Math.cos((box[1] * Math.PI) / 180));
    const places: LonLat[] = [];
    for (let lat = box[1] + step / 2; lat < box[3]; lat += step)
      for (let lon = box[0] + across / 2; lon < box[2]; lon += across)
        if (inPolygons(polygons, [lon, lat])) places.push([lon, lat]);
    if (places.length === 0) places.push(labelPoint(polygons));
    // Whole households by the running share, so that none is lost and none comes from rounding.
    const upTo = (n: number): number => Math.floor((n * households) / places.length);
    return places.flatMap((place, n) => {
      const own = upTo(n + 1) - upTo(n);
      return own > 0 ? [{ place, households: own, exact: false }] : [];
    });
  });
}
