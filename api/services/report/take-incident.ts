import { AppError, notFound } from "../../../data/model/errors.ts";
import { isOpenState } from "../../../data/model/incident.ts";
import { mayAct } from "../../../data/policy/viewer.ts";
import { appendAudit } from "../../../db/repositories/audit-repository.ts";
import { appendStep, handSealedRows, lockCase, setHandler } from "../../../db/repositories/case-repository.ts";
import { incidentsById } from "../../../db/repositories/incident-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import type { IncidentRow } from "../../mappers.ts";
import { readingOf } from "../loaders.ts";
import { newId } from "../new-id.ts";
import { requireCounty, requireGlobalId } from "../require.ts";
import { required } from "../required.ts";
import { auditViewer, requireAccount, requireViewer } from "./actor.ts";
import { changedConflict, endedConflict } from "./case-conflicts.ts";
import { changingCases, recordCaseChange } from "./record-change.ts";

/**
 * Makes the viewer the handler of a case: from then on they alone may open what is sealed of it.
 *
 * @param version version that the viewer saw
 * @throws NOT_FOUND for what the viewer may not see, FORBIDDEN without the right to handle it, CONFLICT when it was changed
 * or has ended
 */
export async function takeIncident(context: RequestContext, text: string, version: number): Promise<IncidentRow> {
  const viewer = requireViewer(context, "Mutation.takeIncident");
  const account = requireAccount(viewer, "Mutation.takeIncident");
  const { county, id } = requireGlobalId(text, "Incident");
  const reading = await readingOf(context, await requireCounty(context, county, "id"));
  const read = () => inCounty(context, county, (tx) => incidentsById(tx, reading, [id]));
  const nothing = () => notFound(`there is no incident ${text}`, { at: "id" });
  const seen = (await read()).get(id);
  if (!seen) throw nothing();
  if (!mayAct(viewer, "handle", seen.scopeCode ?? county))
    throw new AppError("USER", `the role ${viewer.role} handles no cases here`, {
      code: "FORBIDDEN",
      at: "id",
      hint: "A dispatcher or a grid worker of the area takes it.",
    });
  await changingCases(context, county, async (tx) => {
    const before = await lockCase(tx, county, id);
    if (!before) throw nothing();
    if (before.version !== version) throw changedConflict("version");
    if (!isOpenState(before.state)) throw endedConflict("version");
    if (before.handlerId === account) return;
    const at = nowIso(context);
    await setHandler(tx, county, id, account);
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
    await recordCaseChange(tx, context, {
      ...before,
      county,
      version: version + 1,
      scopeBefore: before.scopeCode,
    });
    await appendAudit(tx, county, {
      ...auditViewer(context, viewer),
      action: "incident.take",
      entity: { incident: text, handlerBefore: before.handlerId, handler: account },
      reason: null,
      at,
    });
  });
  return required((await read()).get(id), `incident ${text}`);
}
