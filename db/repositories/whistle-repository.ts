import { codeRange } from "../../data/model/codes.ts";
import { type Uuid, uuidV7LowerBound } from "../../data/model/ids.ts";
import type { WhistleClass } from "../../data/model/whistle.ts";
import type { Transaction } from "../driver.ts";
import { columnOrNull } from "../policy/seat-columns.ts";
import { groupBy, indexBy, Params } from "./params.ts";

/** Whistles and their calls. Every function sends one statement. Instants are ISO 8601 text. */

export interface WhistleRow {
  readonly county: string;
  readonly id: string;
  readonly incidentId: string;
  /** Code of the area that blew it, as it was called then. */
  readonly areaCode: string;
  readonly item: string;
  readonly class: WhistleClass;
  /** Null for who may not read free text, like `outcome`. */
  readonly note: string | null;
  readonly blownAt: string;
  readonly endedAt: string | null;
  readonly outcome: string | null;
  readonly rating: number | null;
  readonly version: number;
}

const columns = (tx: Transaction): string => `w.county, w.id, w.incident_id AS "incidentId", w.area_code AS "areaCode",
  w.item, w.class, ${columnOrNull(tx, "whistle", "w.note", "text")} AS note, w.blown_at AS "blownAt",
  w.ended_at AS "endedAt", ${columnOrNull(tx, "whistle", "w.outcome", "text")} AS outcome,
  w.rating, w.version`;

export interface WhistleFilter {
  readonly inside: string;
  /** Blown at or after, and before. */
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
  readonly open?: boolean | null | undefined;
  /** Only of cases that were opened at or after this instant, epoch seconds. */
  readonly casesFrom?: number | undefined;
}

/** Conditions on a table with `scope_code` and `incident_id`, and on the whistle's `blown_at`. */
function conditions(params: Params, county: string, filter: WhistleFilter): string {
  const all = [`w.county = ${params.add(county)}`];
  if (filter.inside.length > 6) {
    const range = codeRange(filter.inside);
    all.push(`w.scope_code >= ${params.add(range.from)} AND w.scope_code < ${params.add(range.to)}`);
  }
  if (filter.from) all.push(`w.blown_at >= ${params.add(filter.from)}::timestamptz`);
  if (filter.to) all.push(`w.blown_at < ${params.add(filter.to)}::timestamptz`);
  if (filter.open != null) all.push(filter.open ? "w.ended_at IS NULL" : "w.ended_at IS NOT NULL");
  // The time bits of a case's id are when it was opened (data rule 3).
  if (filter.casesFrom !== undefined)
    all.push(`w.incident_id >= ${params.add(uuidV7LowerBound(filter.casesFrom * 1000))}::uuid`);
  return all.join(" AND ");
}

/** Whistles of an area, newest first. */
export function listWhistles(
  tx: Transaction,
  county: string,
  filter: WhistleFilter,
  limit: number,
): Promise<WhistleRow[]> {
  const params = new Params();
  const where = conditions(params, county, filter);
  return tx.rows<WhistleRow>(
    `SELECT ${columns(tx)} FROM whistle w WHERE ${where}
     ORDER BY w.blown_at DESC, w.id DESC LIMIT ${params.add(limit)}::int`,
    params.values,
  );
}

/** Whistles of cases, newest first. */
export async function whistlesOfIncidents(
  tx: Transaction,
  county: string,
  incidents: readonly string[],
): Promise<Map<string, WhistleRow[]>> {
  const rows = await tx.rows<WhistleRow>(
    `SELECT ${columns(tx)} FROM whistle w WHERE w.county = $1 AND w.incident_id = ANY($2::uuid[])
     ORDER BY w.blown_at DESC, w.id DESC`,
    [county, incidents],
  );
  return groupBy(rows, (row) => row.incidentId);
}

export async function whistlesById(
  tx: Transaction,
  county: string,
  ids: readonly string[],
): Promise<Map<string, WhistleRow>> {
  const rows = await tx.rows<WhistleRow>(
    `SELECT ${columns(tx)} FROM whistle w WHERE w.county = $1 AND w.id = ANY($2::uuid[])`,
    [county, ids],
  );
  return indexBy(rows, (row) => row.id);
}

export interface WhistleCallRow {
  readonly county: string;
  readonly id: string;
  readonly whistleId: string;
  readonly organisationId: string;
  readonly arriveBy: string;
  readonly arrivedAt: string | null;
}

const CALL_COLUMNS = `c.county, c.id, c.whistle_id AS "whistleId", c.organisation_id AS "organisationId",
  c.arrive_by AS "arriveBy", c.arrived_at AS "arrivedAt"`;

/** Calls of whistles, in the order in which they were made. */
export async function callsOfWhistles(
  tx: Transaction,
  county: string,
  whistles: readonly string[],
): Promise<Map<string, WhistleCallRow[]>> {
  const rows = await tx.rows<WhistleCallRow>(
    `SELECT ${CALL_COLUMNS} FROM whistle_call c WHERE c.county = $1 AND c.whistle_id = ANY($2::uuid[])
     ORDER BY c.whistle_id, c.id`,
    [county, whistles],
  );
  return groupBy(rows, (row) => row.whistleId);
}

/** A call by its id; undefined when there is none. */
export async function callById(tx: Transaction, county: string, id: string): Promise<WhistleCallRow | undefined> {
  const rows = await tx.rows<WhistleCallRow>(
    `SELECT ${CALL_COLUMNS} FROM whistle_call c WHERE c.county = $1 AND c.id = $2::uuid`,
    [county, id],
  );
  return rows[0];
}

