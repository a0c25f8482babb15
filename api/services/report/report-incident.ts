import { AppError, userError } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { formatOrderNumber } from "../../../data/model/order-number.ts";
import { mayAct, type Viewer } from "../../../data/policy/viewer.ts";
import type { WorkflowDefinition } from "../../../data/workflow/definition.ts";
import { inboxOf } from "../../../data/workflow/ownership.ts";
import type { CountyProcess } from "../../../data/workflow/process.ts";
import { startStep } from "../../../data/workflow/walk.ts";
import type { Transaction } from "../../../db/driver.ts";
import { appendAudit } from "../../../db/repositories/audit-repository.ts";
import { insertCandidates } from "../../../db/repositories/candidate-repository.ts";
import { appendStep, insertCase, sealPlace } from "../../../db/repositories/case-repository.ts";
import { insertClocks } from "../../../db/repositories/clock-repository.ts";
import { reserveRefs } from "../../../db/repositories/counter-repository.ts";
import { keepResponse, useKey } from "../../../db/repositories/idempotency-repository.ts";
import { insertReport, orderNumberOf, putContact } from "../../../db/repositories/report-repository.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import type { MutationReportIncidentArgs } from "../../generated/resolvers-types.ts";
import type { AreaRow, CountyModel, ReportReceiptModel } from "../../mappers.ts";
import { raiseAlarm } from "../alarm/raise-alarm.ts";
import { startClocks } from "../clock/move-clocks.ts";
import { workflowsOf } from "../flow/workflows-of.ts";
import { classesOf } from "../loaders.ts";
import { locate } from "../locate.ts";
import { newId } from "../new-id.ts";
import { required } from "../required.ts";
import { admittedInbox, requireAdmitted } from "../routing/require-admitted.ts";
import { auditViewer, requireViewer } from "./actor.ts";
import { contactSeal } from "./contact-seal.ts";
import { changingCases, recordCaseChange } from "./record-change.ts";
import { hashReportCode, reportCode } from "./report-code.ts";
import { type CheckedReport, checkReport } from "./report-input.ts";

/** A new case belongs to nobody yet: it waits in an inbox. */
const NOBODY = { handlerId: null, postId: null, organisationId: null };

/** Where a report lies, and what follows from it. */
interface Placed {
  readonly county: CountyModel;
  /** Deepest area that holds the point; of several on a border the one with the lowest code. */
  readonly area: AreaRow;
  readonly grid: AreaRow | null;
  readonly border: boolean;
  /** Codes of all areas within 5 m: more than one where nobody knows yet whose the case is. */
  readonly owners: readonly string[];
  readonly sensitive: boolean;
  /** The workflow that it walks in this county. */
  readonly workflow: WorkflowDefinition;
  readonly process: CountyProcess;
}

/**
 * Reports a case: everything about it in one transaction, once per client's key (data rule 10).
 *
 * @throws UNAUTHENTICATED, FORBIDDEN outside the viewer's area, BAD_USER_INPUT for what cannot be reported, CONFLICT when
 * the key was used for another report
 */
export async function reportIncident(
  context: RequestContext,
  input: MutationReportIncidentArgs["input"],
): Promise<ReportReceiptModel> {
  const viewer = requireViewer(context, "Mutation.reportIncident");
  const report = checkReport(input);
  const placed = await placeReport(context, viewer, report);
  const { county } = placed.county;
  return changingCases(context, county, async (tx) => {
    const hash = requestHash(context, report);
    const use = await useKey(tx, county, viewer.actor, report.key, hash, nowIso(context));
    if (use.hits === 1) return writeReport(tx, context, viewer, report, placed);
    if (use.requestHash !== hash)
      throw new AppError("USER", "this key was used for another report", {
        code: "CONFLICT",
        at: "input.key",
        hint: "Make a new key for each report; the same one only repeats it.",
      });
    const incidentId = String(use.response?.["incident"]);
    const orderNo = (await orderNumberOf(tx, county, incidentId)) ?? "";
    return { county, incidentId, orderNo, code: reportCode(context.sealer, county, incidentId) };
  });
}

