import type {
  EventKind,
  IncidentEventRecord,
  IncidentSeverity,
  IncidentSource,
  IncidentState,
  SourceVerdict,
} from "../../data/model/incident.ts";
import type { EscalationLevel } from "../../data/workflow/definition.ts";
import type { Transaction } from "../driver.ts";
import { columnOrNull } from "../policy/seat-columns.ts";
import {
  type IncidentListFilter,
  type IncidentParts,
  type IncidentReading,
  incidentParts,
  lateSql,
  OPEN_SQL,
  VALID_SQL,
} from "./incident-filter.ts";
import { groupBy, indexBy } from "./params.ts";

/** A case as it may be shown: `lon`, `lat` are the grid's label point for sensitive classes. */
export interface IncidentRow {
  readonly county: string;
  readonly id: string;
  readonly ref: number;
  readonly classCode: string;
  readonly severity: IncidentSeverity;
  readonly source: IncidentSource;
  readonly state: IncidentState;
  /** Null for who may not read free text. */
  readonly title: string | null;
  readonly lon: number;
  readonly lat: number;
  readonly gridCodeAt: string | null;
  readonly scopeCode: string | null;
  readonly openedAt: string;
  readonly dueAt: string | null;
  readonly firstAnswerAt: string | null;
  readonly closedAt: string | null;
  readonly sourceVerdict: SourceVerdict | null;
  readonly border: boolean;
  readonly suspicious: boolean;
  /** Level that it has risen to; null while it has not. */
  readonly escalation: EscalationLevel | null;
  readonly sourceRef: string | null;
  readonly organisationId: string | null;
  /** Keys as they are stored; null = the county's default workflow, the state's first step (`placeOfCase`). */
  readonly workflow: string | null;
  readonly step: string | null;
  readonly late: boolean;
  /** Sort keys of `most_overdue`: 0 for overdue open cases, then the due time. */
  readonly overdueRank: number;
}

export const INCIDENT_ORDERS = ["newest", "oldest", "most_overdue", "due"] as const;
export type IncidentOrder = (typeof INCIDENT_ORDERS)[number];

const overdueRank = (late: string): string => `CASE WHEN ${OPEN_SQL} AND (${late}) THEN 0 ELSE 1 END`;

const columns = (
  tx: Transaction,
  { late }: IncidentParts,
): string => `i.county, i.id, i.ref, i.class_code AS "classCode",
  i.severity, i.source, i.state, ${columnOrNull(tx, "incident", "i.title", "text")} AS title, ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat,
  i.grid_code_at AS "gridCodeAt", i.scope_code AS "scopeCode", i.opened_at AS "openedAt", i.due_at AS "dueAt",
  i.first_answer_at AS "firstAnswerAt", i.closed_at AS "closedAt", i.source_verdict AS "sourceVerdict", i.border,
  i.suspicious, i.escalation,
  ${columnOrNull(tx, "incident", "i.source_ref", "text")} AS "sourceRef", i.organisation_id AS "organisationId", i.workflow, i.step, (${late}) AS late,
  ${overdueRank(late)} AS "overdueRank"`;

/** Sort key of a row, as cursors carry it. */
export function incidentSortKey(row: IncidentRow, order: IncidentOrder): (string | number)[] {
  if (order === "most_overdue") return [row.overdueRank, row.dueAt ?? "infinity", row.id];
  if (order === "due") return [row.dueAt ?? "infinity", row.id];
  return [row.openedAt, row.id];
}

