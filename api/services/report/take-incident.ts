import { isOpenState } from "../../../data/model/incident.ts";
import { appendAudit } from "../../../db/repositories/audit-repository.ts";
import { appendStep, handSealedRows, lockCase } from "../../../db/repositories/case-repository.ts";
import { setOwner } from "../../../db/repositories/flow-repository.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import type { IncidentRow } from "../../mappers.ts";
import { requireCase } from "../flow/transition-incident.ts";
import { newId } from "../new-id.ts";
import { required } from "../required.ts";
import { requireAdmitted } from "../routing/require-admitted.ts";
import { auditViewer, requireAccount, requireViewer } from "./actor.ts";
import { changedConflict, endedConflict } from "./case-conflicts.ts";
import { changingCases, recordCaseChange } from "./record-change.ts";

/**
 * Makes the viewer the handler of a case: from then on they alone may open what is sealed of it. It leaves the role inbox.
 *
 * @param version version that the viewer saw
 * @throws NOT_FOUND for what the viewer may not see, FORBIDDEN without the right to handle it, CONFLICT with the current
 * state when it was changed or has ended
 */
export async function takeIncident(context: RequestContext, text: string, version: number): Promise<IncidentRow> {
  const viewer = requireViewer(context, "Mutation.takeIncident");
  const account = requireAccount(viewer, "Mutation.takeIncident");
  const seen = await requireCase(context, viewer, text, "handle", "id");
  const { id, read } = seen;
  const { county } = seen.county;
  await changingCases(context, county, async (tx) => {
    const before = required(await lockCase(tx, county, id), `incident ${text}`);
    if (before.version !== version) throw changedConflict("version", before);
    if (!isOpenState(before.state)) throw endedConflict("version", before);
    if (before.handlerId === account) return;
    await requireAdmitted(tx, county, before.classCode, viewer, "id");
    const at = nowIso(context);
    await setOwner(tx, county, id, { ...before, handlerId: account, inbox: null });
    await handSealedRows(tx, county, id, account);
    await appendStep(tx, {
      county,
      id: newId(context.nowMs),
      incidentId: id,
      fromState: before.state,
      toState: before.state,
      actor: viewer.role,
      at,
      note: null,
      kind: "taken",
      step: null,
    });
    await recordCaseChange(tx, context, { ...before, county, version: version + 1, scopeBefore: before.scopeCode });
    await appendAudit(tx, county, {
      ...auditViewer(context, viewer),
      action: "incident.take",
      entity: { incident: text, handlerBefore: before.handlerId, handler: account },
      reason: null,
      at,
    });
  });
  return read();
}
