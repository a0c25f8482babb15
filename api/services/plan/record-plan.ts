import { AppError } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import type { PlanAnchor, PlanEventKind } from "../../../data/planning/plan.ts";
import type { Viewer } from "../../../data/policy/viewer.ts";
import type { Transaction } from "../../../db/driver.ts";
import { bumpLiveVersion } from "../../../db/load/load-county.ts";
import { type AuditEntry, appendAudit } from "../../../db/repositories/audit-repository.ts";
import { appendChange, wakeFeed } from "../../../db/repositories/outbox-repository.ts";
import { appendPlanEvent } from "../../../db/repositories/plan-event-repository.ts";
import { lockPlan, type PlanRow } from "../../../db/repositories/plan-repository.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import { newId } from "../new-id.ts";
import { auditViewer } from "../report/actor.ts";
import { required } from "../required.ts";

/** What is written of a change of a plan beside the change itself. */
export interface PlanRecord {
  readonly viewer: Viewer;
  readonly plan: Pick<PlanRow, "county" | "id" | "scopeCode">;
  /** Revision after the change. */
  readonly revision: number;
  readonly action: `plan.${string}`;
  /** An entry of the plan's log; none for a save. */
  readonly event?:
    | {
        readonly kind: PlanEventKind;
        readonly text: string | null;
        readonly anchor?: PlanAnchor | null;
        readonly thread?: string | null;
      }
    | undefined;
  readonly facts?: AuditEntry["entity"];
}

/** Appends to the plan's log, to the feed and to the audit log, in the transaction of the change; the last thing of it. */
export async function recordPlan(tx: Transaction, context: RequestContext, record: PlanRecord): Promise<void> {
  const { viewer, plan, revision, event } = record;
  const { county, id, scopeCode } = plan;
  const at = nowIso(context);
  if (event)
    await appendPlanEvent(tx, {
      county,
      id: newId(context.nowMs),
      planId: id,
      scopeCode,
      kind: event.kind,
      authorId: viewer.accountId,
      author: viewer.name,
      role: viewer.role,
      at,
      revision,
      text: event.text,
      anchor: event.anchor ?? null,
      thread: event.thread ?? null,
    });
  await tellPlan(tx, context, plan, revision);
  await appendAudit(tx, county, {
    ...auditViewer(context, viewer),
    action: record.action,
    entity: { plan: toGlobalId("Plan", county, id), revision, area: scopeCode, ...record.facts },
    reason: null,
    at,
  });
}

/** Tells the feed that a plan, or who has it open, looks different. */
export async function tellPlan(
  tx: Transaction,
  context: RequestContext,
  { county, id, scopeCode }: PlanRecord["plan"],
  revision: number,
): Promise<void> {
  const at = nowIso(context);
  const liveVersion = await bumpLiveVersion(tx, county, at);
  await appendChange(tx, {
    county,
    id: newId(context.nowMs),
    kind: "plan",
    op: "UPSERT",
    entity: { type: "plan", id },
    version: revision,
    liveVersion,
    scopeBefore: scopeCode,
    scopeAfter: scopeCode,
    at,
  });
  await wakeFeed(tx, county);
}

/** Locks the plan at the revision that was seen. @throws CONFLICT that says who saved meanwhile */
export async function lockSeenPlan(
  tx: Transaction,
  { county, id }: Pick<PlanRow, "county" | "id">,
  revision: number,
  at = "input.revision",
): Promise<PlanRow> {
  const plan = required(await lockPlan(tx, county, id), `plan ${id}`);
  if (plan.revision === revision) return plan;
  throw new AppError("USER", `${plan.savedName} saved this plan at ${plan.savedAt} (revision ${plan.revision})`, {
    code: "CONFLICT",
    at,
    hint: "Read the plan again and save on its revision; what you drew on other cells still fits.",
  });
}
