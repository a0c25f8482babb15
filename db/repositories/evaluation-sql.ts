import type { CaseFact, EvaluationBy } from "../../data/evaluation/indices.ts";
import { codeRange } from "../../data/model/codes.ts";
import { uuidV7LowerBound } from "../../data/model/ids.ts";
import {
  type IncidentListFilter,
  type IncidentReading,
  incidentParts,
  OPEN_SQL,
  VALID_SQL,
} from "./incident-filter.ts";
import type { Params } from "./params.ts";
import { childCodeLength, fellCode } from "./stats-repository.ts";

/**
 * What the assessment counts, in one place: figures and the lists that they open are read from the same relation by the same
 * columns. The words of each fact are in `data/evaluation/indices.ts`.
 */

/** Columns of the relation that facts are counted by. */
export const FACT_COLUMN: Readonly<Record<CaseFact, string>> = {
  reported: "mine",
  filed: "filed",
  handled: "handled",
  due: "due",
  closedInTime: "in_time",
  closed: "closed",
  sentBack: "sent_back",
  assigned: "assigned",
  passedOn: "passed_on",
  fedBack: "fed_back",
  verified: "verified",
};

const CLOSED = "i.state IN ('closed', 'evaluated')";
const FILED = "i.state NOT IN ('found', 'rejected', 'void')";
/** There is a deadline to judge by: one of ours, or the source's own verdict. */
const HAS_CLOCK = `CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict <> 'none' ELSE i.due_at IS NOT NULL END`;
/** A step into one of these is work. */
const WORK = "('arrived', 'consulted', 'handling', 'fed_back', 'verified', 'closed', 'evaluated')";

/** A relation `counted` (key, id, opened_at and a boolean per fact) with the conditions that make it. */
export interface CountedRelation {
  readonly params: Params;
  /** Text of `WITH …`; statements go on with a SELECT from `counted`. */
  readonly with: string;
}

/**
 * The cases that an assessment counts, one row per case and key. Keys: code of the area directly below `inside` that the
 * case fell in, row id of the unit or post, null for the area as a whole and for what belongs to nobody.
 *
 * @param by null for the area as a whole
 * @param filter area and period; cases by when they were opened
 */
export function countedCases(
  reading: IncidentReading,
  filter: IncidentListFilter,
  by: EvaluationBy | null,
): CountedRelation {
  const { params, where, late } = incidentParts(reading, filter);
  const length = childCodeLength(filter.inside);
  const byArea = by === "area" && length > filter.inside.length;
  const column = by === "post" ? "post_id" : "organisation_id";
  const unit = `e.${column}`;
  const entries = entryConditions(params, reading, filter);
  const facts = `WITH log AS MATERIALIZED (
    SELECT e.incident_id, bool_or(e.to_state = 'rework') AS sent_back, bool_or(e.to_state = 'fed_back') AS fed_back,
      bool_or(e.to_state IN ('verified', 'closed', 'evaluated')) AS verified
    FROM incident_event e
    WHERE ${entries} AND e.to_state IN ('rework', 'fed_back', 'verified', 'closed', 'evaluated') GROUP BY e.incident_id),
  handed AS MATERIALIZED (
    SELECT h.incident_id, h.unit, bool_or(h.next_unit <> h.unit AND NOT EXISTS (
        SELECT FROM incident_event w WHERE w.county = $1 AND w.incident_id = h.incident_id AND w.seq >= h.seq
          AND w.seq < h.next_seq AND w.kind = 'step' AND w.to_state IN ${WORK})) AS passed_on
    FROM (
      SELECT e.incident_id, e.seq, ${unit} AS unit,
        lead(${unit}) OVER next AS next_unit, lead(e.seq) OVER next AS next_seq
      FROM incident_event e WHERE ${entries} AND ${unit} IS NOT NULL
      WINDOW next AS (PARTITION BY e.incident_id ORDER BY e.seq)) h
    GROUP BY h.incident_id, h.unit),
  c AS (
    SELECT i.id, i.opened_at, ${byArea ? fellCode(params, "i", filter.inside) : "i.scope_code"} AS fell, i.${column} AS unit, ${FILED} AS filed,
      ${FILED} AND (i.state IN ('fed_back', 'verified', 'closed', 'evaluated', 'rework') OR l.incident_id IS NOT NULL)
        AS handled,
      ${VALID_SQL} AND ${HAS_CLOCK} AND (${CLOSED} OR (${OPEN_SQL} AND i.state <> 'on_hold' AND (${late}))) AS due,
      ${CLOSED} AND ${HAS_CLOCK} AND NOT (${late}) AS in_time, ${CLOSED} AS closed,
      ${FILED} AND (i.state = 'rework' OR coalesce(l.sent_back, false)) AS sent_back,
      ${FILED} AND (i.state = 'fed_back' OR coalesce(l.fed_back, false)) AS fed_back,
      ${FILED} AND coalesce(l.fed_back, false) AND (i.state IN ('verified', 'closed', 'evaluated') OR l.verified)
        AS verified
    FROM incident i LEFT JOIN log l ON l.incident_id = i.id WHERE ${where}),
  `;
  if (by === "department" || by === "post")
    return {
      params,
      // A unit answers for what it has now; for passing on, who passed it on does.
      with: `${facts}counted AS (
        SELECT c.unit AS key, c.id, c.opened_at, true AS mine, ${OWN}, true AS assigned,
          coalesce(h.passed_on, false) AS passed_on
        FROM c LEFT JOIN handed h ON h.incident_id = c.id AND h.unit = c.unit WHERE c.unit IS NOT NULL
        UNION ALL
        SELECT h.unit, c.id, c.opened_at, false, false, false, false, false, false, false, false, false, true, h.passed_on
        FROM c JOIN handed h ON h.incident_id = c.id WHERE h.unit IS DISTINCT FROM c.unit)`,
    };
  const key = byArea ? `CASE WHEN length(c.fell) >= ${length} THEN left(c.fell, ${length}) END` : "NULL::text";
  return {
    params,
    with: `${facts}counted AS (
      SELECT ${key} AS key, c.id, c.opened_at, true AS mine, ${OWN},
        h.incident_id IS NOT NULL OR c.unit IS NOT NULL AS assigned, coalesce(h.passed_on, false) AS passed_on
      FROM c LEFT JOIN (SELECT incident_id, bool_or(passed_on) AS passed_on FROM handed GROUP BY incident_id) h
        ON h.incident_id = c.id)`,
  };
}

const OWN = "c.filed, c.handled, c.due, c.in_time, c.closed, c.sent_back, c.fed_back, c.verified";

/** Conditions on `incident_event e` that leave out entries of cases that are not asked for: none is older than its case. */
function entryConditions(params: Params, reading: IncidentReading, filter: IncidentListFilter): string {
  const conditions = ["e.county = $1"];
  if (filter.inside.length > 6) {
    const range = codeRange(filter.inside);
    conditions.push(`e.scope_code >= ${params.add(range.from)} AND e.scope_code < ${params.add(range.to)}`);
  }
  if (filter.from) {
    conditions.push(`e.at >= ${params.add(filter.from)}::timestamptz`);
    const fromMs = Date.parse(filter.from);
    if (fromMs > Date.UTC(2000, 0, 1) && fromMs < Date.parse(reading.now))
      conditions.push(`e.id >= ${params.add(uuidV7LowerBound(fromMs))}::uuid`);
  }
  return conditions.join(" AND ");
}
