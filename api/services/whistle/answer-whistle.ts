import { isRating } from "../../../data/evaluation/satisfaction.ts";
import { AppError, notFound, userError } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { isOpenState } from "../../../data/model/incident.ts";
import type { Action } from "../../../data/policy/policy.ts";
import type { Viewer } from "../../../data/policy/viewer.ts";
import type { Transaction } from "../../../db/driver.ts";
import { type CaseHead, lockCase } from "../../../db/repositories/case-repository.ts";
import { organisationsById } from "../../../db/repositories/organisation-repository.ts";
import {
  callById,
  countWhistleChange,
  endOpenWhistle,
  lockWhistle,
  setArrived,
  type WhistleHead,
  type WhistleRow,
  whistlesById,
} from "../../../db/repositories/whistle-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import type { ArrivalInput, EndWhistleInput } from "../../generated/resolvers-types.ts";
import type { CountyModel } from "../../mappers.ts";
import { once } from "../flow/once.ts";
import { requireLine } from "../flow/step-input.ts";
import { requireCase } from "../flow/transition-incident.ts";
import type { CountyFlow } from "../flow/workflows-of.ts";
import { workflowsOf } from "../flow/workflows-of.ts";
import { requireViewer } from "../report/actor.ts";
import { changingCases } from "../report/record-change.ts";
import { checkKey } from "../report/report-input.ts";
import { requireCountyOf, requireGlobalId } from "../require.ts";
import { required } from "../required.ts";
import { readWhistle } from "./read-whistle.ts";
import { followingStep, tellWhistle } from "./whistle-change.ts";

/** A whistle of a case that its viewer may see and act on. */
interface SeenWhistle {
  readonly viewer: Viewer;
  readonly county: CountyModel;
  readonly workflows: CountyFlow;
  readonly whistleId: string;
  readonly incidentId: string;
}

async function requireWhistle(
  context: RequestContext,
  viewer: Viewer,
  code: string,
  whistleId: string,
  what: string,
  action: Exclude<Action, "read">,
  at: string,
): Promise<SeenWhistle> {
  const seen = (await inCounty(context, code, (tx) => whistlesById(tx, code, [whistleId]))).get(whistleId);
  if (!seen) throw notFound(`there is no ${what}`, { at });
  const incident = toGlobalId("Incident", code, seen.incidentId);
  const { county } = await requireCase(context, viewer, incident, action, at);
  const workflows = await workflowsOf(context, county);
  return { viewer, county, workflows, whistleId, incidentId: seen.incidentId };
}

/** Locks the case, then the whistle, and compares its version. @throws CONFLICT when it was changed or has ended */
async function lockOpen(
  tx: Transaction,
  { county: { county }, whistleId, incidentId }: SeenWhistle,
  version: number,
): Promise<{ readonly head: CaseHead; readonly whistle: WhistleHead }> {
  const head = required(await lockCase(tx, county, incidentId), `incident ${incidentId}`);
  const whistle = required(await lockWhistle(tx, county, whistleId), `whistle ${whistleId}`);
  const conflict = (message: string, hint: string): AppError =>
    new AppError("USER", message, {
      code: "CONFLICT",
      at: "input.version",
      hint,
      facts: { version: whistle.version, endedAt: whistle.endedAt },
    });
  if (whistle.version !== version)
    throw conflict("somebody has changed this whistle meanwhile", "Read it again and repeat with its version.");
  if (whistle.endedAt !== null) throw conflict("this whistle has ended", "Blow another one.");
  return { head, whistle };
}

/**
 * Says that a called department is there, once per client's key; where 报到 is the next step of the case's workflow the case
 * goes there, to this department.
 *
 * @throws NOT_FOUND for what the viewer may not see, FORBIDDEN without the right to move the case, CONFLICT when the whistle
 * was changed or has ended, or the department is there already
 */
