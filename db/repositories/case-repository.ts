import type { LonLat } from "../../data/model/geometry.ts";
import type { Uuid } from "../../data/model/ids.ts";
import type { EventKind, IncidentSeverity, IncidentSource, IncidentState } from "../../data/model/incident.ts";
import type { Role } from "../../data/policy/roles.ts";
import type { EscalationLevel } from "../../data/workflow/definition.ts";
import type { Transaction } from "../driver.ts";
import { pointEwkb } from "../ewkb.ts";
import { indexBy } from "./params.ts";

/** Writes of single cases and their steps. Every function sends one statement. */

export interface NewStep {
  readonly county: string;
  readonly id: Uuid;
  readonly incidentId: string;
  readonly fromState: IncidentState | null;
  readonly toState: IncidentState;
  /** Role that did it, never a person. */
  readonly actor: string;
  readonly at: string;
  readonly note: string | null;
  readonly kind: EventKind;
  /** Key of the workflow's step after it; null for kinds that move nothing. */
  readonly step: string | null;
  /** Counted seconds that an entry of kind `extended` added. */
  readonly extendedSeconds?: number;
}

/**
 * Adds an entry after the last one; it takes scope and sensitivity from its case. Where another unit or post has the case
 * than the log last said, the entry names them: so change the case first.
 */
export const appendStep = (tx: Transaction, step: NewStep): Promise<number> =>
  tx.execute(
    `INSERT INTO incident_event (county, id, incident_id, seq, from_state, to_state, actor, at, note, scope_code, sensitive,
       kind, step, extended_seconds, organisation_id, post_id)
     SELECT $1, $2::uuid, i.id,
            (SELECT coalesce(max(e.seq), 0) + 1 FROM incident_event e WHERE e.county = $1 AND e.incident_id = $3::uuid),
            $4, $5, $6, $7::timestamptz, $8, i.scope_code, i.sensitive, $9, $10, $11::int,
            CASE WHEN (i.organisation_id, i.post_id) IS DISTINCT FROM (l.organisation_id, l.post_id) THEN i.organisation_id END,
            CASE WHEN (i.organisation_id, i.post_id) IS DISTINCT FROM (l.organisation_id, l.post_id) THEN i.post_id END
       FROM incident i
       LEFT JOIN LATERAL (SELECT e.organisation_id, e.post_id FROM incident_event e
         WHERE e.county = $1 AND e.incident_id = $3::uuid AND (e.organisation_id IS NOT NULL OR e.post_id IS NOT NULL)
         ORDER BY e.seq DESC LIMIT 1) l ON true
      WHERE i.county = $1 AND i.id = $3::uuid`,
    [
      step.county,
      step.id,
      step.incidentId,
      step.fromState,
      step.toState,
      step.actor,
      step.at,
      step.note,
      step.kind,
      step.step,
      step.extendedSeconds ?? null,
    ],
  );

/** Keeps the true place of a sensitive case, for its handler only. */
export const sealPlace = (tx: Transaction, county: string, incidentId: string, place: LonLat): Promise<number> =>
  tx.execute("INSERT INTO incident_sealed_place (county, incident_id, geom) VALUES ($1, $2, $3)", [
    county,
    incidentId,
    pointEwkb(place),
  ]);

/** The true place of a sensitive case, for its handler: the database shows the row to no other account. */
export async function placeOfHandler(
  tx: Transaction,
  county: string,
  incidentId: string,
  account: string,
): Promise<LonLat | undefined> {
  const rows = await tx.rows<{ lon: number; lat: number }>(
    `SELECT ST_X(p.geom) AS lon, ST_Y(p.geom) AS lat FROM incident_sealed_place p
     WHERE p.county = $1 AND p.incident_id = $2::uuid AND p.handler_id = $3::uuid`,
    [county, incidentId, account],
  );
  const place = rows[0];
  return place && [place.lon, place.lat];
}

/** Who handles a case, and its version for updates. */
export interface HandlingRow {
  readonly id: string;
  readonly version: number;
  /** Row id of the handler's account. */
  readonly handlerId: string | null;
  readonly workedBy: string | null;
  readonly postId: string | null;
  readonly inboxRole: Role | null;
  readonly inboxArea: string | null;
  readonly mergedInto: string | null;
}

