import { mayAct } from "../../../data/policy/viewer.ts";
import type { StepDefinition, StepRequirement } from "../../../data/workflow/definition.ts";
import { stepOf, stepOfState, waysOn } from "../../../data/workflow/walk.ts";
import type { RequestContext } from "../../context.ts";
import type { IncidentRow } from "../../mappers.ts";
import { eventsOfIncident, handlingOfIncident } from "../loaders.ts";
import { requireCounty } from "../require.ts";
import { required } from "../required.ts";
import { isWorker } from "./choose-way.ts";
import { workflowsOf } from "./workflows-of.ts";

/** A way on that is open to the viewer. */
export interface NextStepModel {
  readonly step: StepDefinition;
  readonly name: string;
  readonly nameEn: string;
  readonly requires: readonly StepRequirement[];
  readonly refusal: string | null;
  readonly refusalEn: string | null;
}

/** Nobody judges their own work (domain.md 2.4). */
const OWN_WORK = { zh: "谁办的事，不由谁核查、评价。", en: "Who handles a case does not verify it." } as const;

/** The ways on from where a case is that the viewer's role may take, by the same rule that `stepCase` moves it. */
export async function nextStepsOf(context: RequestContext, incident: IncidentRow): Promise<NextStepModel[]> {
  const { viewer } = context;
  const { county, id, scopeCode } = incident;
  if (!viewer || !mayAct(viewer, "move", scopeCode ?? county)) return [];
  const { workflow, step } = (await workflowsOf(context, await requireCounty(context, county))).place(incident);
  const events = (await eventsOfIncident(context, county).load(id)) ?? [];
  const [last, earlier] = events.filter(({ kind }) => kind === "step").reverse();
  const cameFrom = earlier?.step ?? (last?.fromState ? (stepOfState(workflow, last.fromState)?.key ?? null) : null);
  const handling = required(await handlingOfIncident(context, county).load(id), `incident ${id}`);
  const isOwnWork = isWorker(handling, viewer.accountId);
  return waysOn(workflow, step.key, cameFrom)
    .filter(({ roles }) => roles.includes(viewer.role))
    .map(({ to, name, nameEn, requires, notByHandler }) => ({
      step: required(stepOf(workflow, to), `step ${to} of workflow ${workflow.key}`),
      name,
      nameEn,
      requires,
      refusal: notByHandler && isOwnWork ? OWN_WORK.zh : null,
      refusalEn: notByHandler && isOwnWork ? OWN_WORK.en : null,
    }));
}
