import { userError } from "../../../data/model/errors.ts";
import { isOpenState } from "../../../data/model/incident.ts";
import { appendAudit } from "../../../db/repositories/audit-repository.ts";
import { appendStep, handSealedRows, lockCase } from "../../../db/repositories/case-repository.ts";
import { setOwner } from "../../../db/repositories/flow-repository.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import type { AssignInput } from "../../generated/resolvers-types.ts";
import type { IncidentRow } from "../../mappers.ts";
import { newId } from "../new-id.ts";
import { auditViewer, requireViewer } from "../report/actor.ts";
import { changedConflict, endedConflict } from "../report/case-conflicts.ts";
import { changingCases, recordCaseChange } from "../report/record-change.ts";
import { checkKey } from "../report/report-input.ts";
import { required } from "../required.ts";
import { once } from "./once.ts";
import { checkLine } from "./step-input.ts";
import { checkTarget, requireTarget } from "./target.ts";
import { requireCase } from "./transition-incident.ts";

/**
 * Gives a case to a unit or a post, where it is: it leaves the role inbox, and whoever handled it opens nothing sealed of it
 * any more. Once per client's key.
 *
 * @throws BAD_USER_INPUT without a unit and a post, or for one that there is not; FORBIDDEN without the right to supervise
 * there, or where the admission list keeps the class from the post; CONFLICT with the current state when the case was
 * changed or has ended
 */
export async function assignIncident(context: RequestContext, input: AssignInput): Promise<IncidentRow> {
  const viewer = requireViewer(context, "Mutation.assignIncident");
  const key = checkKey(input.key);
  const note = checkLine(input.note, "input.note");
  const seen = await requireCase(context, viewer, input.id, "supervise");
  const { id, read } = seen;
  const { county } = seen.county;
  const asked = checkTarget(county, input);
  if (asked.organisationId === null && asked.postId === null)
    throw userError("neither a unit nor a post is named", { at: "input", hint: "Name at least one of them." });
  const content = ["assignIncident", { id: input.id, version: input.version, note, ...asked }];
  await changingCases(context, county, (tx) =>
    once(tx, context, { county, actor: viewer.actor, key, content }, { incident: id }, async () => {
      const before = required(await lockCase(tx, county, id), `incident ${input.id}`);
      if (before.version !== input.version) throw changedConflict("input.version", before);
      if (!isOpenState(before.state)) throw endedConflict("input.version", before);
      const target = await requireTarget(tx, county, before.classCode, asked);
      const at = nowIso(context);
      await setOwner(tx, county, id, { ...target, handlerId: null, inbox: null });
      if (before.handlerId !== null) await handSealedRows(tx, county, id, null);
      await appendStep(tx, {
        county,
        id: newId(context.nowMs),
        incidentId: id,
        fromState: before.state,
        toState: before.state,
        actor: viewer.role,
        at,
        note,
        kind: "assigned",
        step: null,
      });
      const changed = { ...before, county, version: before.version + 1, scopeBefore: before.scopeCode };
      await recordCaseChange(tx, context, changed);
      await appendAudit(tx, county, {
        ...auditViewer(context, viewer),
        action: "incident.assign",
        entity: {
          incident: input.id,
          organisation: target.organisationId,
          post: target.postId,
          handlerBefore: before.handlerId,
        },
        reason: null,
        at,
      });
    }),
  );
  return read();
}
