import { notFound } from "../../data/model/errors.ts";
import type { LonLat } from "../../data/model/geometry.ts";
import type { Uuid } from "../../data/model/ids.ts";
import type { IncidentSeverity, IncidentSource } from "../../data/model/incident.ts";
import type { Role } from "../../data/policy/roles.ts";
import type { Transaction } from "../driver.ts";
import { pointEwkb } from "../ewkb.ts";
import type { RollupCase } from "../rollups/apply-delta.ts";
import { rollupKeysSql } from "../rollups/rollup-sql.ts";
import { CLOCK_COLUMNS, clocksJson, type DueClock } from "./clock-repository.ts";

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
  /** As its clocks have it. */
  readonly dueAt: string | null;
  /** Keys of its workflow and of the step where it begins. */
  readonly workflow: string;
  readonly step: string;
  /** Where it waits until somebody has it. */
  readonly inbox: { readonly role: Role; readonly area: string };
}

/** What begins with a case that is reported here. */
export interface ReportedCase {
  /** Row id of the first entry of its log, and the role that reported it. */
  readonly eventId: Uuid;
  readonly actor: string;
  readonly clocks: readonly DueClock[];
  readonly orderNo: string;
  /** Hash of the code that opens the report. */
  readonly codeHash: string;
}

/** Rows of a reported case beside its own, after the relation `i`; parameters from $20 on. */
const REPORTED = `
     step AS (
       INSERT INTO incident_event (county, id, incident_id, seq, to_state, actor, at, scope_code, sensitive, kind, step)
       VALUES ($1, $20, $2, 1, 'found', $21, $13::timestamptz, $12, $5, 'step', $16)),
     clocks AS (
       INSERT INTO incident_clock (county, incident_id, ${CLOCK_COLUMNS.join(", ")}, scope_code, sensitive)
       SELECT $1, $2, ${CLOCK_COLUMNS.map((name) => `r.${name}`).join(", ")}, $12, $5
       FROM json_populate_recordset(NULL::incident_clock, $22::json) r),
     report AS (
       INSERT INTO incident_report (county, incident_id, order_no, code_hash, failed_attempts, created_at)
       VALUES ($1, $2, $23, $24, 0, $13::timestamptz)),`;

/**
 * Writes a new case, and what begins with it, by one statement: each costs a way to the database and a plan of its own.
 *
 * @param reported absent for a case without log, clocks and report
 * @returns what the roll-ups are to count of it
 */
export async function insertCase(tx: Transaction, one: NewCase, reported?: ReportedCase): Promise<RollupCase> {
  const rows = await tx.rows<RollupCase>(
    `WITH i AS (
       INSERT INTO incident (county, id, ref, class_code, sensitive, severity, source, state, title, geom, grid_id,
         grid_code_at, scope_code, opened_at, border, suspicious, version, workflow, step, inbox_role, inbox_area, due_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, 'found', $8, $9, $10, $11, $12, $13::timestamptz, $14, false, 1, $15, $16, $17,
         $18, $19::timestamptz)
       RETURNING county, scope_code, opened_at, class_code, state, sensitive, suspicious, geom),${reported ? REPORTED : ""}
     k AS (SELECT ${rollupKeysSql("p.timezone")} FROM i JOIN county_profile p ON p.county = $1)
     SELECT k.town, k.day, k.class_code AS "classCode", k.state, k.sensitive, k.suspicious, k.x, k.y FROM k`,
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
      one.workflow,
      one.step,
      one.inbox.role,
      one.inbox.area,
      one.dueAt,
      ...(reported
        ? [reported.eventId, reported.actor, clocksJson(reported.clocks), reported.orderNo, reported.codeHash]
        : []),
    ],
  );
  const [counted] = rows;
  if (!counted) throw notFound(`there is no county ${one.county}`, { at: "county" });
  return counted;
}
