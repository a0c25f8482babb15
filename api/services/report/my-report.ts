import { AppError, notFound } from "../../../data/model/errors.ts";
import { isOpenState } from "../../../data/model/incident.ts";
import { formatOrderNumber, parseOrderNumber } from "../../../data/model/order-number.ts";
import type { Transaction } from "../../../db/driver.ts";
import { appendAudit } from "../../../db/repositories/audit-repository.ts";
import { setTitle } from "../../../db/repositories/case-repository.ts";
import { contactOf, deleteContact, hasContact, putContact } from "../../../db/repositories/contact-repository.ts";
import { deletePhotos } from "../../../db/repositories/photo-repository.ts";
import { lockReport, type ReportRow, setAttempts, setWithdrawn } from "../../../db/repositories/report-repository.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import type { MyReportModel } from "../../mappers.ts";
import { stepCase } from "../flow/step-case.ts";
import { workflowsOf } from "../flow/workflows-of.ts";
import { countyOf } from "../loaders.ts";
import { required } from "../required.ts";
import { auditReporter } from "./actor.ts";
import { openContact, sealContact } from "./contact-seal.ts";
import { recordCaseChange } from "./record-change.ts";
import { isReportCode } from "./report-code.ts";
import { checkContact, checkTitle } from "./report-input.ts";

/** Wrong codes that a number takes before it answers nobody for a while. */
const FREE_ATTEMPTS = 5;
const FIRST_LOCK_MS = 60_000;
const LONGEST_LOCK_MS = 24 * 3_600_000;

/** One answer for all that fails, so that nobody learns which numbers exist. */
export const noSuchReport = (): AppError =>
  notFound("this number and code open no report, or were tried too often", {
    at: "orderNo",
    hint: `Check both. After ${FREE_ATTEMPTS} wrong codes a number answers nobody for a minute, then for twice as long each time.`,
  });

/** Until when a number answers nobody after so many wrong codes; null while it still answers. */
function lockAfter(failed: number, nowMs: number): string | null {
  if (failed < FREE_ATTEMPTS) return null;
  const ms = Math.min(FIRST_LOCK_MS * 2 ** Math.min(failed - FREE_ATTEMPTS, 30), LONGEST_LOCK_MS);
  return new Date(nowMs + ms).toISOString();
}

/**
 * Does something with the report that a number and a code open, in one transaction in which the report and its case are
 * locked. A wrong code is counted, which must be committed: so it is an outcome, not an error, until the end.
 */
export async function withOwnReport<T>(
  context: RequestContext,
  orderNo: string,
  code: string,
  work: (tx: Transaction, report: ReportRow) => Promise<T>,
): Promise<T> {
  const order = parseOrderNumber(orderNo);
  if (!order) throw noSuchReport();
  const { county } = order;
  const done = await context.database.transaction({ kind: "county", county }, async (tx) => {
    const report = await lockReport(tx, county, formatOrderNumber(order));
    if (!report || (report.lockedUntil !== null && Date.parse(report.lockedUntil) > context.nowMs)) return undefined;
    const { incidentId, failedAttempts } = report;
    if (!isReportCode(county, incidentId, code, report.codeHash)) {
      await setAttempts(tx, county, incidentId, failedAttempts + 1, lockAfter(failedAttempts + 1, context.nowMs));
      return undefined;
    }
    if (failedAttempts > 0) await setAttempts(tx, county, incidentId, 0, null);
    return { value: await work(tx, report) };
  });
  if (!done) throw noSuchReport();
  return done.value;
}

const modelOf = async (tx: Transaction, report: ReportRow): Promise<MyReportModel> => ({
  ...report,
  hasContact: await hasContact(tx, report.county, report.incidentId),
});

/** The report as it is after a change in the same transaction. */
export async function ownReportNow(tx: Transaction, { county, orderNo }: ReportRow): Promise<MyReportModel> {
  return modelOf(tx, required(await lockReport(tx, county, orderNo), `report ${orderNo}`));
}

/** One's own report by order number and code, without an account. */
export const myReport = (context: RequestContext, orderNo: string, code: string): Promise<MyReportModel> =>
  withOwnReport(context, orderNo, code, modelOf);

