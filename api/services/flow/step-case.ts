import { notFound, userError } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { ENDED_STATES } from "../../../data/model/incident.ts";
import type { StepRequirement } from "../../../data/workflow/definition.ts";
import { inboxOf } from "../../../data/workflow/ownership.ts";
import { timesAfter } from "../../../data/workflow/times.ts";
import { stepOfState } from "../../../data/workflow/walk.ts";
import type { Transaction } from "../../../db/driver.ts";
import { type AuditEntry, appendAudit } from "../../../db/repositories/audit-repository.ts";
import { appendStep, type CaseHead, lockCase } from "../../../db/repositories/case-repository.ts";
import { lastSteps, moveCase } from "../../../db/repositories/flow-repository.ts";
import { rollupCase } from "../../../db/rollups/apply-delta.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import { moveClocks } from "../clock/move-clocks.ts";
import { newId } from "../new-id.ts";
import { changedConflict } from "../report/case-conflicts.ts";
import { recordCaseChange } from "../report/record-change.ts";
import { requireAdmitted } from "../routing/require-admitted.ts";
import { chooseWay, type Mover, type WantedStep } from "./choose-way.ts";
import { requireTarget, type Target } from "./target.ts";
import type { CountyFlow } from "./workflows-of.ts";

/** Which case is moved, how, and by whom. Texts were checked (`checkLine`). */
export interface StepRequest {
  readonly county: string;
  readonly workflows: CountyFlow;
  /** Row id of the case. */
  readonly id: string;
  /** Version that was seen; undefined where the caller holds the case's lock already. */
  readonly version?: number;
  readonly wanted: WantedStep;
  readonly note: string | null;
  readonly reason: string | null;
  readonly resolution: string | null;
  readonly target: Target;
  /** Row id of the case that this one ends as part of. */
  readonly mergedInto?: string;
  readonly mover: Mover;
  /** What the timeline names: a role, never a person. */
  readonly actor: string;
  /** Who did it, for the audit log, and what it is called there. */
  readonly audit: Pick<AuditEntry, "actor" | "actorName" | "role" | "address" | "action">;
}

const NO_TARGET: Target = { organisationId: null, postId: null };

/**
 * Moves a case: the only code that does. In the caller's transaction it locks the case, compares the version, checks role,
 * requirements and handler, and writes case, step, clocks, roll-ups, outbox and audit.
 *
 * @returns the case as it was before
 * @throws NOT_FOUND, CONFLICT with the current state when it was changed or has ended, BAD_USER_INPUT for a step that does
 * not follow or lacks what it needs, FORBIDDEN for who may not take it
 */
export async function stepCase(tx: Transaction, context: RequestContext, request: StepRequest): Promise<CaseHead> {
  const { county, id, workflows, mover, wanted } = request;
  const globalId = toGlobalId("Incident", county, id);
  // What does not wait for an answer is sent together, here and below, in this order: what is read is read under the lock.
  const [before, [last, earlier], counted] = await Promise.all([
    lockCase(tx, county, id),
    lastSteps(tx, county, id),
    rollupCase(tx, county, id),
  ]);
  if (!before) throw notFound(`there is no incident ${globalId}`, { at: "input.id" });
  if (request.version !== undefined && before.version !== request.version)
    throw changedConflict("input.version", before);
  const place = workflows.place(before);
  const cameFrom =
    earlier?.step ?? (last?.fromState ? (stepOfState(place.workflow, last.fromState)?.key ?? null) : null);
  const { way, to } = chooseWay(before, place, cameFrom, mover, wanted);
  const named = request.target.organisationId !== null || request.target.postId !== null;
  const target = named ? await requireTarget(tx, county, before.classCode, request.target) : NO_TARGET;
  // The system needs nobody's reasons: what it does says itself why.
  if (mover.role !== null) requireAll(way.requires, request, before, target);
  const at = nowIso(context);
  const stopsWork = way.clocks.some((clock) => clock.target === "handle" && clock.effect === "stop");
  const ended = ENDED_STATES.includes(to.state);
  const holders = {
    handlerId: before.handlerId,
    organisationId: target.organisationId ?? before.organisationId,
    postId: named ? target.postId : before.postId,
  };
  const inbox = ended ? null : inboxOf(place.workflow, to.key, holders, before.scopeCode ?? county);
  // What the admission list keeps from grid workers does not land in their inbox either.
  if (inbox?.role === "grid_worker") await requireAdmitted(tx, county, before.classCode, inbox, "input.to");
  const times = timesAfter({ firstAnswerMs: msOf(before.firstAnswerAt), closedMs: msOf(before.closedAt) }, way, {
    to: to.state,
    at: context.nowMs,
  });
  const note = [request.reason, request.resolution, request.note].filter((text) => text !== null).join("；") || null;
  const dueMs = await moveClocks(
    tx,
    { ...before, county, process: workflows.process, timezone: workflows.timezone },
    { from: before.state, to: to.state, atMs: context.nowMs, note, effects: way.clocks },
  );
  const moved = moveCase(tx, county, id, {
    ...holders,
    state: to.state,
    workflow: place.workflow.key,
    step: to.key,
    inbox,
    workedBy: stopsWork ? (before.handlerId ?? mover.accountId) : before.workedBy,
    mergedInto: request.mergedInto ?? before.mergedInto,
    times,
    dueMs,
  });
  const noted = appendStep(tx, {
    county,
    id: newId(context.nowMs),
    incidentId: id,
    fromState: before.state,
    toState: to.state,
    actor: request.actor,
    at,
    note,
    kind: "step",
    step: to.key,
  });
  const audited = appendAudit(tx, county, {
    ...request.audit,
    entity: {
      incident: globalId,
      from: before.state,
      to: to.state,
      step: to.key,
      note: request.note !== null || request.reason !== null || request.resolution !== null,
      ended,
      ...(request.mergedInto === undefined ? {} : { mergedInto: toGlobalId("Incident", county, request.mergedInto) }),
    },
    reason: null,
    at,
  });
  await Promise.all([moved, noted, audited]);
  await recordCaseChange(
    tx,
    context,
    { ...before, county, version: before.version + 1, scopeBefore: before.scopeCode },
    counted,
  );
  return before;
}

const msOf = (iso: string | null): number | null => (iso === null ? null : Date.parse(iso));

/** What is asked for in words, and where it goes. A unit is also supplied by the post that belongs to it. */
const SUPPLIED: Readonly<Record<StepRequirement, string>> = {
  note: "a remark",
  reason: "a reason",
  resolution: "what was done",
  organisation: "a unit or a post that handles it",
  post: "a post that handles it",
};

function requireAll(
  requires: readonly StepRequirement[],
  { note, reason, resolution }: StepRequest,
  before: CaseHead,
  target: Target,
): void {
  const post = target.postId ?? before.postId;
  const has: Readonly<Record<StepRequirement, boolean>> = {
    note: note !== null,
    reason: reason !== null,
    resolution: resolution !== null,
    organisation: (target.organisationId ?? before.organisationId ?? post) !== null,
    post: post !== null,
  };
  const missing = requires.find((one) => !has[one]);
  if (missing === undefined) return;
  throw userError(`this step needs ${SUPPLIED[missing]}`, {
    at: `input.${missing}`,
    hint: "Incident.nextSteps says what each step needs.",
  });
}
