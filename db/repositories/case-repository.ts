import type { LonLat } from "../../data/model/geometry.ts";
import type { Uuid } from "../../data/model/ids.ts";
import type { EventKind, IncidentSeverity, IncidentSource, IncidentState } from "../../data/model/incident.ts";
import type { CaseClock } from "../../data/workflow/transitions.ts";
import type { Transaction } from "../driver.ts";
import { pointEwkb } from "../ewkb.ts";
import { indexBy } from "./params.ts";

/** Writes of single cases and their steps. Every function sends one statement. */

export interface NewCase {
  readonly county: string;
  readonly id: Uuid;
  readonly ref: number;
  readonly classCode: string;
  readonly sensitive: boolean;
  readonly severity: IncidentSeverity;
  readonly source: IncidentSource;
  readonly title: string;
  /** Where it may be shown: for sensitive classes the label point of the deepest area, never the place itself. */
  readonly drawn: LonLat;
  readonly gridId: string | null;
  readonly gridCode: string | null;
  readonly scopeCode: string;
  readonly border: boolean;
  readonly openedAt: string;
}

export const insertCase = (tx: Transaction, one: NewCase): Promise<number> =>
  tx.execute(
    `INSERT INTO incident (county, id, ref, class_code, sensitive, severity, source, state, title, geom, grid_id,
       grid_code_at, scope_code, opened_at, border, suspicious, version)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'found', $8, $9, $10, $11, $12, $13::timestamptz, $14, false, 1)`,
    [
      one.county,
      one.id,
      one.ref,
      one.classCode,
      one.sensitive,
      one.severity,
      one.source,
      one.title,
      pointEwkb(one.drawn),
      one.gridId,
      one.gridCode,
      one.scopeCode,
      one.openedAt,
      one.border,
    ],
  );

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
}

/** Adds an entry after the last one; it takes scope and sensitivity from its case. */
export const appendStep = (tx: Transaction, step: NewStep): Promise<number> =>
  tx.execute(
    `INSERT INTO incident_event (county, id, incident_id, seq, from_state, to_state, actor, at, note, scope_code, sensitive,
       kind, step)
     SELECT $1, $2::uuid, i.id,
            (SELECT coalesce(max(e.seq), 0) + 1 FROM incident_event e WHERE e.county = $1 AND e.incident_id = $3::uuid),
            $4, $5, $6, $7::timestamptz, $8, i.scope_code, i.sensitive, $9, $10
       FROM incident i WHERE i.county = $1 AND i.id = $3::uuid`,
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
}

/** Version and handler of cases, by id. */
export async function handlingOfCases(
  tx: Transaction,
  county: string,
  ids: readonly string[],
): Promise<Map<string, HandlingRow>> {
  const rows = await tx.rows<HandlingRow>(
    `SELECT i.id, i.version, i.handler_id AS "handlerId" FROM incident i
     WHERE i.county = $1 AND i.id = ANY($2::uuid[])`,
    [county, ids],
  );
  return indexBy(rows, (row) => row.id);
}

/** What a change of a case must know of it. */
export interface CaseHead {
  readonly id: Uuid;
  readonly ref: number;
  readonly state: IncidentState;
  readonly scopeCode: string | null;
  readonly sensitive: boolean;
  readonly handlerId: string | null;
  readonly version: number;
}

/** Locks a case for a change; undefined when there is none. */
export async function lockCase(tx: Transaction, county: string, id: string): Promise<CaseHead | undefined> {
  const rows = await tx.rows<CaseHead>(
    `SELECT i.id, i.ref, i.state, i.scope_code AS "scopeCode", i.sensitive, i.handler_id AS "handlerId", i.version
     FROM incident i WHERE i.county = $1 AND i.id = $2::uuid FOR UPDATE`,
    [county, id],
  );
  return rows[0];
}

/** Counts the version of a case up for a change of what lies beside its own row. */
export const countCaseChange = (tx: Transaction, county: string, id: string): Promise<number> =>
  tx.execute("UPDATE incident SET version = version + 1 WHERE county = $1 AND id = $2::uuid", [county, id]);

/** Gives a case to a handler. The sealed rows go along: see `handSealedRows`. */
export const setHandler = (tx: Transaction, county: string, id: string, account: string): Promise<number> =>
  tx.execute("UPDATE incident SET handler_id = $3::uuid, version = version + 1 WHERE county = $1 AND id = $2::uuid", [
    county,
    id,
    account,
  ]);

export const setTitle = (tx: Transaction, county: string, id: string, title: string): Promise<number> =>
  tx.execute("UPDATE incident SET title = $3, version = version + 1 WHERE county = $1 AND id = $2::uuid", [
    county,
    id,
    title,
  ]);

/** The clock of a case, instants as epoch ms. */
export async function caseClock(tx: Transaction, county: string, id: string): Promise<CaseClock> {
  const [row] = await tx.rows<{ due: string | null; answered: string | null; closed: string | null }>(
    `SELECT i.due_at AS due, i.first_answer_at AS answered, i.closed_at AS closed FROM incident i
     WHERE i.county = $1 AND i.id = $2::uuid`,
    [county, id],
  );
  const ms = (iso: string | null | undefined): number | null => (iso == null ? null : Date.parse(iso));
  return { dueMs: ms(row?.due), firstAnswerMs: ms(row?.answered), closedMs: ms(row?.closed) };
}

/** The step that brought a case to where it is: from which state, and when; undefined for a case without steps. */
export async function lastStep(
  tx: Transaction,
  county: string,
  incidentId: string,
): Promise<{ readonly fromState: IncidentState | null; readonly at: string } | undefined> {
  // Other kinds of entries leave things where they were.
  const rows = await tx.rows<{ fromState: IncidentState | null; at: string }>(
    `SELECT e.from_state AS "fromState", e.at FROM incident_event e
     WHERE e.county = $1 AND e.incident_id = $2::uuid AND e.kind = 'step'
     ORDER BY e.seq DESC LIMIT 1`,
    [county, incidentId],
  );
  return rows[0];
}

/** Moves a case to a state, with its clock after the step. */
export const moveCase = (
  tx: Transaction,
  county: string,
  id: string,
  state: IncidentState,
  clock: CaseClock,
): Promise<number> =>
  tx.execute(
    `UPDATE incident SET state = $3, due_at = $4::timestamptz, first_answer_at = $5::timestamptz,
       closed_at = $6::timestamptz, version = version + 1
     WHERE county = $1 AND id = $2::uuid`,
    [county, id, state, isoOrNull(clock.dueMs), isoOrNull(clock.firstAnswerMs), isoOrNull(clock.closedMs)],
  );

const isoOrNull = (epochMs: number | null): string | null =>
  epochMs === null ? null : new Date(epochMs).toISOString();

/** Ends a case that its reporter withdrew. */
export const voidCase = (tx: Transaction, county: string, id: string, at: string): Promise<number> =>
  tx.execute(
    `UPDATE incident SET state = 'void', closed_at = $3::timestamptz, version = version + 1
     WHERE county = $1 AND id = $2::uuid`,
    [county, id, at],
  );

/** Re-keys what is sealed to the case's handler of now: whoever had it before cannot open it any more. */
export async function handSealedRows(tx: Transaction, county: string, id: string, account: string): Promise<void> {
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
}
