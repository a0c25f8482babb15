import type { Uuid } from "../../data/model/ids.ts";
import type { IncidentState } from "../../data/model/incident.ts";
import type { Transaction } from "../driver.ts";

/** What a reporter finds the own case by. Every function sends one statement. */

/** A report with what its owner sees of the case, except the contact. */
export interface ReportRow {
  readonly county: string;
  readonly incidentId: Uuid;
  readonly orderNo: string;
  readonly codeHash: string;
  readonly failedAttempts: number;
  readonly lockedUntil: string | null;
  readonly withdrawnAt: string | null;
  readonly ref: number;
  readonly classCode: string;
  readonly state: IncidentState;
  readonly title: string;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly scopeCode: string | null;
  readonly sensitive: boolean;
  readonly handlerId: string | null;
  readonly version: number;
}

const COLUMNS = `r.county, r.incident_id AS "incidentId", r.order_no AS "orderNo", r.code_hash AS "codeHash",
  r.failed_attempts AS "failedAttempts", r.locked_until AS "lockedUntil", r.withdrawn_at AS "withdrawnAt", i.ref,
  i.class_code AS "classCode", i.state, i.title, i.opened_at AS "openedAt", i.closed_at AS "closedAt",
  i.scope_code AS "scopeCode", i.sensitive, i.handler_id AS "handlerId", i.version`;

/** A report by its order number, locked with its case; undefined when there is none. */
export async function lockReport(tx: Transaction, county: string, orderNo: string): Promise<ReportRow | undefined> {
  const rows = await tx.rows<ReportRow>(
    `SELECT ${COLUMNS} FROM incident_report r JOIN incident i ON i.county = $1 AND i.id = r.incident_id
     WHERE r.county = $1 AND r.order_no = $2 FOR UPDATE`,
    [county, orderNo],
  );
  return rows[0];
}

/** Order number of a case that was reported here; undefined for one that was loaded. */
export async function orderNumberOf(tx: Transaction, county: string, incidentId: string): Promise<string | undefined> {
  const rows = await tx.rows<{ orderNo: string }>(
    `SELECT r.order_no AS "orderNo" FROM incident_report r WHERE r.county = $1 AND r.incident_id = $2::uuid`,
    [county, incidentId],
  );
  return rows[0]?.orderNo;
}

/** Counts a wrong code, or clears the count. */
export const setAttempts = (
  tx: Transaction,
  county: string,
  incidentId: string,
  failed: number,
  lockedUntil: string | null,
): Promise<number> =>
  tx.execute(
    `UPDATE incident_report SET failed_attempts = $3, locked_until = $4::timestamptz
     WHERE county = $1 AND incident_id = $2::uuid`,
    [county, incidentId, failed, lockedUntil],
  );

export const setWithdrawn = (tx: Transaction, county: string, incidentId: string, at: string): Promise<number> =>
  tx.execute("UPDATE incident_report SET withdrawn_at = $3::timestamptz WHERE county = $1 AND incident_id = $2::uuid", [
    county,
    incidentId,
    at,
  ]);

/** True when an account handles a case now. */
export async function handlesCase(
  tx: Transaction,
  county: string,
  incidentId: string,
  account: string,
): Promise<boolean> {
  const rows = await tx.rows<{ found: number }>(
    "SELECT 1 AS found FROM incident i WHERE i.county = $1 AND i.id = $2::uuid AND i.handler_id = $3::uuid",
    [county, incidentId, account],
  );
  return rows.length > 0;
}
