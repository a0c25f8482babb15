import { AppError, userError } from "../../../data/model/errors.ts";
import { toGlobalId, type Uuid } from "../../../data/model/ids.ts";
import { formatOrderNumber } from "../../../data/model/order-number.ts";
import { mayAct, type Viewer } from "../../../data/policy/viewer.ts";
import type { WorkflowDefinition } from "../../../data/workflow/definition.ts";
import { inboxOf } from "../../../data/workflow/ownership.ts";
import type { CountyProcess } from "../../../data/workflow/process.ts";
import { startStep } from "../../../data/workflow/walk.ts";
import type { Transaction } from "../../../db/driver.ts";
import { type AdmissionRow, refusingItems } from "../../../db/repositories/admission-repository.ts";
import { appendAudit } from "../../../db/repositories/audit-repository.ts";
import { insertCandidates } from "../../../db/repositories/candidate-repository.ts";
import { sealPlace } from "../../../db/repositories/case-repository.ts";
import { classesOfCode } from "../../../db/repositories/class-code-repository.ts";
import { putContact } from "../../../db/repositories/contact-repository.ts";
import { reserveRefs } from "../../../db/repositories/counter-repository.ts";
import { useKey } from "../../../db/repositories/idempotency-repository.ts";
import { insertCase } from "../../../db/repositories/new-case-repository.ts";
import { orderNumberOf } from "../../../db/repositories/report-repository.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import type { MutationReportIncidentArgs } from "../../generated/resolvers-types.ts";
import type { CountyModel, ReportReceiptModel } from "../../mappers.ts";
import { raiseAlarm } from "../alarm/raise-alarm.ts";
import { startClocks } from "../clock/move-clocks.ts";
import { workflowsOf } from "../flow/workflows-of.ts";
import { countyOf } from "../loaders.ts";
import { type Place, placeInCounty } from "../locate.ts";
import { newId } from "../new-id.ts";
import { required } from "../required.ts";
import { inboxByList, refuseByList } from "../routing/require-admitted.ts";
import { auditViewer, requireViewer } from "./actor.ts";
import { sealContact } from "./contact-seal.ts";
import { changingCases, recordNewCase } from "./record-change.ts";
import { hashReportCode, reportCode } from "./report-code.ts";
import { type CheckedReport, checkReport } from "./report-input.ts";

/** A new case belongs to nobody yet: it waits in an inbox. */
const NOBODY = { handlerId: null, postId: null, organisationId: null };

/** Where a report lies, and what follows from it. */
interface Placed extends Pick<Place, "area" | "grid" | "border"> {
  readonly county: CountyModel;
  /** Codes of all areas within 5 m: more than one where nobody knows yet whose the case is. */
  readonly owners: readonly string[];
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
  const { county, name } = placed.county;
  const id = newId(context.nowMs);
  return changingCases(context, county, async (tx) => {
    const hash = requestHash(context, report);
    // What does not wait for an answer is sent together, here and below, in this order.
    const [use, classes, refusing] = await Promise.all([
      useKey(tx, county, viewer.actor, report.key, hash, nowIso(context), { incident: id }),
      classesOfCode(tx, county, report.classCode),
      refusingItems(tx, county),
    ]);
    if (classes.length === 0)
      throw userError(`there is no class ${report.classCode} in ${name}`, {
        at: "input.class",
        hint: "Query.classCodes lists the classes of the county.",
      });
    if (use.hits === 1) {
      refuseByList(refusing, report.classCode, {}, "input.class");
      const sensitive = classes.some((one) => one.sensitive);
      return writeReport(tx, context, viewer, { ...report, id, sensitive }, placed, refusing);
    }
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
  const place = await placeInCounty(context, report.county, report.place, nowIso(context));
  const county = place && (await countyOf(context, report.county));
  if (!county)
    throw userError(`the point ${lon}, ${lat} lies outside county ${report.county}`, {
      at: "input.lon",
      hint: "Longitude comes first, degrees WGS 84.",
    });
  if (!mayAct(viewer, "report", place.area.code))
    throw new AppError("USER", "this place lies outside your own area, or your role reports nothing", {
      code: "FORBIDDEN",
      at: "input",
      hint: "Report under a grant that holds the place, or hand it to the area's own staff.",
    });
  const { choose, process } = await workflowsOf(context, county);
  return { ...place, county, owners: place.owners.map(({ code }) => code), workflow: choose(report), process };
}

/** A keyed hash: a contact is short enough to be guessed from a plain one. */
const requestHash = (context: RequestContext, { key: _, ...content }: CheckedReport): string =>
  Buffer.from(context.sealer.digest("request", JSON.stringify(["reportIncident", content]))).toString("base64url");

async function writeReport(
  tx: Transaction,
  context: RequestContext,
  viewer: Viewer,
  report: CheckedReport & { readonly id: Uuid; readonly sensitive: boolean },
  { county: { county, timezone }, area, grid, border, owners, workflow, process }: Placed,
  refusing: readonly AdmissionRow[],
): Promise<ReportReceiptModel> {
  const at = nowIso(context);
  const { id, sensitive } = report;
  const ref = await reserveRefs(tx, county, 1, sensitive ? "sensitive" : "ordinary");
  const scopeCode = area.code;
  const step = startStep(workflow).key;
  const { clocks, dueMs } = startClocks({ ...report, county, process, timezone }, "found", context.nowMs);
  const inbox = inboxByList(refusing, report.classCode, inboxOf(workflow, step, NOBODY, scopeCode));
  const orderNo = formatOrderNumber({ county, day: localDay(context.nowMs, timezone), sequence: ref });
  const code = reportCode(context.sealer, county, id);
  const candidates = owners.length > 1 ? owners : [];
  const [counted] = await Promise.all([
    insertCase(
      tx,
      {
        ...report,
        ref,
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
      },
      {
        eventId: newId(context.nowMs),
        actor: viewer.role,
        clocks,
        orderNo,
        codeHash: hashReportCode(county, id, code),
      },
    ),
    sensitive ? sealPlace(tx, county, id, report.place) : undefined,
    candidates.length > 0 ? insertCandidates(tx, county, id, candidates) : undefined,
    raiseAlarm(tx, { county, incidentId: id, scopeCode, sensitive, raisedAt: at, severity: report.severity }),
    report.contact === undefined
      ? undefined
      : putContact(tx, county, id, sealContact(context.sealer, county, id, report.contact, context.nowMs), at),
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
  await recordNewCase(tx, context, { county, id, ref, sensitive, scopeCode, version: 1 }, counted, candidates);
  return { county, incidentId: id, orderNo, code };
}

/** Calendar day in a zone, `yyyymmdd`. */
const localDay = (epochMs: number, timeZone: string): string =>
  new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" })
    .format(epochMs)
    .replaceAll("-", "");