export async function reportArrival(context: RequestContext, input: ArrivalInput): Promise<WhistleRow> {
  const viewer = requireViewer(context, "Mutation.reportArrival");
  const key = checkKey(input.key);
  const { county: code, id: callId } = requireGlobalId(input.call, "WhistleCall", "input.call");
  await requireCountyOf(context, code, `call ${input.call}`, "input.call");
  const call = await inCounty(context, code, (tx) => callById(tx, code, callId));
  if (!call) throw notFound(`there is no call ${input.call}`, { at: "input.call" });
  const seen = await requireWhistle(context, viewer, code, call.whistleId, `call ${input.call}`, "move", "input.call");
  const request = {
    county: code,
    actor: viewer.actor,
    key,
    content: ["reportArrival", { call: input.call, version: input.version }],
  };
  await changingCases(context, code, (tx) =>
    once(tx, context, request, { whistle: call.whistleId }, async () => {
      const { head } = await lockOpen(tx, seen, input.version);
      if ((await setArrived(tx, code, callId, nowIso(context))) === 0)
        throw new AppError("USER", "this department is there already", {
          code: "CONFLICT",
          at: "input.call",
          hint: "Its first arrival counts.",
        });
      await countWhistleChange(tx, code, call.whistleId);
      const unit = (await organisationsById(tx, code, [call.organisationId])).get(call.organisationId);
      await tellWhistle(tx, context, {
        county: code,
        viewer,
        workflows: seen.workflows,
        head,
        action: "whistle.arrive",
        note: `报到：${unit?.name ?? ""}`,
        facts: {
          incident: toGlobalId("Incident", code, seen.incidentId),
          whistle: toGlobalId("Whistle", code, call.whistleId),
          organisation: toGlobalId("Organisation", code, call.organisationId),
        },
        step: isOpenState(head.state)
          ? followingStep(seen.workflows, head, (next) => next.state === "arrived")
          : undefined,
        organisationId: call.organisationId,
      });
    }),
  );
  return readWhistle(context, seen.county, call.whistleId);
}

/**
 * Ends a whistle with what came of it and how content the area is, once per client's key.
 *
 * @throws NOT_FOUND, FORBIDDEN, CONFLICT as above; BAD_USER_INPUT for a rating that is none or without an outcome
 */
export async function endWhistle(context: RequestContext, input: EndWhistleInput): Promise<WhistleRow> {
  const viewer = requireViewer(context, "Mutation.endWhistle");
  const key = checkKey(input.key);
  const outcome = requireLine(input.outcome, "input.outcome", "Say in a line what came of it.");
  const rating = requireRating(input.rating, "input.rating");
  const { county: code, id } = requireGlobalId(input.id, "Whistle", "input.id");
  await requireCountyOf(context, code, `whistle ${input.id}`, "input.id");
  const seen = await requireWhistle(context, viewer, code, id, `whistle ${input.id}`, "supervise", "input.id");
  const request = {
    county: code,
    actor: viewer.actor,
    key,
    content: ["endWhistle", { id: input.id, version: input.version, outcome, rating }],
  };
  await changingCases(context, code, (tx) =>
    once(tx, context, request, { whistle: id }, async () => {
      const { head } = await lockOpen(tx, seen, input.version);
      await endOpenWhistle(tx, code, id, { at: nowIso(context), outcome, rating });
      await tellWhistle(tx, context, {
        county: code,
        viewer,
        workflows: seen.workflows,
        head,
        action: "whistle.end",
        note: `吹哨结束：${outcome}（${rating}分）`,
        facts: { incident: toGlobalId("Incident", code, seen.incidentId), whistle: input.id, rating },
      });
    }),
  );
  return readWhistle(context, seen.county, id);
}

/** A rating of 1 … 5. */
export function requireRating(rating: number, at: string): number {
  if (isRating(rating)) return rating;
  throw userError(`${rating} is no rating`, { at, hint: "1 (not content at all) to 5 (very content)." });
}
