import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../../../../data/model/incident.ts";
import type { Role } from "../../../../data/policy/roles.ts";
import type { Filters, QueueChoice } from "../../../app/view-state.ts";
import type { IncidentFilter } from "../../../gql/generated.ts";

const words = <T extends string>(indexes: readonly number[] | undefined, all: readonly string[]): T[] | undefined =>
  indexes?.flatMap((index) => all[index]?.toUpperCase() ?? []) as T[] | undefined;

const iso = (seconds: number | undefined): string | undefined =>
  seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();

/** What the queue asks the server for: open cases of an area that meet what the desk's filters, its own choices and its search say. */
export function queueFilter(area: string, filters: Filters, queue: QueueChoice, role: Role | null): IncidentFilter {
  return {
    inside: area,
    open: true,
    from: iso(filters.from),
    to: iso(filters.to),
    classes: filters.classes ? [...filters.classes] : undefined,
    states: words(filters.states, INCIDENT_STATES),
    paused: queue.paused || undefined,
    severities: words(filters.severities, INCIDENT_SEVERITIES),
    sources: words(filters.sources, INCIDENT_SOURCES),
    late: filters.late,
    text: queue.text?.trim() || undefined,
    mine: queue.owner === "mine" || undefined,
    inbox:
      queue.owner === "unclaimed" && role ? (role.toUpperCase() as NonNullable<IncidentFilter["inbox"]>) : undefined,
    withoutSuspicious: false,
  };
}
