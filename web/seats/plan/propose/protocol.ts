import type { BorderLine } from "../../../../data/blocks/border-lines.ts";
import type { Home } from "../../../../data/blocks/homes.ts";
import type { CellToDivide, PlanUnits } from "../../../../data/blocks/plan-units.ts";
import type { ObjectiveChoice } from "../../../../data/partition/objectives.ts";
import type { Proposal } from "../../../../data/partition/proposal.ts";

/** What the worker is asked. */
export interface ProposeRequest {
  readonly cells: readonly CellToDivide[];
  readonly lines: readonly BorderLine[];
  readonly homes: readonly Home[];
  readonly min: number;
  readonly max: number;
  readonly seed: number;
  readonly sweeps: number;
  readonly objective: ObjectiveChoice;
  /** Open cases by place, for the workload. */
  readonly incidents: readonly (readonly [lon: number, lat: number])[];
}

/** What the worker tells, in this order: the units, looks at what is in the making, and the stops or why there are none. */
export type FromWorker =
  | { readonly kind: "units"; readonly units: PlanUnits }
  | { readonly kind: "progress"; readonly done: number; readonly part: Int32Array }
  /** From the fewest households moved to the best shape. */
  | { readonly kind: "end"; readonly stops: readonly Proposal[] }
  | { readonly kind: "failed"; readonly message: string };
