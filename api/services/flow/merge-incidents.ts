import { AppError, userError } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { isOpenState } from "../../../data/model/incident.ts";
import type { Viewer } from "../../../data/policy/viewer.ts";

import type { Transaction } from "../../../db/driver.ts";
import { appendAudit } from "../../../db/repositories/audit-repository.ts";
import { appendStep, type CaseHead, countCaseChange, lockCase } from "../../../db/repositories/case-repository.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import type { MergeInput } from "../../generated/resolvers-types.ts";
import type { IncidentRow } from "../../mappers.ts";
import { newId } from "../new-id.ts";
import { auditViewer, requireViewer } from "../report/actor.ts";
import { changedConflict, endedConflict } from "../report/case-conflicts.ts";
import { changingCases, recordCaseChange } from "../report/record-change.ts";
import { checkKey } from "../report/report-input.ts";
import { required } from "../required.ts";
import { once } from "./once.ts";
import { stepCase } from "./step-case.ts";
import { requireLine } from "./step-input.ts";
import { requireCase } from "./transition-incident.ts";
import { type CountyFlow, workflowsOf } from "./workflows-of.ts";

const MOST_AT_ONCE = 50;

/** A merge that was checked: row ids of the case that goes on and of those that end. */
interface Merge {
  readonly county: string;
  readonly workflows: CountyFlow;
  readonly into: string;
  readonly version: number;
  readonly cases: readonly string[];
  readonly reason: string;
}

/**
 * Merges cases that are the same matter into one: they end as void and point to it, all or none. Once per client's key.
 *
 * @throws NOT_FOUND for a case that the viewer may not see, FORBIDDEN without the right to supervise where one lies,
 * CONFLICT when the case that goes on was changed, or one of them has ended
 */
export async function mergeIncidents(context: RequestContext, input: MergeInput): Promise<IncidentRow> {
  const viewer = requireViewer(context, "Mutation.mergeIncidents");
  const key = checkKey(input.key);
  const reason = requireLine(input.reason, "input.reason", "Say in one line why they are the same matter.");
  const texts = [...new Set(input.cases)];
  if (texts.length === 0 || texts.length > MOST_AT_ONCE || texts.includes(input.into))
    throw userError(`1 to ${MOST_AT_ONCE} other cases are merged into one`, {
      at: "input.cases",
      hint: "Name the cases that end; the one that goes on is not among them.",
    });
  const target = await requireCase(context, viewer, input.into, "supervise", "input.into");
  const { county } = target.county;
  const cases: string[] = [];
  for (const text of texts) {
    const one = await requireCase(context, viewer, text, "supervise", "input.cases");
    if (one.county.county !== county)
      throw userError("cases of two counties are two matters", { at: "input.cases", hint: "Merge within a county." });
    cases.push(one.id);
  }
  const workflows = await workflowsOf(context, target.county);
  const merge: Merge = { county, workflows, into: target.id, version: input.version, cases, reason };
  const content = ["mergeIncidents", { into: input.into, version: input.version, cases, reason }];
  await changingCases(context, county, (tx) =>
    once(tx, context, { county, actor: viewer.actor, key, content }, { incident: target.id }, () =>
      writeMerge(tx, context, viewer, merge),
    ),
  );
  return target.read();
}

async function writeMerge(
  tx: Transaction,
  context: RequestContext,
  viewer: Viewer,
  { county, workflows, into, version, cases, reason }: Merge,
): Promise<void> {
  // Locked in one order: two merges of the same cases wait for each other instead of failing.
  const heads = new Map<string, CaseHead>();
  for (const id of [into, ...cases].sort()) heads.set(id, required(await lockCase(tx, county, id), `incident ${id}`));
  const before = required(heads.get(into), `incident ${into}`);
  if (before.version !== version) throw changedConflict("input.version", before);
  if (!isOpenState(before.state)) throw endedConflict("input.into", before);
  const audit = auditViewer(context, viewer);
  const at = nowIso(context);
  for (const id of cases) {
    const head = required(heads.get(id), `incident ${id}`);
    if (!isOpenState(head.state))
      throw new AppError("USER", `case ${head.ref} has ended already`, {
        code: "CONFLICT",
        at: "input.cases",
        hint: "Leave it out: what has ended stays as it is.",
        facts: { state: head.state.toUpperCase(), step: head.step, version: head.version, case: head.ref },
      });
    await appendMerged(tx, context, county, head, viewer.role, reason);
    await stepCase(tx, context, {
      county,
      workflows,
      id,
      wanted: { to: "void", step: null },
      note: null,
      reason,
      resolution: null,
      target: { organisationId: null, postId: null },
      mergedInto: into,
      mover: { role: null, accountId: viewer.accountId },
      actor: viewer.role,
      audit: { ...audit, action: "incident.transition" },
    });
  }
  await appendMerged(tx, context, county, before, viewer.role, reason);
  await countCaseChange(tx, county, into);
  await recordCaseChange(tx, context, {
    ...before,
    county,
    version: before.version + 1,
    scopeBefore: before.scopeCode,
  });
  await appendAudit(tx, county, {
    ...audit,
    action: "incident.merge",
    entity: {
      incident: toGlobalId("Incident", county, into),
      cases: cases.map((id) => toGlobalId("Incident", county, id)),
    },
    reason: null,
    at,
  });
}

const appendMerged = (
  tx: Transaction,
  context: RequestContext,
  county: string,
  { id, state }: CaseHead,
  actor: string,
  reason: string,
): Promise<number> =>
  appendStep(tx, {
    county,
    id: newId(context.nowMs),
    incidentId: id,
    fromState: state,
    toState: state,
    actor,
    at: nowIso(context),
    note: reason,
    kind: "merged",
    step: null,
  });