/** A page of incidents. @param after sort key of the last row of the page before */
export function listIncidents(
  tx: Transaction,
  reading: IncidentReading,
  filter: IncidentListFilter,
  order: IncidentOrder,
  after: readonly (string | number)[] | undefined,
  limit: number,
): Promise<IncidentRow[]> {
  const parts = incidentParts(reading, filter);
  const { params } = parts;
  let orderBy: string;
  let keyset = "";
  if (order === "most_overdue") {
    const rank = overdueRank(parts.late);
    const due = "coalesce(i.due_at, 'infinity'::timestamptz)";
    orderBy = `${rank}, ${due}, i.id`;
    if (after)
      keyset = `AND (${rank}, ${due}, i.id) > (${params.add(after[0] ?? 0)}::int, ${params.add(after[1] ?? "infinity")}::timestamptz, ${params.add(after[2] ?? "")}::uuid)`;
  } else if (order === "due") {
    // Nulls come last, as the index has them: cases on hold, and those without a clock.
    orderBy = "i.due_at, i.id";
    if (after?.[0] === "infinity") keyset = `AND i.due_at IS NULL AND i.id > ${params.add(after[1] ?? "")}::uuid`;
    else if (after)
      keyset = `AND (i.due_at IS NULL OR (i.due_at, i.id) > (${params.add(after[0] ?? "")}::timestamptz, ${params.add(after[1] ?? "")}::uuid))`;
  } else {
    const direction = order === "newest" ? "DESC" : "ASC";
    orderBy = `i.opened_at ${direction}, i.id ${direction}`;
    if (after)
      keyset = `AND (i.opened_at, i.id) ${order === "newest" ? "<" : ">"} (${params.add(after[0] ?? "")}::timestamptz, ${params.add(after[1] ?? "")}::uuid)`;
  }
  return tx.rows<IncidentRow>(
    `SELECT ${columns(tx, parts)} FROM incident i WHERE ${parts.where} ${keyset}
     ORDER BY ${orderBy} LIMIT ${params.add(limit)}::int`,
    params.values,
  );
}

export async function countIncidents(
  tx: Transaction,
  reading: IncidentReading,
  filter: IncidentListFilter,
): Promise<number> {
  const parts = incidentParts(reading, filter);
  const rows = await tx.rows<{ count: number }>(
    `SELECT count(*)::int AS count FROM incident i WHERE ${parts.where}`,
    parts.params.values,
  );
  return rows[0]?.count ?? 0;
}

/** Incidents by id. */
export async function incidentsById(
  tx: Transaction,
  reading: IncidentReading,
  ids: readonly string[],
): Promise<Map<string, IncidentRow>> {
  const parts = incidentParts(reading, { inside: reading.county });
  const rows = await tx.rows<IncidentRow>(
    `SELECT ${columns(tx, parts)} FROM incident i WHERE ${parts.where} AND i.id = ANY(${parts.params.add(ids)}::uuid[])`,
    parts.params.values,
    "byKey",
  );
  return indexBy(rows, (row) => row.id);
}

/** Incidents by the number that columns carry. */
export async function incidentsByRef(
  tx: Transaction,
  reading: IncidentReading,
  refs: readonly number[],
): Promise<Map<number, IncidentRow>> {
  const parts = incidentParts(reading, { inside: reading.county });
  const rows = await tx.rows<IncidentRow>(
    `SELECT ${columns(tx, parts)} FROM incident i WHERE ${parts.where} AND i.ref = ANY(${parts.params.add(refs)}::int[])`,
    parts.params.values,
  );
  return indexBy(rows, (row) => row.ref);
}

/** Cases that were merged into others, oldest first, by the case that goes on. */
export async function incidentsMergedInto(
  tx: Transaction,
  reading: IncidentReading,
  ids: readonly string[],
): Promise<Map<string, IncidentRow[]>> {
  const parts = incidentParts(reading, { inside: reading.county });
  const rows = await tx.rows<IncidentRow & { readonly mergedInto: string }>(
    `SELECT ${columns(tx, parts)}, i.merged_into AS "mergedInto" FROM incident i
     WHERE ${parts.where} AND i.merged_into = ANY(${parts.params.add(ids)}::uuid[]) ORDER BY i.opened_at, i.id`,
    parts.params.values,
  );
  return groupBy(rows, (row) => row.mergedInto);
}

export type IncidentEventRow = Omit<IncidentEventRecord, "id" | "seq" | "actor" | "kind" | "step"> & {
  /** Null for who may not read free text. */
  readonly actor: string | null;
  readonly kind: EventKind;
  /** Key of the step after it; null where the case's workflow was not known, and for kinds that move nothing. */
  readonly step: string | null;
};

