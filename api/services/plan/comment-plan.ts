import { AppError, notFound, userError } from "../../../data/model/errors.ts";
import { fromLattice, toLattice } from "../../../data/model/geometry.ts";
import type { PlanAnchor } from "../../../data/planning/plan.ts";
import { requireCleanText } from "../../../data/policy/free-text.ts";
import { mayAct, type Viewer } from "../../../data/policy/viewer.ts";
import { planEventById, settleThread } from "../../../db/repositories/plan-event-repository.ts";
import { lockPlan, type PlanRow, touchPlan } from "../../../db/repositories/plan-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import type { PlanCommentInput } from "../../generated/resolvers-types.ts";
import { once } from "../flow/once.ts";
import { requireViewer } from "../report/actor.ts";
import { changingCases } from "../report/record-change.ts";
import { checkKey } from "../report/report-input.ts";
import { requireGlobalId, requirePosition } from "../require.ts";
import { required } from "../required.ts";
import { readPlan, requirePlan } from "./read-plan.ts";
import { recordPlan } from "./record-plan.ts";

const TEXT_LENGTH = 2000;
/** Control characters but line breaks. */
const CONTROL = /[^\P{Cc}\n]/u;

/** Who plans or reviews there may say something. */
function requireVoice(context: RequestContext, plan: PlanRow, at: string): Viewer {
  const viewer = requireViewer(context, at);
  if (mayAct(viewer, "plan", plan.scopeCode) || mayAct(viewer, "approve", plan.scopeCode)) return viewer;
  throw new AppError("USER", `the role ${viewer.role} says nothing of plans here`, {
    code: "FORBIDDEN",
    at,
    hint: "Planners and leaders of the area do.",
  });
}

function checkText(value: string): string {
  const text = value.replaceAll("\r\n", "\n").trim();
  if (text === "" || text.length > TEXT_LENGTH || CONTROL.test(text))
    throw userError("the comment is not a text", { at: "input.text", hint: `1 to ${TEXT_LENGTH} characters.` });
  return requireCleanText(text, "input.text");
}

function anchorOf({ cells, lon, lat }: PlanCommentInput): PlanAnchor | null {
  const pinned = [...(cells ?? [])];
  if (pinned.length > 2 || pinned.some((cell) => cell.length > 40))
    throw userError("a comment is pinned to one cell or to the border of two", { at: "input.cells" });
  if (lon == null || lat == null) return pinned.length > 0 ? { cells: pinned, point: null } : null;
  requirePosition(lon, lat);
  return { cells: pinned, point: [fromLattice(toLattice(lon)), fromLattice(toLattice(lat))] };
}

/**
 * Says something of a plan, in any state of it, once per client's key.
 *
 * @throws BAD_USER_INPUT for what may not be written, FORBIDDEN for roles that neither plan nor review, NOT_FOUND for another
 * plan's thread
 */
export async function commentPlan(context: RequestContext, input: PlanCommentInput): Promise<PlanRow> {
  const key = checkKey(input.key);
  const plan = await requirePlan(context, input.id, "input.id");
  const viewer = requireVoice(context, plan, "input.id");
  const text = checkText(input.text);
  const anchor = anchorOf(input);
  const { county, id } = plan;
  const thread = input.thread == null ? null : (await requireThread(context, input.thread, id)).id;
  const content = ["commentPlan", { id, text, anchor, thread }];
  await changingCases(context, county, (tx) =>
    once(tx, context, { county, actor: viewer.actor, key, content }, { plan: id }, async () => {
      const { revision } = required(await lockPlan(tx, county, id), `plan ${id}`);
      await touchPlan(tx, county, id, nowIso(context));
      await recordPlan(tx, context, {
        viewer,
        plan,
        revision,
        action: "plan.comment",
        event: { kind: "comment", text, anchor, thread },
      });
    }),
  );
  return readPlan(context, county, id);
}

/** The first comment of a thread, of a plan that the viewer sees. */
async function requireThread(context: RequestContext, text: string, plan?: string) {
  const { county, id } = requireGlobalId(text, "PlanEvent", "thread");
  const event = await inCounty(context, county, (tx) => planEventById(tx, county, id));
  if (event?.kind === "comment" && event.thread === null && (plan === undefined || event.planId === plan)) return event;
  throw notFound("there is no such thread", { at: "thread" });
}

/** Settles a thread, or opens it again. Doing it twice is doing it once. */
export async function resolveComment(context: RequestContext, text: string, resolved: boolean): Promise<PlanRow> {
  requireViewer(context, "Mutation.resolveComment");
  const { county, planId, id } = await requireThread(context, text);
  const plan = await readPlan(context, county, planId);
  const viewer = requireVoice(context, plan, "id");
  await changingCases(context, county, async (tx) => {
    const { revision } = required(await lockPlan(tx, county, planId), `plan ${planId}`);
    await settleThread(tx, county, id, resolved ? viewer.name : null, nowIso(context));
    await touchPlan(tx, county, planId, nowIso(context));
    await recordPlan(tx, context, { viewer, plan, revision, action: "plan.resolve", facts: { thread: id, resolved } });
  });
  return readPlan(context, county, planId);
}