/** The contact as it is kept, for its owner to check; audited like every other read of it. */
export const ownContact = (context: RequestContext, { county, incidentId }: MyReportModel): Promise<string | null> =>
  context.database.transaction({ kind: "county", county }, async (tx) => {
    const sealed = await contactOf(tx, county, incidentId);
    if (!sealed) return null;
    await auditStep(tx, context, county, incidentId, "sealed.read", { what: "reporter_contact" });
    return openContact(context.sealer, county, incidentId, sealed);
  });

export interface Correction {
  readonly title?: string | null | undefined;
  /** Empty = delete it; absent = leave it. */
  readonly contact?: string | null | undefined;
}

/**
 * Corrects the title or the contact of one's own report.
 *
 * @throws CONFLICT once the case has ended
 */
export async function correctMyReport(
  context: RequestContext,
  orderNo: string,
  code: string,
  correction: Correction,
): Promise<MyReportModel> {
  const title = correction.title == null ? undefined : checkTitle(correction.title, "title");
  const contact = checkContact(correction.contact, "contact");
  const touchesContact = correction.contact != null;
  return withOwnReport(context, orderNo, code, async (tx, report) => {
    const { county, incidentId, version } = report;
    if (!isOpenState(report.state))
      throw new AppError("USER", "this case has ended", {
        code: "CONFLICT",
        at: "orderNo",
        hint: "Report it anew if there is still something the matter.",
      });
    const at = nowIso(context);
    if (touchesContact && contact === undefined) await deleteContact(tx, county, incidentId);
    if (contact !== undefined)
      await putContact(
        tx,
        county,
        incidentId,
        sealContact(context.sealer, county, incidentId, contact, context.nowMs),
        at,
      );
    if (title !== undefined && title !== report.title) {
      await setTitle(tx, county, incidentId, title);
      await tellChange(tx, context, { ...report, version: version + 1 });
    }
    await auditStep(tx, context, county, incidentId, "incident.correct", {
      title: title !== undefined,
      contact: touchesContact,
    });
    return modelOf(tx, { ...report, title: title ?? report.title });
  });
}

/**
 * Withdraws one's own report; its contact is deleted at once.
 *
 * @throws CONFLICT once somebody works on the case
 */
export async function withdrawMyReport(context: RequestContext, orderNo: string, code: string): Promise<MyReportModel> {
  const order = parseOrderNumber(orderNo);
  const profile = order && (await countyOf(context, order.county));
  if (!profile) throw noSuchReport();
  const workflows = await workflowsOf(context, profile);
  return withOwnReport(context, orderNo, code, async (tx, report) => {
    const { county, incidentId } = report;
    if (report.state !== "found" || report.handlerId !== null)
      throw new AppError("USER", "somebody works on this case already, or it has ended", {
        code: "CONFLICT",
        at: "orderNo",
        hint: "A contact can still be deleted: correct the report with an empty one.",
      });
    const at = nowIso(context);
    await deleteContact(tx, county, incidentId);
    await deletePhotos(tx, county, incidentId);
    await stepCase(tx, context, {
      county,
      workflows,
      id: incidentId,
      wanted: { to: "void", step: null },
      note: null,
      reason: null,
      resolution: null,
      target: { organisationId: null, postId: null },
      mover: { role: null, accountId: null },
      actor: "reporter",
      audit: { ...auditReporter(context, county, incidentId), action: "incident.withdraw" },
    });
    await setWithdrawn(tx, county, incidentId, at);
    return modelOf(tx, { ...report, state: "void", closedAt: at, withdrawnAt: at });
  });
}

/** The case looks different from now on, to whoever may see it. */
const tellChange = (tx: Transaction, context: RequestContext, report: ReportRow): Promise<void> =>
  recordCaseChange(tx, context, { ...report, id: report.incidentId, scopeBefore: report.scopeCode });

const auditStep = (
  tx: Transaction,
  context: RequestContext,
  county: string,
  incidentId: string,
  action: string,
  facts: Readonly<Record<string, string | boolean>>,
): Promise<void> => {
  const who = auditReporter(context, county, incidentId);
  return appendAudit(tx, county, {
    ...who,
    action,
    entity: { report: who.actor, ...facts },
    reason: null,
    at: nowIso(context),
  });
};
