import type { IncidentState } from "../../../data/model/incident.ts";
import type { Viewer } from "../../../data/policy/viewer.ts";
import { mainWays, stepOf } from "../../../data/workflow/walk.ts";
import type { Transaction } from "../../../db/driver.ts";
import { type AuditEntry, appendAudit } from "../../../db/repositories/audit-repository.ts";
import { appendStep, type CaseHead, countCaseChange } from "../../../db/repositories/case-repository.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import { stepCase } from "../flow/step-case.ts";
import type { CountyFlow } from "../flow/workflows-of.ts";
import { newId } from "../new-id.ts";
import { auditViewer } from "../report/actor.ts";
import { recordCaseChange } from "../report/record-change.ts";

/** A step that the workflow has the case take because of what was whistled or answered. */
export interface FollowingStep {
  readonly key: string;
  readonly state: IncidentState;
}

/** The main step after where a case is, if it passes a test. */
export function followingStep(
  workflows: CountyFlow,
  head: CaseHead,
  fits: (step: FollowingStep, here: string) => boolean,
): FollowingStep | undefined {
  const { workflow, step } = workflows.place(head);
  return mainWays(workflow, step.key)
    .flatMap((way) => stepOf(workflow, way.to) ?? [])
    .find((next) => fits(next, step.key));
}

/** What happened to a whistle, as the case's log and the audit log tell it. */
export interface WhistleChange {
  readonly county: string;
  readonly viewer: Viewer;
  readonly workflows: CountyFlow;
  /** The case as it was locked. */
  readonly head: CaseHead;
  readonly action: "whistle.blow" | "whistle.arrive" | "whistle.end";
  /** What the case's log says, for whoever reads its texts. */
  readonly note: string;
  readonly facts: AuditEntry["entity"];
  /** Where the case goes because of it, and the unit that has it from then on. */
  readonly step?: FollowingStep | undefined;
  readonly organisationId?: string;
}

/**
 * Tells what happened to a whistle: an entry in the case's log, the case's step or new version, the change, the audit row.
 * The last thing of its transaction.
 */
export async function tellWhistle(tx: Transaction, context: RequestContext, change: WhistleChange): Promise<void> {
  const { county, viewer, head } = change;
  const at = nowIso(context);
  const audit = { ...auditViewer(context, viewer), action: change.action };
  if (!change.step) await countCaseChange(tx, county, head.id);
  await appendStep(tx, {
    county,
    id: newId(context.nowMs),
    incidentId: head.id,
    fromState: head.state,
    toState: head.state,
    actor: viewer.role,
    at,
    note: change.note,
    kind: "whistle",
    step: null,
  });
  await appendAudit(tx, county, { ...audit, entity: change.facts, reason: null, at });
  if (change.step)
    await stepCase(tx, context, {
      county,
      workflows: change.workflows,
      id: head.id,
      wanted: { to: change.step.state, step: change.step.key },
      note: null,
      reason: null,
      resolution: null,
      target: { organisationId: change.organisationId ?? null, postId: null },
      // Who may whistle or say that somebody is there was asked already: the workflow follows.
      mover: { role: null, accountId: viewer.accountId },
      actor: viewer.role,
      audit: { ...audit, action: "incident.transition" },
    });
  else
    await recordCaseChange(tx, context, {
      ...head,
      county,
      version: head.version + 1,
      scopeBefore: head.scopeCode,
    });
}
