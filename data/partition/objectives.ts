import { userError } from "../model/errors.ts";
import type { BlockGraph } from "./block-graph.ts";

/** What grids are to have alike, apart from `min` to `max` households that hold always. */
export interface Objective {
  /** Work of each block, whole numbers from 0. */
  readonly load: (graph: BlockGraph, weights: WorkWeights) => Int32Array;
}

/** What counts as work, in household equivalents: an open case is worth so many households, a hectare to walk so many. */
export interface WorkWeights {
  readonly household: number;
  readonly incident: number;
  readonly hectare: number;
}

export interface ObjectiveChoice {
  readonly kind: ObjectiveKind;
  readonly weights?: Partial<WorkWeights>;
  /** How much even loads count beside short borders: 1 where absent, 2 makes them nearer alike, 0.5 borders shorter. */
  readonly balance?: number;
}

export type ObjectiveKind = "households" | "workload";

/** Assumed until a county says otherwise: a case open now is as much work as 20 households, a hectare as 5. */
export const DEFAULT_WEIGHTS: WorkWeights = { household: 1, incident: 20, hectare: 5 };

const SQUARE_METRES_PER_HECTARE = 10_000;

export const OBJECTIVES: Readonly<Record<ObjectiveKind, Objective>> = {
  households: { load: (graph) => graph.households },
  workload: {
    load: (graph, { household, incident, hectare }) =>
      Int32Array.from({ length: graph.count }, (_, v) =>
        Math.round(
          (graph.households[v] as number) * household +
            (graph.incidents?.[v] ?? 0) * incident +
            ((graph.area[v] as number) / SQUARE_METRES_PER_HECTARE) * hectare,
        ),
      ),
  },
};

/**
 * Work of each block by the chosen objective.
 * @throws USER error for weights that are negative or not finite
 */
export function loadOf(graph: BlockGraph, choice: ObjectiveChoice | undefined): Int32Array {
  const weights = { ...DEFAULT_WEIGHTS, ...choice?.weights };
  for (const [name, value] of Object.entries(weights))
    if (!(value >= 0 && Number.isFinite(value)))
      throw userError(`Weight ${name} is ${value}`, {
        at: `objective.weights.${name}`,
        hint: "Weights are numbers from 0.",
      });
  const balance = choice?.balance ?? 1;
  if (!(balance >= 0 && Number.isFinite(balance)))
    throw userError(`Balance ${balance}`, { at: "objective.balance", hint: "A number from 0." });
  return OBJECTIVES[choice?.kind ?? "households"].load(graph, weights);
}
