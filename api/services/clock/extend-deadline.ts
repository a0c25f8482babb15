import { type ClockContext, caseDueAt, dueAt, extendClocks } from "../../../data/clock/case-clocks.ts";
import { isOpenState } from "../../../data/model/incident.ts";
import { appendAudit } from "../../../db/repositories/audit-repository.ts";
import { appendStep, lockCase } from "../../../db/repositories/case-repository.ts";
import { clocksOfCases, setDue, writeClocks } from "../../../db/repositories/clock-repository.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import type { ExtendInput } from "../../generated/resolvers-types.ts";
import type { IncidentRow } from "../../mappers.ts";
import { once } from "../flow/once.ts";
import { requireCase } from "../flow/transition-incident.ts";
import { workflowsOf } from "../flow/workflows-of.ts";
import { newId } from "../new-id.ts";
import { auditViewer, requireViewer } from "../report/actor.ts";
import { changedConflict, endedConflict } from "../report/case-conflicts.ts";
import { checkReason } from "../report/reason.ts";
import { changingCases, recordCaseChange } from "../report/record-change.ts";
import { checkKey } from "../report/report-input.ts";
import { required } from "../required.ts";

/**
 * Extends the deadline of a case, once (延期一次), with a reason; once per client's key.
 *
 * @throws NOT_FOUND, FORBIDDEN without the right to supervise there, CONFLICT when the case was changed or has ended or its
 * deadline has passed or was extended before, BAD_USER_INPUT for a length that the rule does not allow
 */
export async function extendDeadline(context: RequestContext, input: ExtendInput): Promise<IncidentRow> {
  const viewer = requireViewer(context, "Mutation.extendDeadline");
  const key = checkKey(input.key);
  const reason = checkReason(input.reason, "input.reason");
  const { county: model, id, read } = await requireCase(context, viewer, input.id, "supervise");
  const { county, timezone } = model;
  const { process } = await workflowsOf(context, model);
  const { seconds, version } = input;
  const request = { county, actor: viewer.actor, key, content: ["extendDeadline", { id, version, seconds, reason }] };
  await changingCases(context, county, (tx) =>
    once(tx, context, request, { incident: id }, async () => {
      const before = required(await lockCase(tx, county, id), `incident ${input.id}`);
      if (before.version !== version) throw changedConflict("input.version", before);
      if (!isOpenState(before.state)) throw endedConflict("input.version", before);
      const read: ClockContext = { settings: process, timezone, one: before };
      const clocks = ((await clocksOfCases(tx, county, [id])).get(id) ?? []).map(({ clock }) => clock);
      const extended = extendClocks(clocks, seconds, context.nowMs, read);
      const rows = extended.map((clock) => ({ clock, dueMs: dueAt(clock, read) }));
      await writeClocks(tx, county, id, rows);
      await setDue(tx, county, id, caseDueAt(extended, read));
      const at = nowIso(context);
      await appendStep(tx, {
        county,
        id: newId(context.nowMs),
        incidentId: id,
        fromState: before.state,
        toState: before.state,
        actor: viewer.role,
        at,
        note: reason,
        kind: "extended",
        step: null,
        extendedSeconds: seconds,
      });
      await recordCaseChange(tx, context, {
        ...before,
        county,
        version: before.version + 1,
        scopeBefore: before.scopeCode,
      });
      await appendAudit(tx, county, {
        ...auditViewer(context, viewer),
        action: "incident.extend",
        entity: { incident: input.id, seconds, rule: extended.find((one) => one.extendedSeconds > 0)?.rule ?? null },
        reason,
        at,
      });
    }),
  );
  return read();
}