/** What a change of a whistle must know of it. */
export interface WhistleHead {
  readonly id: string;
  readonly incidentId: string;
  readonly item: string;
  readonly endedAt: string | null;
  readonly version: number;
}

/** Locks a whistle for a change; lock its case first. */
export async function lockWhistle(tx: Transaction, county: string, id: string): Promise<WhistleHead | undefined> {
  const rows = await tx.rows<WhistleHead>(
    `SELECT w.id, w.incident_id AS "incidentId", w.item, w.ended_at AS "endedAt", w.version
     FROM whistle w WHERE w.county = $1 AND w.id = $2::uuid FOR UPDATE`,
    [county, id],
  );
  return rows[0];
}

export interface NewWhistle {
  readonly county: string;
  readonly id: Uuid;
  readonly incidentId: string;
  readonly areaCode: string;
  readonly item: string;
  readonly class: WhistleClass;
  readonly note: string | null;
  readonly at: string;
}

/** Adds a whistle; it takes scope and sensitivity from its case. */
export const insertWhistle = (tx: Transaction, whistle: NewWhistle): Promise<number> =>
  tx.execute(
    `INSERT INTO whistle (county, id, incident_id, scope_code, sensitive, area_code, item, class, note, blown_at, version)
     SELECT $1, $2::uuid, i.id, i.scope_code, i.sensitive, $4, $5, $6, $7, $8::timestamptz, 1
       FROM incident i WHERE i.county = $1 AND i.id = $3::uuid`,
    [
      whistle.county,
      whistle.id,
      whistle.incidentId,
      whistle.areaCode,
      whistle.item,
      whistle.class,
      whistle.note,
      whistle.at,
    ],
  );

/** Calls departments by a whistle. @param calls row ids of calls and of their units */
export const insertCalls = (
  tx: Transaction,
  county: string,
  whistleId: string,
  calls: readonly { readonly id: string; readonly organisationId: string }[],
  arriveBy: string,
): Promise<number> =>
  tx.execute(
    `INSERT INTO whistle_call (county, id, whistle_id, organisation_id, scope_code, sensitive, arrive_by)
     SELECT $1, c.id, w.id, c.unit, w.scope_code, w.sensitive, $5::timestamptz
       FROM whistle w, unnest($3::uuid[], $4::uuid[]) AS c(id, unit) WHERE w.county = $1 AND w.id = $2::uuid`,
    [county, whistleId, calls.map(({ id }) => id), calls.map(({ organisationId }) => organisationId), arriveBy],
  );

/** Says that a called department is there; once. @returns 1, or 0 when it was said before */
export const setArrived = (tx: Transaction, county: string, callId: string, at: string): Promise<number> =>
  tx.execute(
    `UPDATE whistle_call SET arrived_at = $3::timestamptz WHERE county = $1 AND id = $2::uuid AND arrived_at IS NULL`,
    [county, callId, at],
  );

/** Counts a change of a whistle that its own row does not show. */
export const countWhistleChange = (tx: Transaction, county: string, id: string): Promise<number> =>
  tx.execute("UPDATE whistle SET version = version + 1 WHERE county = $1 AND id = $2::uuid", [county, id]);

export const endOpenWhistle = (
  tx: Transaction,
  county: string,
  id: string,
  end: { readonly at: string; readonly outcome: string; readonly rating: number },
): Promise<number> =>
  tx.execute(
    `UPDATE whistle SET ended_at = $3::timestamptz, outcome = $4, rating = $5, version = version + 1
     WHERE county = $1 AND id = $2::uuid`,
    [county, id, end.at, end.outcome, end.rating],
  );

/** A call with what its points depend on. */
export interface ScoredCallRow {
  readonly whistleId: string;
  readonly callId: string;
  readonly organisationId: string;
  readonly blownAt: string;
  readonly arriveBy: string;
  readonly arrivedAt: string | null;
  readonly endedAt: string | null;
  readonly rating: number | null;
}

/** Every call of the whistles of a period, with their ratings. */
export function scoredCalls(tx: Transaction, county: string, filter: WhistleFilter): Promise<ScoredCallRow[]> {
  const params = new Params();
  const where = conditions(params, county, filter);
  return tx.rows<ScoredCallRow>(
    `SELECT w.id AS "whistleId", c.id AS "callId", c.organisation_id AS "organisationId", w.blown_at AS "blownAt",
       c.arrive_by AS "arriveBy", c.arrived_at AS "arrivedAt", w.ended_at AS "endedAt",
       w.rating
     FROM whistle w JOIN whistle_call c ON c.county = $1 AND c.whistle_id = w.id WHERE ${where}`,
    params.values,
  );
}

/** Takes whistles, their calls and ratings along with cases that moved to another area or class: who sees the case sees them. */
export async function followCases(tx: Transaction, county: string): Promise<void> {
  for (const table of ["whistle", "incident_rating"])
    await tx.execute(
      `UPDATE ${table} t SET scope_code = i.scope_code, sensitive = i.sensitive FROM incident i
        WHERE t.county = $1 AND i.county = $1 AND i.id = t.incident_id
          AND (t.scope_code, t.sensitive) IS DISTINCT FROM (i.scope_code, i.sensitive)`,
      [county],
    );
  await tx.execute(
    `UPDATE whistle_call c SET scope_code = w.scope_code, sensitive = w.sensitive FROM whistle w
      WHERE c.county = $1 AND w.county = $1 AND w.id = c.whistle_id
        AND (c.scope_code, c.sensitive) IS DISTINCT FROM (w.scope_code, w.sensitive)`,
    [county],
  );
}
