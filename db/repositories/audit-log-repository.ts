import { type Uuid, uuidV7LowerBound } from "../../data/model/ids.ts";
import type { Role } from "../../data/policy/roles.ts";
import type { Transaction } from "../driver.ts";
import { Params } from "./params.ts";

/** Which rows of a county's audit log. */
export interface AuditLogFilter {
  /** At or after, ISO 8601. */
  readonly from?: string | undefined;
  /** Before, ISO 8601. */
  readonly to?: string | undefined;
  /** Part of the actor's id or name, any case. */
  readonly actor?: string | undefined;
  /** Beginning of the action. */
  readonly action?: string | undefined;
  /** Part of the entity's JSON text, any case. */
  readonly entity?: string | undefined;
}

/** A row with its seal; null where it waits for one. */
export interface AuditRow {
  readonly county: string;
  readonly id: Uuid;
  readonly seq: number | null;
  readonly actor: string;
  readonly actorName: string | null;
  readonly role: Role | null;
  readonly address: string | null;
  readonly action: string;
  readonly entity: string;
  readonly reason: string | null;
  readonly at: string;
  readonly hash: string | null;
}

/** Conditions on `audit_log l`; every value is a parameter, and marks of LIKE in it are plain characters. */
function conditions(params: Params, county: string, filter: AuditLogFilter): string {
  const all = [`l.county = ${params.add(county)}`];
  const part = (text: string): string => params.add(`%${text.replace(/[\\%_]/g, "\\$&").toLowerCase()}%`);
  if (filter.from !== undefined) {
    all.push(`l.at >= ${params.add(filter.from)}::timestamptz`);
    // The id's time is the row's time in whole milliseconds: the primary key cuts the range (data rule 3).
    all.push(`l.id >= ${params.add(uuidV7LowerBound(Date.parse(filter.from)))}::uuid`);
  }
  if (filter.to !== undefined) {
    all.push(`l.at < ${params.add(filter.to)}::timestamptz`);
    all.push(`l.id < ${params.add(uuidV7LowerBound(Date.parse(filter.to) + 1))}::uuid`);
  }
  if (filter.actor !== undefined) {
    const text = part(filter.actor);
    all.push(`(lower(l.actor) LIKE ${text} OR lower(coalesce(l.actor_name, '')) LIKE ${text})`);
  }
  if (filter.action !== undefined) all.push(`starts_with(l.action, ${params.add(filter.action)})`);
  if (filter.entity !== undefined) all.push(`lower(l.entity) LIKE ${part(filter.entity)}`);
  return all.join(" AND ");
}

/**
 * Rows of a county's log by time.
 *
 * @param order `newest` first or `oldest` first
 * @param after id of the last row that is known; undefined = from the beginning
 */
export function listAuditLog(
  tx: Transaction,
  county: string,
  filter: AuditLogFilter,
  order: "newest" | "oldest",
  after: string | undefined,
  limit: number,
): Promise<AuditRow[]> {
  const params = new Params();
  const where = conditions(params, county, filter);
  const newest = order === "newest";
  const key = after === undefined ? "" : ` AND l.id ${newest ? "<" : ">"} ${params.add(after)}::uuid`;
  return tx.rows<AuditRow>(
    `SELECT l.county, l.id, s.seq, l.actor, l.actor_name AS "actorName", l.role, l.address, l.action, l.entity, l.reason,
            l.at, s.hash
     FROM audit_log l LEFT JOIN audit_seal s ON s.county = $1 AND s.audit_id = l.id
     WHERE ${where}${key} ORDER BY l.id ${newest ? "DESC" : "ASC"} LIMIT ${params.add(limit)}`,
    params.values,
  );
}

/** How many rows a filter gives. */
export async function countAuditLog(tx: Transaction, county: string, filter: AuditLogFilter): Promise<number> {
  const params = new Params();
  const where = conditions(params, county, filter);
  const rows = await tx.rows<{ n: number }>(`SELECT count(*) AS n FROM audit_log l WHERE ${where}`, params.values);
  return rows[0]?.n ?? 0;
}
