import type { DutyEntryKind } from "../../data/model/alarm.ts";
import type { Uuid } from "../../data/model/ids.ts";
import type { Transaction } from "../driver.ts";
import type { IncidentReading } from "./incident-filter.ts";
import { incidentParts, OPEN_SQL } from "./incident-filter.ts";
import { Params } from "./params.ts";

/** The duty log (值班日志) of the desks of areas. Every function sends one statement. */

export interface DutyEntryRow {
  readonly county: string;
  readonly id: string;
  readonly kind: DutyEntryKind;
  readonly author: string;
  readonly at: string;
  readonly text: string;
  /** Area whose desk it is. */
  readonly areaCode: string;
}

export interface NewDutyEntry extends DutyEntryRow {
  readonly id: Uuid;
  /** Row id of the author's account. */
  readonly authorId: string;
}

const COLUMNS = `e.county, e.id, e.kind, e.author, e.at, e.text, e.scope_code AS "areaCode"`;

export const insertDutyEntry = (tx: Transaction, entry: NewDutyEntry): Promise<number> =>
  tx.execute(
    `INSERT INTO duty_entry (county, id, scope_code, kind, author_id, author, at, text)
     VALUES ($1, $2::uuid, $3, $4, $5::uuid, $6, $7::timestamptz, $8)`,
    [entry.county, entry.id, entry.areaCode, entry.kind, entry.authorId, entry.author, entry.at, entry.text],
  );

export async function dutyEntryById(tx: Transaction, county: string, id: string): Promise<DutyEntryRow | undefined> {
  const rows = await tx.rows<DutyEntryRow>(
    `SELECT ${COLUMNS} FROM duty_entry e WHERE e.county = $1 AND e.id = $2::uuid`,
    [county, id],
  );
  return rows[0];
}

/** Which entries of a desk: `from` is included, `to` is not. */
export interface DutyLogWindow {
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
}

/** Entries of the desk of an area, newest first. @param area its code */
export function listDutyEntries(
  tx: Transaction,
  county: string,
  area: string,
  { from, to }: DutyLogWindow,
  limit: number,
): Promise<DutyEntryRow[]> {
  const params = new Params();
  const conditions = [`e.county = ${params.add(county)}`, `e.scope_code = ${params.add(area)}`];
  if (from) conditions.push(`e.at >= ${params.add(from)}::timestamptz`);
  if (to) conditions.push(`e.at < ${params.add(to)}::timestamptz`);
  return tx.rows<DutyEntryRow>(
    `SELECT ${COLUMNS} FROM duty_entry e WHERE ${conditions.join(" AND ")}
     ORDER BY e.at DESC, e.id DESC LIMIT ${params.add(limit)}::int`,
    params.values,
  );
}

/** When the desk of an area was handed over last, ISO 8601; null before the first time. */
export async function lastHandover(tx: Transaction, county: string, area: string): Promise<string | null> {
  const rows = await tx.rows<{ at: string | null }>(
    "SELECT max(e.at) AS at FROM duty_entry e WHERE e.county = $1 AND e.scope_code = $2 AND e.kind = 'handover'",
    [county, area],
  );
  return rows[0]?.at ?? null;
}

/**
 * Ids of open cases of an area that fall due within a time, first to breach first. A paused case has no due time and is
 * not among them.
 *
 * @param until ISO 8601, included
 */
export async function casesDueBy(
  tx: Transaction,
  reading: IncidentReading,
  inside: string,
  until: string,
  limit: number,
): Promise<string[]> {
  const { params, where, asOf } = incidentParts(reading, { inside });
  const rows = await tx.rows<{ id: string }>(
    `SELECT i.id FROM incident i WHERE ${where} AND ${OPEN_SQL} AND i.source_verdict IS NULL
       AND i.due_at >= ${asOf}::timestamptz AND i.due_at <= ${params.add(until)}::timestamptz
     ORDER BY i.due_at, i.id LIMIT ${params.add(limit)}::int`,
    params.values,
  );
  return rows.map(({ id }) => id);
}
