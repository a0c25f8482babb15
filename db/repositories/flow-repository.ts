import type { EventKind, IncidentState } from "../../data/model/incident.ts";
import type { Role } from "../../data/policy/roles.ts";
import type { CaseTimes } from "../../data/workflow/times.ts";
import type { Transaction } from "../driver.ts";

/** How a case moves: its step, its owner, its history. Every function sends one statement. */

/** Who a case belongs to. An open case has at least one of handler, post, unit and inbox. */
export interface CaseOwner {
  /** Row id of the handler's account. */
  readonly handlerId: string | null;
  readonly organisationId: string | null;
  readonly postId: string | null;
  /** Role that should claim it, and the code of the area whose staff should. */
  readonly inbox: { readonly role: Role; readonly area: string } | null;
}

/** A case's place and owner after a step. */
export interface MovedCase extends CaseOwner {
  readonly state: IncidentState;
  readonly workflow: string;
  readonly step: string;
  /** Account that did the work which was reported as done. */
  readonly workedBy: string | null;
  /** Row id of the case that it ends as part of. */
  readonly mergedInto: string | null;
  readonly times: CaseTimes;
  /** Epoch ms, as its clocks have it; null while it is paused and where nothing is owed. */
  readonly dueMs: number | null;
}

const isoOrNull = (epochMs: number | null): string | null =>
  epochMs === null ? null : new Date(epochMs).toISOString();

/** Moves a case to a step. */
export const moveCase = (tx: Transaction, county: string, id: string, moved: MovedCase): Promise<number> =>
  tx.execute(
    `UPDATE incident SET state = $3, workflow = $4, step = $5, handler_id = $6::uuid, organisation_id = $7::uuid,
       post_id = $8::uuid, inbox_role = $9, inbox_area = $10, worked_by = $11::uuid, merged_into = $12::uuid,
       due_at = $13::timestamptz, first_answer_at = $14::timestamptz, closed_at = $15::timestamptz, version = version + 1
     WHERE county = $1 AND id = $2::uuid`,
    [
      county,
      id,
      moved.state,
      moved.workflow,
      moved.step,
      moved.handlerId,
      moved.organisationId,
      moved.postId,
      moved.inbox?.role ?? null,
      moved.inbox?.area ?? null,
      moved.workedBy,
      moved.mergedInto,
      isoOrNull(moved.dueMs),
      isoOrNull(moved.times.firstAnswerMs),
      isoOrNull(moved.times.closedMs),
    ],
  );

/** Gives a case to an owner, where it is. The sealed rows go along with the handler: see `handSealedRows`. */
export const setOwner = (tx: Transaction, county: string, id: string, owner: CaseOwner): Promise<number> =>
  tx.execute(
    `UPDATE incident SET handler_id = $3::uuid, organisation_id = $4::uuid, post_id = $5::uuid, inbox_role = $6,
       inbox_area = $7, version = version + 1
     WHERE county = $1 AND id = $2::uuid`,
    [
      county,
      id,
      owner.handlerId,
      owner.organisationId,
      owner.postId,
      owner.inbox?.role ?? null,
      owner.inbox?.area ?? null,
    ],
  );

/** A step that was taken, as the log has it. */
export interface TakenStep {
  readonly fromState: IncidentState | null;
  readonly toState: IncidentState;
  /** Null where the workflow was not known. */
  readonly step: string | null;
  readonly at: string;
}

/** The last two steps of a case, newest first; other kinds of entries leave it where it was. */
export const lastSteps = (tx: Transaction, county: string, incidentId: string): Promise<TakenStep[]> =>
  tx.rows<TakenStep>(
    `SELECT e.from_state AS "fromState", e.to_state AS "toState", e.step, e.at FROM incident_event e
     WHERE e.county = $1 AND e.incident_id = $2::uuid AND e.kind = $3
     ORDER BY e.seq DESC LIMIT 2`,
    [county, incidentId, "step" satisfies EventKind],
    "byKey",
  );
