import { userError } from "../model/errors.ts";
import type { BlockGraph } from "./block-graph.ts";
import type { Proposal, ProposeOptions } from "./proposal.ts";
import { propose } from "./propose.ts";

/** How much staying counts, from "only what must move" to "draw anew". */
const STOPS: readonly Pick<ProposeOptions, "leastChange" | "onlyBad">[] = [
  { leastChange: 6, onlyBad: true },
  { leastChange: 3, onlyBad: false },
  { leastChange: 1, onlyBad: false },
  { leastChange: 0.3, onlyBad: false },
  { leastChange: 0, onlyBad: false },
];

/**
 * Divisions between fewest households moved and best shape, in that order; what another beats in grids out of range,
 * households moved and border at once is left out.
 * @throws USER error where blocks have no grid of today
 */
export function paretoStops(graph: BlockGraph, options: ProposeOptions): Proposal[] {
  if (!graph.current)
    throw userError("Least change needs the grids of today", {
      at: "current",
      hint: "Name the field that has them, or propose anew.",
    });
  const proposals = STOPS.map((stop) => propose(graph, { ...options, ...stop }));
  const kept = proposals.filter((one) => !proposals.some((other) => beats(other, one)));
  return kept.sort(
    (a, b) => a.figures.householdsMoved - b.figures.householdsMoved || a.figures.borderLength - b.figures.borderLength,
  );
}

function beats({ figures: a }: Proposal, { figures: b }: Proposal): boolean {
  const asGood =
    a.avoidable <= b.avoidable && a.householdsMoved <= b.householdsMoved && a.borderLength <= b.borderLength;
  return (
    asGood && (a.avoidable < b.avoidable || a.householdsMoved < b.householdsMoved || a.borderLength < b.borderLength)
  );
}
