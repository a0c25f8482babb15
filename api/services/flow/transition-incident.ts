import { AppError, notFound, userError } from "../../../data/model/errors.ts";
import { ACT, type Action } from "../../../data/policy/policy.ts";
import { mayAct, type Viewer } from "../../../data/policy/viewer.ts";
import { incidentsById } from "../../../db/repositories/incident-repository.ts";
import { inCounty, type RequestContext } from "../../context.ts";
import type { TransitionInput } from "../../generated/resolvers-types.ts";
import type { CountyModel, IncidentRow, TransitionOutcomeModel } from "../../mappers.ts";
import { readingOf } from "../loaders.ts";
import { auditViewer, requireViewer } from "../report/actor.ts";
import { changingCases } from "../report/record-change.ts";
import { checkKey } from "../report/report-input.ts";
import { requireCounty, requireGlobalId } from "../require.ts";
import { required } from "../required.ts";
import { once } from "./once.ts";
import { stepCase } from "./step-case.ts";
import { checkLine } from "./step-input.ts";
import { checkTarget } from "./target.ts";
import { workflowsOf } from "./workflows-of.ts";

/** A case that its viewer may see, in an area where they may act. */
export interface SeenCase {
  readonly county: CountyModel;
  /** Row id. */
  readonly id: string;
  /** Reads it as it is now. */
  readonly read: () => Promise<IncidentRow>;
}

/**
 * The case of a mutation, as its viewer sees it.
 *
 * @param text global id
 * @param at argument that names it
 * @throws NOT_FOUND for what the viewer may not see, FORBIDDEN without the right to act there
 */
export async function requireCase(
  context: RequestContext,
  viewer: Viewer,
  text: string,
  action: Exclude<Action, "read">,
  at = "input.id",
): Promise<SeenCase> {
  const { county: code, id } = requireGlobalId(text, "Incident", at);
  const county = await requireCounty(context, code, at);
  const reading = readingOf(context, county);
  const find = () => inCounty(context, code, (tx) => incidentsById(tx, reading, [id]));
  const seen = (await find()).get(id);
  if (!seen) throw notFound(`there is no incident ${text}`, { at });
  if (!mayAct(viewer, action, seen.scopeCode ?? code))
    throw new AppError("USER", `the role ${viewer.role} does not do this here`, {
      code: "FORBIDDEN",
      at,
      hint: `${ACT[action].join(" or ")} of the area does.`,
    });
  return { county, id, read: async () => required((await find()).get(id), `incident ${text}`) };
}

/**
 * Moves a case to another step, once per client's key (data rule 10).
 *
 * @throws NOT_FOUND for what the viewer may not see, FORBIDDEN without the right to move it, CONFLICT when it was changed
 * or has ended or the key was used for something else, BAD_USER_INPUT for a step that does not follow or lacks what it needs
 */
export async function transitionIncident(context: RequestContext, input: TransitionInput): Promise<IncidentRow> {
  const viewer = requireViewer(context, "Mutation.transitionIncident");
  const key = checkKey(input.key);
  const texts = {
    note: checkLine(input.note, "input.note"),
    reason: checkLine(input.reason, "input.reason"),
    resolution: checkLine(input.resolution, "input.resolution"),
  };
  const { county, id, read } = await requireCase(context, viewer, input.id, "move");
  const target = checkTarget(county.county, input);
  const wanted = { to: input.to, step: input.step ?? null };
  const workflows = await workflowsOf(context, county);
  const content = ["transitionIncident", { id: input.id, version: input.version, ...wanted, ...texts, ...target }];
  const request = { county: county.county, actor: viewer.actor, key, content };
  await changingCases(context, county.county, (tx) =>
    once(tx, context, request, { incident: id }, async () => {
      await stepCase(tx, context, {
        county: county.county,
        workflows,
        id,
        version: input.version,
        wanted,
        ...texts,
        target,
        mover: viewer,
        actor: viewer.role,
        audit: { ...auditViewer(context, viewer), action: "incident.transition" },
      });
    }),
  );
  return read();
}

const MOST_AT_ONCE = 100;

/**
 * Takes several steps, each in a transaction of its own: one that is refused stops none of the others.
 *
 * @throws BAD_USER_INPUT for more than a hundred
 */
export async function transitionIncidents(
  context: RequestContext,
  inputs: readonly TransitionInput[],
): Promise<TransitionOutcomeModel[]> {
  if (inputs.length > MOST_AT_ONCE)
    throw userError(`more than ${MOST_AT_ONCE} steps at once`, {
      at: "inputs",
      hint: "Send them in several requests.",
    });
  const outcomes: TransitionOutcomeModel[] = [];
  for (const input of inputs) {
    try {
      const incident = await transitionIncident(context, input);
      outcomes.push({ id: input.id, incident, code: null, message: null });
    } catch (error) {
      // What is no answer to this one step (a bug, the database) is the request's own failure.
      if (!(error instanceof AppError) || error.kind === "BUG") throw error;
      outcomes.push({ id: input.id, incident: null, code: error.code, message: error.message });
    }
  }
  return outcomes;
}
