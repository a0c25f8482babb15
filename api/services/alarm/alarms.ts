import { ALARM_KEPT_DAYS } from "../../../data/model/alarm.ts";
import { type AlarmRow, listAlarms } from "../../../db/repositories/alarm-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import { isPointFor } from "../kiosk.ts";
import { incidentById, readingOf } from "../loaders.ts";
import { requireInside } from "../require.ts";

const DAY_MS = 86_400_000;
/** More than a screen or page can name; an area with more has another problem than this list. */
const MAX_ALARMS = 200;

/**
 * Alarms of an area: unacknowledged ones, oldest first, then (with `all`) the others of the last days.
 *
 * @throws FORBIDDEN outside the viewer's area
 */
export async function alarms(context: RequestContext, inside: string, all: boolean): Promise<AlarmRow[]> {
  const county = await requireInside(context, inside, nowIso(context), "incident", "inside");
  const since = all ? new Date(Date.parse(county.asOf) - ALARM_KEPT_DAYS * DAY_MS).toISOString() : null;
  const rows = await inCounty(context, county.county, (tx) => listAlarms(tx, county.county, inside, since, MAX_ALARMS));
  const cases = incidentById(context, readingOf(context, county));
  const found = await Promise.all(rows.map(({ incidentId }) => cases.load(incidentId)));
  // A kiosk gets no case that is older than its points reach.
  return rows.filter((_, n) => {
    const incident = found[n];
    return incident !== undefined && isPointFor(context.viewer, county, incident.openedAt);
  });
}