/** Version and owners of cases, by id. */
export async function handlingOfCases(
  tx: Transaction,
  county: string,
  ids: readonly string[],
): Promise<Map<string, HandlingRow>> {
  const rows = await tx.rows<HandlingRow>(
    `SELECT i.id, i.version, i.handler_id AS "handlerId", i.worked_by AS "workedBy", i.post_id AS "postId",
       i.inbox_role AS "inboxRole", i.inbox_area AS "inboxArea", i.merged_into AS "mergedInto"
     FROM incident i WHERE i.county = $1 AND i.id = ANY($2::uuid[])`,
    [county, ids],
    "byKey",
  );
  return indexBy(rows, (row) => row.id);
}

/** What a change of a case must know of it. Instants are ISO 8601 text. */
export interface CaseHead {
  readonly id: Uuid;
  readonly ref: number;
  readonly classCode: string;
  readonly severity: IncidentSeverity;
  readonly source: IncidentSource;
  readonly state: IncidentState;
  /** Keys as they are stored; null = the county's default workflow, the state's first step. */
  readonly workflow: string | null;
  readonly step: string | null;
  readonly scopeCode: string | null;
  readonly sensitive: boolean;
  readonly openedAt: string;
  readonly dueAt: string | null;
  readonly firstAnswerAt: string | null;
  readonly closedAt: string | null;
  /** Row id of the handler's account. */
  readonly handlerId: string | null;
  /** Account that did the work which was reported as done. */
  readonly workedBy: string | null;
  readonly organisationId: string | null;
  readonly postId: string | null;
  readonly inboxRole: Role | null;
  readonly inboxArea: string | null;
  readonly escalation: EscalationLevel | null;
  readonly mergedInto: string | null;
  readonly version: number;
}

/** Locks a case for a change; undefined when there is none. */
export async function lockCase(tx: Transaction, county: string, id: string): Promise<CaseHead | undefined> {
  const rows = await tx.rows<CaseHead>(
    `SELECT i.id, i.ref, i.class_code AS "classCode", i.severity, i.source, i.state, i.workflow, i.step,
       i.scope_code AS "scopeCode", i.sensitive, i.opened_at AS "openedAt", i.due_at AS "dueAt",
       i.first_answer_at AS "firstAnswerAt", i.closed_at AS "closedAt", i.handler_id AS "handlerId",
       i.worked_by AS "workedBy", i.organisation_id AS "organisationId", i.post_id AS "postId",
       i.inbox_role AS "inboxRole", i.inbox_area AS "inboxArea", i.escalation, i.merged_into AS "mergedInto", i.version
     FROM incident i WHERE i.county = $1 AND i.id = $2::uuid FOR UPDATE`,
    [county, id],
  );
  return rows[0];
}

/** Counts the version of a case up for a change of what lies beside its own row. */
export const countCaseChange = (tx: Transaction, county: string, id: string): Promise<number> =>
  tx.execute("UPDATE incident SET version = version + 1 WHERE county = $1 AND id = $2::uuid", [county, id]);

export const setTitle = (tx: Transaction, county: string, id: string, title: string): Promise<number> =>
  tx.execute("UPDATE incident SET title = $3, version = version + 1 WHERE county = $1 AND id = $2::uuid", [
    county,
    id,
    title,
  ]);

/** Re-keys what is sealed to the case's handler of now: whoever had it before cannot open it any more. */
export async function handSealedRows(
  tx: Transaction,
  county: string,
  id: string,
  account: string | null,
): Promise<void> {
  const params = [county, id, account];
  await tx.execute(
    "UPDATE incident_sealed_place SET handler_id = $3::uuid WHERE county = $1 AND incident_id = $2::uuid",
    params,
  );
  await tx.execute(
    "UPDATE incident_photo SET handler_id = $3::uuid WHERE county = $1 AND incident_id = $2::uuid",
    params,
  );
  await tx.execute(
    "UPDATE reporter_contact SET handler_id = $3::uuid WHERE county = $1 AND incident_id = $2::uuid",
    params,
  );
  await tx.execute("UPDATE contact_key SET handler_id = $3::uuid WHERE county = $1 AND incident_id = $2::uuid", params);
}
