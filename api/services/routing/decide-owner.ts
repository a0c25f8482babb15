import { AppError, notFound, userError } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { ENDED_STATES } from "../../../data/model/incident.ts";
import { mayAct, type Viewer } from "../../../data/policy/viewer.ts";
import type { CountyWorkflows } from "../../../data/workflow/county-workflows.ts";
import { inboxOf } from "../../../data/workflow/ownership.ts";
import type { Transaction } from "../../../db/driver.ts";
import { appendAudit } from "../../../db/repositories/audit-repository.ts";
import { candidatesOf, deleteCandidates, findUndecided } from "../../../db/repositories/candidate-repository.ts";
import { appendStep, type CaseHead, handSealedRows, lockCase } from "../../../db/repositories/case-repository.ts";
import { followCases, oneCase } from "../../../db/repositories/case-rows.ts";
import type { CaseOwner } from "../../../db/repositories/flow-repository.ts";
import { incidentsById } from "../../../db/repositories/incident-repository.ts";
import { reownCase } from "../../../db/repositories/owner-repository.ts";
import { rollupCase } from "../../../db/rollups/apply-delta.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import type { MutationDecideOwnerArgs } from "../../generated/resolvers-types.ts";
import type { AreaRow, IncidentRow } from "../../mappers.ts";
import { once } from "../flow/once.ts";
import { workflowsOf } from "../flow/workflows-of.ts";
import { areaByCode, readingOf } from "../loaders.ts";
import { newId } from "../new-id.ts";
import { auditViewer, requireViewer } from "../report/actor.ts";
import { changedConflict, endedConflict } from "../report/case-conflicts.ts";
import { changingCases, recordCaseChange } from "../report/record-change.ts";
import { checkKey } from "../report/report-input.ts";
import { requireCounty, requireGlobalId } from "../require.ts";
import { required } from "../required.ts";
import { admittedInbox } from "./require-admitted.ts";

/**
 * Decides which candidate owns a case near a border, once per client's key. Whoever supervises a candidate may take the case
 * for it; to give it to somebody else one must supervise that area as well, so that nobody pushes a case across the border.
 *
 * @throws NOT_FOUND for a case that the viewer does not see as a candidate, FORBIDDEN for an area that the viewer does not
 * supervise, CONFLICT when it was changed or decided, BAD_USER_INPUT for an area that is no candidate
 */
export async function decideOwner(
  context: RequestContext,
  input: MutationDecideOwnerArgs["input"],
): Promise<IncidentRow> {
  const viewer = requireViewer(context, "Mutation.decideOwner");
  const { county, id } = requireGlobalId(input.id, "Incident", "input.id");
  const key = checkKey(input.key);
  const model = await requireCounty(context, county, "input.id");
  const reading = readingOf(context, model);
  const read = () => inCounty(context, county, (tx) => incidentsById(tx, reading, [id]));
  const seen = (await inCounty(context, county, (tx) => findUndecided(tx, county, id))) ?? (await read()).get(id);
  if (!seen) throw notFound(`there is no incident ${input.id}`, { at: "input.id" });
  if (!mayAct(viewer, "supervise", input.area))
    throw new AppError("USER", `the area ${input.area} is not yours to decide for`, {
      code: "FORBIDDEN",
      at: "input.area",
      hint: "Take the case for your own area, or leave it to whoever supervises all its candidates.",
    });
  const area = await areaByCode(context, county, nowIso(context)).load(input.area);
  if (!area) throw userError(`there is no area ${input.area}`, { at: "input.area", hint: NAME_ONE });
  const workflows = await workflowsOf(context, model);
  const content = ["decideOwner", input.id, input.version, input.area];
  await changingCases(context, county, (tx) =>
    once(tx, context, { county, actor: viewer.actor, key, content }, { incident: id }, () =>
      decide(tx, context, viewer, county, id, input.version, area, workflows),
    ),
  );
  return required((await read()).get(id), `incident ${input.id}`);
}

const NAME_ONE = "UndecidedCase.candidates names those that it may be.";

async function decide(
  tx: Transaction,
  context: RequestContext,
  viewer: Viewer,
  county: string,
  id: string,
  version: number,
  area: AreaRow,
  workflows: CountyWorkflows,
): Promise<void> {
  const before = await lockCase(tx, county, id);
  if (!before) throw notFound("there is no such incident", { at: "input.id" });
  if (before.version !== version) throw changedConflict("input.version", before);
  if (ENDED_STATES.includes(before.state)) throw endedConflict("input.id", before);
  const candidates = await candidatesOf(tx, county, id);
  if (candidates.length === 0) throw decidedConflict(before);
  if (!candidates.includes(area.code))
    throw userError(`${area.code} is no candidate of this case`, { at: "input.area", hint: NAME_ONE });
  const at = nowIso(context);
  const counted = await rollupCase(tx, county, id);
  const grid = await gridOf(context, county, area);
  const moved = before.scopeCode !== area.code;
  await reownCase(tx, county, id, {
    code: area.code,
    gridId: grid?.id ?? null,
    gridCode: grid?.code ?? null,
    drawn: before.sensitive ? [area.lon, area.lat] : null,
    ...(moved ? await newOwner(tx, workflows, county, before, area.code) : ownerOf(before)),
  });
  if (moved && before.handlerId !== null) await handSealedRows(tx, county, id, null);
  await appendStep(tx, {
    county,
    id: newId(context.nowMs),
    incidentId: id,
    fromState: before.state,
    toState: before.state,
    actor: viewer.role,
    at,
    note: null,
    kind: "owner",
    step: null,
  });
  if (moved) await followCases(tx, county, oneCase(id));
  await deleteCandidates(tx, county, id);
  await recordCaseChange(
    tx,
    context,
    {
      ...before,
      county,
      scopeCode: area.code,
      scopeBefore: before.scopeCode,
      version: version + 1,
      decidedAmong: candidates,
    },
    counted,
  );
  await appendAudit(tx, county, {
    ...auditViewer(context, viewer),
    action: "incident.owner",
    entity: { incident: toGlobalId("Incident", county, id), area: area.code, before: before.scopeCode, candidates },
    reason: null,
    at,
  });
}

type Owner = Omit<CaseOwner, "organisationId">;

const ownerOf = ({ handlerId, postId, inboxRole, inboxArea }: CaseHead): Owner => ({
  handlerId,
  postId,
  inbox: inboxRole !== null && inboxArea !== null ? { role: inboxRole, area: inboxArea } : null,
});

/** Who has a case that goes to another area: its unit still, else the inbox there; nobody of the area that it leaves. */
async function newOwner(
  tx: Transaction,
  workflows: CountyWorkflows,
  county: string,
  before: CaseHead,
  area: string,
): Promise<Owner> {
  const { workflow, step } = workflows.place(before);
  const left = { handlerId: null, postId: null, organisationId: before.organisationId };
  return { ...left, inbox: await admittedInbox(tx, county, before.classCode, inboxOf(workflow, step.key, left, area)) };
}

/** The basic grid of an area: itself, or the one that a micro-grid lies in; null for a village without grids. */
async function gridOf(context: RequestContext, county: string, area: AreaRow): Promise<AreaRow | null> {
  if (area.level === "grid") return area;
  if (area.level !== "micro") return null;
  return (await areaByCode(context, county, nowIso(context)).load(area.code.slice(0, 15))) ?? null;
}

/** Somebody else has decided it. */
const decidedConflict = ({ version }: CaseHead): AppError =>
  new AppError("USER", "the owner of this case is decided", {
    code: "CONFLICT",
    at: "input.id",
    hint: `It is at version ${version}: read it again.`,
  });
