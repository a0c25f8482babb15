import { create } from "zustand";
import type { PlanUnits } from "../../../../data/blocks/plan-units.ts";
import type { PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import type { Proposal } from "../../../../data/partition/proposal.ts";

/** A proposal on the desk. */
export interface ProposalState {
  readonly state: "idle" | "running" | "done" | "failed";
  readonly error: string | undefined;
  readonly units: PlanUnits | undefined;
  /** From the fewest households moved to the best shape. */
  readonly stops: readonly Proposal[];
  /** Number of the stop on the map; undefined: what is in the making. */
  readonly chosen: number | undefined;
  /** Grid of each unit as it is in the making. */
  readonly part: Int32Array | undefined;
  /** 0 … 1. */
  readonly done: number;
  /** The plan that it was made on, with what was taken of it since. */
  readonly graph: PlanGraph | undefined;
  /** Numbers of the communities that were taken. */
  readonly taken: readonly number[];
}

export const NO_PROPOSAL: ProposalState = {
  state: "idle",
  error: undefined,
  units: undefined,
  stops: [],
  chosen: undefined,
  part: undefined,
  done: 0,
  graph: undefined,
  taken: [],
};

export const useProposal = create<ProposalState>(() => NO_PROPOSAL);

/** Grid of each unit on the map: the chosen stop's, or what is in the making. */
export const shownPart = ({ stops, chosen, part }: ProposalState): Int32Array | undefined =>
  (chosen === undefined ? undefined : stops[chosen]?.part) ?? part;

export const chooseStop = (chosen: number): void => useProposal.setState({ chosen });