/** Finds the deepest area of a report and asks whether the viewer may report there. */
async function placeReport(context: RequestContext, viewer: Viewer, report: CheckedReport): Promise<Placed> {
  const [lon, lat] = report.place;
  const { county, area, grid, border, owners } = await locate(context, lon, lat, nowIso(context));
  if (!county || county.county !== report.county || !area)
    throw userError(`the point ${lon}, ${lat} lies outside county ${report.county}`, {
      at: "input.lon",
      hint: "Longitude comes first, degrees WGS 84.",
    });
  if (!mayAct(viewer, "report", area.code))
    throw new AppError("USER", "this place lies outside your own area, or your role reports nothing", {
      code: "FORBIDDEN",
      at: "input",
      hint: "Report under a grant that holds the place, or hand it to the area's own staff.",
    });
  const classes = (await classesOf(context, county.county)).filter(({ code }) => code === report.classCode);
  if (classes.length === 0)
    throw userError(`there is no class ${report.classCode} in ${county.name}`, {
      at: "input.class",
      hint: "Query.classCodes lists the classes of the county.",
    });
  const sensitive = classes.some((one) => one.sensitive);
  const { choose, process } = await workflowsOf(context, county);
  const workflow = choose(report);
  return { county, area, grid, border, owners: owners.map(({ code }) => code), sensitive, workflow, process };
}

/** A keyed hash: a contact is short enough to be guessed from a plain one. */
const requestHash = (context: RequestContext, { key: _, ...content }: CheckedReport): string =>
  Buffer.from(context.sealer.digest("request", JSON.stringify(["reportIncident", content]))).toString("base64url");

async function writeReport(
  tx: Transaction,
  context: RequestContext,
  viewer: Viewer,
  report: CheckedReport,
  { county: { county, timezone }, area, grid, border, owners, sensitive, workflow, process }: Placed,
): Promise<ReportReceiptModel> {
  const at = nowIso(context);
  const id = newId(context.nowMs);
  // What does not wait for an answer is sent together, here and below, in this order.
  const [, ref] = await Promise.all([
    requireAdmitted(tx, county, report.classCode, {}, "input.class"),
    reserveRefs(tx, county, 1, sensitive ? "sensitive" : "ordinary"),
  ]);
  const scopeCode = area.code;
  const step = startStep(workflow).key;
  const { clocks, dueMs } = startClocks({ ...report, county, id, process, timezone }, "found", context.nowMs);
  const inbox = await admittedInbox(tx, county, report.classCode, inboxOf(workflow, step, NOBODY, scopeCode));
  const orderNo = formatOrderNumber({ county, day: localDay(context.nowMs, timezone), sequence: ref });
  const code = reportCode(context.sealer, county, id);
  await Promise.all([
    insertCase(tx, {
      ...report,
      id,
      ref,
      sensitive,
      drawn: sensitive ? [area.lon, area.lat] : report.place,
      gridId: grid?.id ?? null,
      gridCode: grid?.code ?? null,
      scopeCode,
      border,
      openedAt: at,
      dueAt: dueMs === null ? null : new Date(dueMs).toISOString(),
      workflow: workflow.key,
      step,
      inbox: required(inbox, `inbox of workflow ${workflow.key}`),
    }),
    appendStep(tx, {
      county,
      id: newId(context.nowMs),
      incidentId: id,
      fromState: null,
      toState: "found",
      actor: viewer.role,
      at,
      note: null,
      kind: "step",
      step,
    }),
    insertClocks(tx, county, id, clocks),
    sensitive ? sealPlace(tx, county, id, report.place) : undefined,
    owners.length > 1 ? insertCandidates(tx, county, id, owners) : undefined,
    raiseAlarm(tx, { county, incidentId: id, scopeCode, sensitive, raisedAt: at, severity: report.severity }),
    insertReport(tx, { county, incidentId: id, orderNo, codeHash: hashReportCode(county, id, code), at }),
    report.contact === undefined
      ? undefined
      : putContact(tx, county, id, context.sealer.seal(report.contact, contactSeal(county, id)), at),
    keepResponse(tx, county, viewer.actor, report.key, { incident: id }),
    appendAudit(tx, county, {
      ...auditViewer(context, viewer),
      action: "incident.report",
      entity: {
        incident: toGlobalId("Incident", county, id),
        orderNo,
        class: report.classCode,
        area: scopeCode,
        sensitive,
        contact: report.contact !== undefined,
      },
      reason: null,
      at,
    }),
  ]);
  await recordCaseChange(tx, context, { county, id, ref, sensitive, scopeCode, scopeBefore: null, version: 1 }, null);
  return { county, incidentId: id, orderNo, code };
}

/** Calendar day in a zone, `yyyymmdd`. */
const localDay = (epochMs: number, timeZone: string): string =>
  new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" })
    .format(epochMs)
    .replaceAll("-", "");
