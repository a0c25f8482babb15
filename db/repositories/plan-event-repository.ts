import type { Uuid } from "../../data/model/ids.ts";
import type { PlanAnchor, PlanEventKind } from "../../data/planning/plan.ts";
import type { Role } from "../../data/policy/roles.ts";
import type { Transaction } from "../driver.ts";
import { groupBy } from "./params.ts";

/** Logs of plans, comments among them. Every function sends one statement. */

export interface PlanEventRow {
  readonly county: string;
  readonly id: string;
  readonly planId: string;
  readonly kind: PlanEventKind;
  readonly author: string;
  readonly role: Role;
  readonly at: string;
  /** Revision of the plan then. */
  readonly revision: number;
  readonly text: string | null;
  readonly anchor: PlanAnchor | null;
  /** The comment that it answers. */
  readonly thread: string | null;
  readonly resolvedAt: string | null;
  readonly resolvedName: string | null;
}

export interface NewPlanEvent
  extends Pick<
    PlanEventRow,
    "county" | "planId" | "kind" | "author" | "role" | "at" | "revision" | "text" | "anchor" | "thread"
  > {
  readonly id: Uuid;
  readonly scopeCode: string;
  /** Row id of the author's account. */
  readonly authorId: string | null;
}

const COLUMNS = `e.county, e.id, e.plan_id AS "planId", e.kind, e.author, e.role, e.at, e.revision, e.text, e.anchor, e.thread,
  e.resolved_at AS "resolvedAt", e.resolved_name AS "resolvedName"`;

/** Adds an entry after the last one of its plan, whose row must be locked. */
export const appendPlanEvent = (tx: Transaction, event: NewPlanEvent): Promise<number> =>
  tx.execute(
    `INSERT INTO plan_event (county, id, plan_id, seq, scope_code, kind, author_id, author, role, at, revision, text, anchor, thread)
     VALUES ($1, $2::uuid, $3::uuid,
       (SELECT coalesce(max(e.seq), 0) + 1 FROM plan_event e WHERE e.county = $1 AND e.plan_id = $3::uuid),
       $4, $5, $6::uuid, $7, $8, $9::timestamptz, $10, $11, $12::jsonb, $13::uuid)`,
    [
      event.county,
      event.id,
      event.planId,
      event.scopeCode,
      event.kind,
      event.authorId,
      event.author,
      event.role,
      event.at,
      event.revision,
      event.text,
      event.anchor && JSON.stringify(event.anchor),
      event.thread,
    ],
  );

/** Logs of plans, by plan, oldest first. */
export async function eventsOfPlans(
  tx: Transaction,
  county: string,
  ids: readonly string[],
): Promise<Map<string, PlanEventRow[]>> {
  const rows = await tx.rows<PlanEventRow>(
    `SELECT ${COLUMNS} FROM plan_event e WHERE e.county = $1 AND e.plan_id = ANY($2::uuid[]) ORDER BY e.plan_id, e.seq`,
    [county, ids],
  );
  return groupBy(rows, ({ planId }) => planId);
}

export async function planEventById(tx: Transaction, county: string, id: string): Promise<PlanEventRow | undefined> {
  const rows = await tx.rows<PlanEventRow>(
    `SELECT ${COLUMNS} FROM plan_event e WHERE e.county = $1 AND e.id = $2::uuid`,
    [county, id],
  );
  return rows[0];
}

/** Settles a thread by its first comment, or opens it again. @param name who settled it; null opens it */
export const settleThread = (
  tx: Transaction,
  county: string,
  id: string,
  name: string | null,
  at: string,
): Promise<number> =>
  tx.execute(
    `UPDATE plan_event SET resolved_name = $3, resolved_at = CASE WHEN $3::text IS NULL THEN NULL ELSE $4::timestamptz END
     WHERE county = $1 AND id = $2::uuid`,
    [county, id, name, at],
  );
