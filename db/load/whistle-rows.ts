import type { CountyDataset } from "../../data/model/dataset.ts";
import { type TableRows, table } from "./dataset-rows.ts";

/**
 * Whistles with their calls, and ratings of orders, after the cases that they are about. Each carries its case's area and
 * sensitivity.
 *
 * @param sensitiveClasses five-digit codes
 */
export function whistleRows(data: CountyDataset, sensitiveClasses: ReadonlySet<string>): TableRows[] {
  const { county } = data.profile;
  const { whistles = [], whistleCalls = [], ratings = [] } = data;
  const incidents = new Map(data.incidents.map((incident) => [incident.id, incident]));
  const caseOfWhistle = new Map(whistles.map(({ id, incidentId }) => [id, incidents.get(incidentId)]));
  /** What does not belong to a case fails the check of foreign keys; until then nobody sees it. */
  const scopeOf = (incident: ReturnType<typeof incidents.get>) =>
    [incident?.scopeCode ?? null, incident === undefined || sensitiveClasses.has(incident.classCode)] as const;
  return [
    table(
      "whistle",
      [
        "county",
        "id",
        "incident_id",
        "scope_code",
        "sensitive",
        "area_code",
        "item",
        "class",
        "note",
        "blown_at",
        "ended_at",
        "outcome",
        "rating",
        "version",
      ],
      whistles,
      (w) => [
        county,
        w.id,
        w.incidentId,
        ...scopeOf(incidents.get(w.incidentId)),
        w.areaCode,
        w.item,
        w.class,
        w.note,
        w.blownAt,
        w.endedAt,
        w.outcome,
        w.rating,
        1,
      ],
    ),
    table(
      "whistle_call",
      ["county", "id", "whistle_id", "organisation_id", "scope_code", "sensitive", "arrive_by", "arrived_at"],
      whistleCalls,
      (c) => [
        county,
        c.id,
        c.whistleId,
        c.organisationId,
        ...scopeOf(caseOfWhistle.get(c.whistleId)),
        c.arriveBy,
        c.arrivedAt,
      ],
    ),
    table("incident_rating", ["county", "incident_id", "scope_code", "sensitive", "rating", "at"], ratings, (r) => [
      county,
      r.incidentId,
      ...scopeOf(incidents.get(r.incidentId)),
      r.rating,
      r.at,
    ]),
  ];
}
