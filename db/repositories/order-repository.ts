import { SATISFIED_FROM } from "../../data/evaluation/satisfaction.ts";
import type { IncidentSource, IncidentState } from "../../data/model/incident.ts";
import type { Transaction } from "../driver.ts";
import { type IncidentListFilter, type IncidentReading, incidentParts } from "./incident-filter.ts";
import { indexBy } from "./params.ts";

/** Orders of residents and what they think of them. Every function sends one statement. */

export interface RatingRow {
  readonly incidentId: string;
  /** 1 … 5 */
  readonly rating: number;
  /** ISO 8601 */
  readonly at: string;
}

export async function ratingsOfIncidents(
  tx: Transaction,
  county: string,
  incidents: readonly string[],
): Promise<Map<string, RatingRow>> {
  const rows = await tx.rows<RatingRow>(
    `SELECT r.incident_id AS "incidentId", r.rating, r.at FROM incident_rating r
     WHERE r.county = $1 AND r.incident_id = ANY($2::uuid[])`,
    [county, incidents],
  );
  return indexBy(rows, (row) => row.incidentId);
}

/** Keeps a rating, once; it takes scope and sensitivity from its case. @returns 1, or 0 when there is one already */
export const insertRating = (
  tx: Transaction,
  county: string,
  incidentId: string,
  rating: number,
  at: string,
): Promise<number> =>
  tx.execute(
    `INSERT INTO incident_rating (county, incident_id, scope_code, sensitive, rating, at)
     SELECT $1, i.id, i.scope_code, i.sensitive, $3, $4::timestamptz
       FROM incident i WHERE i.county = $1 AND i.id = $2::uuid
     ON CONFLICT (county, incident_id) DO NOTHING`,
    [county, incidentId, rating, at],
  );

/** Orders that stand alike. */
export interface OrderGroup {
  readonly classCode: string;
  readonly source: IncidentSource;
  readonly state: IncidentState;
  readonly workflow: string | null;
  readonly step: string | null;
  /** States that they went through, where they stand aside of the main steps; null elsewhere. */
  readonly states: readonly IncidentState[] | null;
  readonly count: number;
  readonly rated: number;
  readonly satisfied: number;
}

/** Orders (cases that residents sent in) of a filter, grouped by where they stand. */
export function orderGroups(
  tx: Transaction,
  reading: IncidentReading,
  filter: Omit<IncidentListFilter, "sources">,
): Promise<OrderGroup[]> {
  const { params, where } = incidentParts(reading, { ...filter, sources: ["app"] });
  const satisfiedFrom = params.add(SATISFIED_FROM);
  return tx.rows<OrderGroup>(
    `SELECT i.class_code AS "classCode", i.source, i.state, i.workflow, i.step, h.states, count(*)::int AS count,
       count(r.rating)::int AS rated, count(*) FILTER (WHERE r.rating >= ${satisfiedFrom}::int)::int AS satisfied
     FROM incident i
     LEFT JOIN incident_rating r ON r.county = $1 AND r.incident_id = i.id
     LEFT JOIN LATERAL (
       SELECT array_agg(DISTINCT e.to_state ORDER BY e.to_state) AS states FROM incident_event e
       WHERE e.county = $1 AND e.incident_id = i.id
         AND i.state IN ('rejected', 'void', 'on_hold', 'rework', 'inspection')) h ON true
     WHERE ${where}
     GROUP BY i.class_code, i.source, i.state, i.workflow, i.step, h.states`,
    params.values,
  );
}
