import { pointsFrom } from "../../data/columns/cells.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import type { CountyModel } from "../mappers.ts";

/**
 * From when a kiosk gets points of cases, epoch seconds: the start of a day, so that answers last a day. Undefined for
 * everybody who has no such limit.
 */
export const kioskPointsFrom = (viewer: Viewer | null, county: CountyModel): number | undefined =>
  viewer?.pointDays == null
    ? undefined
    : pointsFrom(Math.floor(Date.parse(county.asOf) / 1000), viewer.pointDays, county.timezone);

/** May the viewer get a case that was opened then as a point? @param openedAt ISO 8601 */
export function isPointFor(viewer: Viewer | null, county: CountyModel, openedAt: string): boolean {
  const from = kioskPointsFrom(viewer, county);
  return from === undefined || Date.parse(openedAt) / 1000 >= from;
}
