import { HANDOVER_SOON_HOURS } from "../../../data/model/alarm.ts";
import { type AlarmRow, listAlarms } from "../../../db/repositories/alarm-repository.ts";
import type { AreaRow } from "../../../db/repositories/area-repository.ts";
import {
  casesDueBy,
  type DutyEntryRow,
  lastHandover,
  listDutyEntries,
} from "../../../db/repositories/duty-log-repository.ts";
import {
  countIncidents,
  type IncidentRow,
  incidentsById,
  listIncidents,
} from "../../../db/repositories/incident-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import { areaByCode, readingOf } from "../loaders.ts";
import { required } from "../required.ts";
import { requireDesk } from "./duty-log.ts";

/** What fits a page that somebody reads through at the change of a shift. */
const MAX_CASES = 50;
const MAX_ENTRIES = 100;
const HOUR_MS = 3_600_000;

/** What the next shift must know. */
export interface HandoverModel {
  readonly at: string;
  readonly area: AreaRow;
  readonly lastHandoverAt: string | null;
  readonly open: number;
  readonly overdue: IncidentRow[];
  readonly soon: IncidentRow[];
  readonly alarms: AlarmRow[];
  readonly entries: DutyEntryRow[];
}

/**
 * The page of a handover of the desk of an area, of one instant.
 *
 * @throws FORBIDDEN for who does not keep the desk
 */
export async function handover(context: RequestContext, code: string): Promise<HandoverModel> {
  const county = await requireDesk(context, code, "area");
  const area = required(await areaByCode(context, county.county, nowIso(context)).load(code), `area ${code}`);
  const reading = readingOf(context, county);
  const until = new Date(Date.parse(reading.asOf) + HANDOVER_SOON_HOURS * HOUR_MS).toISOString();
  return inCounty(context, county.county, async (tx) => {
    const inside = { inside: code, open: true };
    const lastHandoverAt = await lastHandover(tx, county.county, code);
    const due = await casesDueBy(tx, reading, code, until, MAX_CASES);
    const soon = await incidentsById(tx, reading, due);
    const entries = await listDutyEntries(tx, county.county, code, { from: lastHandoverAt }, MAX_ENTRIES);
    return {
      at: reading.asOf,
      area,
      lastHandoverAt,
      open: await countIncidents(tx, reading, inside),
      overdue: await listIncidents(tx, reading, { ...inside, late: true }, "most_overdue", undefined, MAX_CASES),
      soon: due.flatMap((id) => soon.get(id) ?? []),
      alarms: await listAlarms(tx, county.county, code, null, MAX_CASES),
      entries: entries.reverse(),
    };
  });
}
