import { AppError } from "../../../data/model/errors.ts";
import type { IncidentState } from "../../../data/model/incident.ts";
import { parseOrderNumber } from "../../../data/model/order-number.ts";
import { appendAudit } from "../../../db/repositories/audit-repository.ts";
import { countCaseChange, lockCase } from "../../../db/repositories/case-repository.ts";
import { insertRating } from "../../../db/repositories/order-repository.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import type { MyReportModel } from "../../mappers.ts";
import { stepCase } from "../flow/step-case.ts";
import { workflowsOf } from "../flow/workflows-of.ts";
import { countyOf } from "../loaders.ts";
import { auditReporter } from "../report/actor.ts";
import { noSuchReport, ownReportNow, withOwnReport } from "../report/my-report.ts";
import { recordCaseChange } from "../report/record-change.ts";
import { required } from "../required.ts";
import { requireRating } from "./answer-whistle.ts";
import { followingStep } from "./whistle-change.ts";

/** States in which the work is done, so that a resident can tell how it was. */
const DONE: readonly IncidentState[] = ["fed_back", "verified", "closed", "evaluated"];

/**
 * Rates one's own order by its number and code, once, when the work is done. Where 评单 is the next step of the workflow, the
 * rating is that step. Wrong codes lock the number as they do for `myReport`.
 *
 * @throws BAD_USER_INPUT for what is no rating, NOT_FOUND for a wrong number or code, CONFLICT before the work is done and
 * for a second rating
 */
export async function rateOrder(
  context: RequestContext,
  orderNo: string,
  code: string,
  text: number,
): Promise<MyReportModel> {
  const rating = requireRating(text, "rating");
  const order = parseOrderNumber(orderNo);
  const profile = order && (await countyOf(context, order.county));
  if (!profile) throw noSuchReport();
  const workflows = await workflowsOf(context, profile);
  return withOwnReport(context, orderNo, code, async (tx, report) => {
    const { county, incidentId } = report;
    const conflict = (message: string, hint: string) =>
      new AppError("USER", message, { code: "CONFLICT", at: "rating", hint });
    const at = nowIso(context);
    const head = required(await lockCase(tx, county, incidentId), `incident ${incidentId}`);
    if (!DONE.includes(head.state))
      throw conflict("the work on this order is not done yet", "Rate it when it is done; myReport says how it stands.");
    if ((await insertRating(tx, county, incidentId, rating, at)) === 0)
      throw conflict("this order has been rated already", "An order is rated once.");
    const audit = auditReporter(context, county, incidentId);
    await appendAudit(tx, county, {
      ...audit,
      action: "order.rate",
      entity: { report: audit.actor, rating },
      reason: null,
      at,
    });
    const next = followingStep(workflows, head, ({ state }) => state === "evaluated");
    if (next)
      await stepCase(tx, context, {
        county,
        workflows,
        id: incidentId,
        wanted: { to: next.state, step: next.key },
        note: null,
        reason: null,
        resolution: null,
        target: { organisationId: null, postId: null },
        mover: { role: null, accountId: null },
        actor: "reporter",
        audit: { ...audit, action: "incident.transition" },
      });
    else {
      await countCaseChange(tx, county, incidentId);
      await recordCaseChange(tx, context, {
        ...head,
        county,
        version: head.version + 1,
        scopeBefore: head.scopeCode,
      });
    }
    return ownReportNow(tx, report);
  });
}
