import { type ClockContext, judge, usedAt } from "../../../data/clock/case-clocks.ts";
import type { RequestContext } from "../../context.ts";
import type { IncidentClock } from "../../generated/resolvers-types.ts";
import type { IncidentRow } from "../../mappers.ts";
import { workflowsOf } from "../flow/workflows-of.ts";
import { clocksOfIncident } from "../loaders.ts";
import { requireCounty } from "../require.ts";

const iso = (epochMs: number): string => new Date(epochMs).toISOString();
const isoOrNull = (epochMs: number | null): string | null => (epochMs === null ? null : iso(epochMs));

/** The clocks of a case as they stand at the county's as-of instant, the newest first, the clock of the state before all. */
export async function incidentClocks(context: RequestContext, incident: IncidentRow): Promise<IncidentClock[]> {
  const county = await requireCounty(context, incident.county);
  const { process, timezone } = await workflowsOf(context, county);
  const read: ClockContext = { settings: process, timezone, one: incident };
  const asOfMs = Date.parse(county.asOf);
  const rows = (await clocksOfIncident(context, incident.county).load(incident.id)) ?? [];
  const business = rows.filter(({ clock }) => clock.kind === "business").toReversed();
  return [...rows.filter(({ clock }) => clock.kind === "state"), ...business].map(({ clock, dueMs }) => ({
    kind: clock.kind,
    target: clock.target,
    rule: clock.rule,
    calendar: clock.calendar,
    allowedSeconds: clock.allowedSeconds + clock.extendedSeconds,
    extendedSeconds: clock.extendedSeconds,
    usedSeconds: Math.floor(usedAt(clock, asOfMs, read) / 1000),
    startedAt: iso(clock.startedMs),
    dueAt: isoOrNull(dueMs),
    endedAt: isoOrNull(clock.endedMs),
    pausedAt: isoOrNull(clock.pausedMs),
    pauseReason: clock.pauseReason,
    state: judge(clock, asOfMs, read),
  }));
}
