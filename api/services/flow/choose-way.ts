import { AppError, userError } from "../../../data/model/errors.ts";
import type { IncidentState } from "../../../data/model/incident.ts";
import type { Role } from "../../../data/policy/roles.ts";
import type { CasePlace } from "../../../data/workflow/county-workflows.ts";
import type { StepDefinition, TransitionDefinition } from "../../../data/workflow/definition.ts";
import { stepOf, waysOn } from "../../../data/workflow/walk.ts";
import type { CaseHead } from "../../../db/repositories/case-repository.ts";
import { endedConflict } from "../report/case-conflicts.ts";
import { required } from "../required.ts";

/** Who moves a case. The system (a withdrawal, a merge) has no role: it takes what side steps its own service asks for. */
export interface Mover {
  readonly role: Role | null;
  /** Row id of the account; null for tokens and for nobody. */
  readonly accountId: string | null;
}

/** A step that was asked for. */
export interface WantedStep {
  readonly to: IncidentState;
  /** Key of the step, where several stand for one state. */
  readonly step: string | null;
}

/** Where a case goes, and by which way. */
export interface ChosenWay {
  readonly way: TransitionDefinition;
  readonly to: StepDefinition;
}

/** True when an account did the work of a case, or handles it now: it does not verify it (domain.md section 2.4). */
export const isWorker = ({ handlerId, workedBy }: Pick<CaseHead, "handlerId" | "workedBy">, account: string | null) =>
  account !== null && (handlerId === account || workedBy === account);

/**
 * Finds the way that a case takes from where it is, if its mover may take it.
 *
 * @param cameFrom step before the one where it is; null where it is not known
 * @throws CONFLICT when the case has ended, BAD_USER_INPUT for a step that does not follow, FORBIDDEN for the role, or for
 * whoever did the work
 */
export function chooseWay(
  head: CaseHead,
  { workflow, step }: CasePlace,
  cameFrom: string | null,
  { role, accountId }: Mover,
  wanted: WantedStep,
): ChosenWay {
  const ways = waysOn(workflow, step.key, cameFrom).map((way) => ({
    way,
    to: required(stepOf(workflow, way.to), `step ${way.to} of workflow ${workflow.key}`),
  }));
  if (ways.length === 0) throw endedConflict("input.version", head);
  const names = (list: readonly ChosenWay[]): string =>
    [...new Set(list.map(({ to }) => `${to.state.toUpperCase()} (${to.key})`))].join(", ");
  const found = ways.filter(({ to }) => to.state === wanted.to && (wanted.step === null || to.key === wanted.step));
  if (found.length === 0)
    throw userError(`a case does not go from ${step.key} to ${wanted.step ?? wanted.to}`, {
      at: wanted.step === null ? "input.to" : "input.step",
      hint: `From here it goes to ${names(ways)}.`,
    });
  // 结 and 销号 share a state; so do the levels of mediation: the main step is meant unless another one is named.
  const main = found.filter(({ to }) => !to.side);
  const [chosen, another] = main.length > 0 ? main : found;
  if (another && wanted.step === null)
    throw userError(`several steps of ${workflow.key} stand for ${wanted.to}`, {
      at: "input.step",
      hint: `Name one of ${names(found)}.`,
    });
  const one = required(chosen, "a way that was found");
  if (role !== null && !one.way.roles.includes(role))
    throw new AppError("USER", `the role ${role} does not take the step ${one.to.key}`, {
      code: "FORBIDDEN",
      at: "input.to",
      hint: `${one.way.roles.join(" or ")} of the area does.`,
    });
  if (one.way.notByHandler && isWorker(head, accountId))
    throw new AppError("USER", "who handles a case does not verify it", {
      code: "FORBIDDEN",
      at: "input.to",
      hint: "Somebody else of the area verifies it.",
    });
  return one;
}
