import { codeRange } from "../../data/model/codes.ts";
import type { IncidentState } from "../../data/model/incident.ts";
import type { Transaction } from "../driver.ts";
import { OPEN_SQL } from "./incident-filter.ts";

/** What candidates of a case near a border see of it. Every function sends one statement. */
export interface UndecidedRow {
  readonly county: string;
  readonly incidentId: string;
  readonly classCode: string;
  readonly state: IncidentState;
  /** The label point of the area that it lies in meanwhile, for sensitive classes. */
  readonly lon: number;
  readonly lat: number;
  readonly openedAt: string;
  readonly version: number;
  /** Codes of the candidates, lowest first. */
  readonly candidates: readonly string[];
}

const COLUMNS = `i.county, i.incident_id AS "incidentId", i.class_code AS "classCode", i.state, ST_X(i.geom) AS lon,
  ST_Y(i.geom) AS lat, i.opened_at AS "openedAt", i.version, i.candidates`;

/** Shows a case that was just written to each of its candidates. */
export const insertCandidates = (
  tx: Transaction,
  county: string,
  incidentId: string,
  codes: readonly string[],
): Promise<number> =>
  tx.execute(
    `INSERT INTO incident_candidate (county, incident_id, scope_code, class_code, sensitive, state, geom, opened_at, version,
       candidates)
     SELECT $1, i.id, c.code, i.class_code, i.sensitive, i.state, i.geom, i.opened_at, i.version, $3::text[]
     FROM incident i, unnest($3::text[]) AS c(code) WHERE i.county = $1 AND i.id = $2::uuid`,
    [county, incidentId, codes],
  );

/** Brings what candidates see to how the case is now. @returns the codes of its candidates; none where it is decided */
export async function refreshCandidates(tx: Transaction, county: string, incidentId: string): Promise<string[]> {
  const rows = await tx.rows<{ code: string }>(
    `UPDATE incident_candidate c SET state = i.state, version = i.version
     FROM incident i WHERE c.county = $1 AND c.incident_id = $2::uuid AND i.county = $1 AND i.id = $2::uuid
     RETURNING c.scope_code AS code`,
    [county, incidentId],
  );
  return rows.map(({ code }) => code);
}

/** Candidates of a case, lowest code first; none where its owner is known. */
export async function candidatesOf(tx: Transaction, county: string, incidentId: string): Promise<string[]> {
  const rows = await tx.rows<{ code: string }>(
    `SELECT c.scope_code AS code FROM incident_candidate c WHERE c.county = $1 AND c.incident_id = $2::uuid
     ORDER BY c.scope_code`,
    [county, incidentId],
  );
  return rows.map(({ code }) => code);
}

export const deleteCandidates = (tx: Transaction, county: string, incidentId: string): Promise<number> =>
  tx.execute("DELETE FROM incident_candidate WHERE county = $1 AND incident_id = $2::uuid", [county, incidentId]);

/** Open cases with a candidate inside an area, newest first, each once. @param from opened at or after, ISO 8601 */
export function listUndecided(
  tx: Transaction,
  county: string,
  inside: string,
  from: string | undefined,
  limit: number,
): Promise<UndecidedRow[]> {
  const range = codeRange(inside);
  return tx.rows<UndecidedRow>(
    `SELECT DISTINCT ON (i.opened_at, i.incident_id) ${COLUMNS} FROM incident_candidate i
     WHERE i.county = $1 AND i.scope_code >= $2 AND i.scope_code < $3 AND ${OPEN_SQL}
       AND i.opened_at >= coalesce($4::timestamptz, '-infinity'::timestamptz)
     ORDER BY i.opened_at DESC, i.incident_id DESC LIMIT $5::int`,
    [county, range.from, range.to, from ?? null, limit],
  );
}

/** A case that the transaction's scope sees as a candidate; undefined when it sees none. */
export async function findUndecided(
  tx: Transaction,
  county: string,
  incidentId: string,
): Promise<UndecidedRow | undefined> {
  const rows = await tx.rows<UndecidedRow>(
    `SELECT ${COLUMNS} FROM incident_candidate i WHERE i.county = $1 AND i.incident_id = $2::uuid ORDER BY i.scope_code LIMIT 1`,
    [county, incidentId],
  );
  return rows[0];
}
