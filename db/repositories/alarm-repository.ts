import { codeRange } from "../../data/model/codes.ts";
import type { Transaction } from "../driver.ts";
import { columnOrNull } from "../policy/seat-columns.ts";
import { Params } from "./params.ts";

/** Alarms of severe cases. Every function sends one statement. */

export interface AlarmRow {
  readonly county: string;
  readonly incidentId: string;
  readonly raisedAt: string;
  readonly acknowledgedAt: string | null;
  /** Name of the officer; null while nobody has, and for who may not read names. */
  readonly acknowledgedBy: string | null;
}

export interface NewAlarm {
  readonly county: string;
  readonly incidentId: string;
  readonly scopeCode: string | null;
  readonly sensitive: boolean;
  readonly raisedAt: string;
}

const columns = (tx: Transaction): string => `a.county, a.incident_id AS "incidentId", a.raised_at AS "raisedAt",
  a.acknowledged_at AS "acknowledgedAt",
  ${columnOrNull(tx, "alarm", "a.acknowledged_name", "text")} AS "acknowledgedBy"`;

export const insertAlarm = (tx: Transaction, alarm: NewAlarm): Promise<number> =>
  tx.execute(
    `INSERT INTO alarm (county, incident_id, scope_code, sensitive, raised_at)
     VALUES ($1, $2::uuid, $3, $4, $5::timestamptz) ON CONFLICT (county, incident_id) DO NOTHING`,
    [alarm.county, alarm.incidentId, alarm.scopeCode, alarm.sensitive, alarm.raisedAt],
  );

/**
 * Acknowledges the alarm of a case.
 *
 * @returns false when there is none, or somebody has done so already
 */
export const acknowledge = async (
  tx: Transaction,
  county: string,
  incidentId: string,
  by: { readonly account: string; readonly name: string; readonly at: string },
): Promise<boolean> =>
  (await tx.execute(
    `UPDATE alarm SET acknowledged_at = $3::timestamptz, acknowledged_by = $4::uuid, acknowledged_name = $5
     WHERE county = $1 AND incident_id = $2::uuid AND acknowledged_at IS NULL`,
    [county, incidentId, by.at, by.account, by.name],
  )) === 1;

/** The alarm of a case; undefined where it never raised one. */
export async function alarmOfCase(tx: Transaction, county: string, incidentId: string): Promise<AlarmRow | undefined> {
  const rows = await tx.rows<AlarmRow>(
    `SELECT ${columns(tx)} FROM alarm a WHERE a.county = $1 AND a.incident_id = $2::uuid`,
    [county, incidentId],
  );
  return rows[0];
}

/**
 * Alarms of an area: those that nobody has acknowledged, oldest first, then the others, newest first.
 *
 * @param acknowledgedSince others raised from then on (ISO 8601); null for none
 */
export function listAlarms(
  tx: Transaction,
  county: string,
  inside: string,
  acknowledgedSince: string | null,
  limit: number,
): Promise<AlarmRow[]> {
  const params = new Params();
  const conditions = [`a.county = ${params.add(county)}`];
  // A whole county also holds what lies outside every area.
  if (inside.length > 6) {
    const range = codeRange(inside);
    conditions.push(`a.scope_code >= ${params.add(range.from)} AND a.scope_code < ${params.add(range.to)}`);
  }
  conditions.push(
    acknowledgedSince === null
      ? "a.acknowledged_at IS NULL"
      : `(a.acknowledged_at IS NULL OR a.raised_at >= ${params.add(acknowledgedSince)}::timestamptz)`,
  );
  return tx.rows<AlarmRow>(
    `SELECT ${columns(tx)} FROM alarm a WHERE ${conditions.join(" AND ")}
     ORDER BY (a.acknowledged_at IS NOT NULL), CASE WHEN a.acknowledged_at IS NULL THEN a.raised_at END,
       a.raised_at DESC, a.incident_id LIMIT ${params.add(limit)}::int`,
    params.values,
  );
}