/** Steps of each incident, oldest first. */
export async function eventsOfIncidents(
  tx: Transaction,
  county: string,
  ids: readonly string[],
): Promise<Map<string, IncidentEventRow[]>> {
  const rows = await tx.rows<IncidentEventRow>(
    `SELECT e.incident_id AS "incidentId", e.from_state AS "fromState", e.to_state AS "toState",
       ${columnOrNull(tx, "incident_event", "e.actor", "text")} AS actor, e.at,
       ${columnOrNull(tx, "incident_event", "e.note", "text")} AS note, e.kind, e.step
     FROM incident_event e WHERE e.county = $1 AND e.incident_id = ANY($2::uuid[])
     ORDER BY e.incident_id, e.seq, e.id`,
    [county, ids],
  );
  return groupBy(rows, (row) => row.incidentId as string);
}

export interface IncidentSummaryRow {
  readonly county: string;
  readonly code: string;
  readonly reported: number;
  readonly valid: number;
  readonly solved: number;
  readonly open: number;
  readonly late: number;
  readonly overdueOpen: number;
  readonly dueSoon: number;
  readonly suspicious: number;
  readonly oldestOverdueDueAt: string | null;
  readonly oldestOverdueId: string | null;
}

/** Incidents of several areas in short, in one statement. Areas without incidents are present with zeros. */
export async function incidentSummaries(
  tx: Transaction,
  county: string,
  codes: readonly string[],
  asOf: string,
): Promise<Map<string, IncidentSummaryRow>> {
  const rows = await tx.rows<IncidentSummaryRow>(
    `WITH place AS MATERIALIZED (
       SELECT i.scope_code, count(*) AS reported, count(*) FILTER (WHERE ${VALID_SQL}) AS valid,
         count(*) FILTER (WHERE i.state IN ('closed', 'evaluated')) AS solved,
         count(*) FILTER (WHERE ${OPEN_SQL}) AS open, count(*) FILTER (WHERE i.late) AS late,
         count(*) FILTER (WHERE ${OPEN_SQL} AND i.late) AS overdue,
         count(*) FILTER (WHERE ${OPEN_SQL} AND NOT i.late AND i.source_verdict IS NULL
           AND i.due_at < $3::timestamptz + interval '24 hours') AS due_soon,
         count(*) FILTER (WHERE i.suspicious) AS suspicious,
         min(i.due_at) FILTER (WHERE ${OPEN_SQL} AND i.late) AS oldest_due,
         (array_agg(i.id ORDER BY i.due_at, i.id) FILTER (WHERE ${OPEN_SQL} AND i.late))[1] AS oldest_id
       FROM (
         SELECT i.id, i.scope_code, i.state, i.due_at, i.source_verdict, i.suspicious, (${lateSql("$3")}) AS late
         FROM incident i WHERE i.county = $1) i
       GROUP BY i.scope_code)
     SELECT $1::text AS county, p.code, coalesce(sum(s.reported), 0) AS reported, coalesce(sum(s.valid), 0) AS valid,
       coalesce(sum(s.solved), 0) AS solved, coalesce(sum(s.open), 0) AS open, coalesce(sum(s.late), 0) AS late,
       coalesce(sum(s.overdue), 0) AS "overdueOpen", coalesce(sum(s.due_soon), 0) AS "dueSoon",
       coalesce(sum(s.suspicious), 0) AS suspicious, min(s.oldest_due) AS "oldestOverdueDueAt",
       (array_agg(s.oldest_id ORDER BY s.oldest_due, s.oldest_id) FILTER (WHERE s.oldest_id IS NOT NULL))[1]
         AS "oldestOverdueId"
     FROM unnest($2::text[]) AS p(code)
     LEFT JOIN place s ON length(p.code) = 6
       OR (s.scope_code >= p.code COLLATE "C" AND s.scope_code < (p.code || '~') COLLATE "C")
     GROUP BY p.code`,
    [county, codes, asOf],
  );
  return indexBy(rows, (row) => row.code);
}
