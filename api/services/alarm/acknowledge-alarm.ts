import { AppError, notFound } from "../../../data/model/errors.ts";
import { mayAct } from "../../../data/policy/viewer.ts";
import { type AlarmRow, acknowledge, alarmOfCase } from "../../../db/repositories/alarm-repository.ts";
import { appendAudit } from "../../../db/repositories/audit-repository.ts";
import { appendStep, countCaseChange, lockCase } from "../../../db/repositories/case-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import { newId } from "../new-id.ts";
import { auditViewer, requireAccount, requireViewer } from "../report/actor.ts";
import { changingCases, recordCaseChange } from "../report/record-change.ts";
import { requireCountyOf, requireGlobalId } from "../require.ts";
import { required } from "../required.ts";

/**
 * Acknowledges the alarm of a case as a named officer. Whoever comes second gets the same answer: who was first, and when.
 *
 * @param text global id of the case
 * @throws NOT_FOUND for what the viewer may not see or never raised an alarm, FORBIDDEN for kiosks and tokens and without
 * the right to supervise the place
 */
export async function acknowledgeAlarm(context: RequestContext, text: string): Promise<AlarmRow> {
  const at = "Mutation.acknowledgeAlarm";
  const viewer = requireViewer(context, at);
  const account = requireAccount(viewer, at);
  const { county, id } = requireGlobalId(text, "Incident", "incident");
  await requireCountyOf(context, county, `alarm of ${text}`, "incident");
  const read = () => inCounty(context, county, (tx) => alarmOfCase(tx, county, id));
  const seen = await read();
  if (!seen) throw notFound(`there is no alarm of ${text}`, { at: "incident" });
  await changingCases(context, county, async (tx) => {
    const before = required(await lockCase(tx, county, id), `incident ${text}`);
    if (!mayAct(viewer, "supervise", before.scopeCode ?? county))
      throw new AppError("USER", `the role ${viewer.role} acknowledges no alarms here`, {
        code: "FORBIDDEN",
        at: "incident",
        hint: "A leader or dispatcher of the area does.",
      });
    const now = nowIso(context);
    if (!(await acknowledge(tx, county, id, { account, name: viewer.name, at: now }))) return;
    await countCaseChange(tx, county, id);
    await appendStep(tx, {
      county,
      id: newId(context.nowMs),
      incidentId: id,
      fromState: before.state,
      toState: before.state,
      actor: viewer.role,
      at: now,
      note: null,
      kind: "acknowledged",
      step: null,
    });
    await recordCaseChange(tx, context, {
      ...before,
      county,
      version: before.version + 1,
      scopeBefore: before.scopeCode,
    });
    await appendAudit(tx, county, {
      ...auditViewer(context, viewer),
      action: "alarm.acknowledge",
      entity: { incident: text, raisedAt: seen.raisedAt },
      reason: null,
      at: now,
    });
  });
  return required(await read(), `alarm of ${text}`);
}
