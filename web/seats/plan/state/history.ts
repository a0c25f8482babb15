import type { PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";

/** A graph and the words for the gesture that made it: a key of `plan.did.*`. */
export interface Step {
  readonly graph: PlanGraph;
  readonly did: string;
}

/** Every graph since the plan was opened; they share what they do not differ in, so keeping all of them is cheap. */
export interface History {
  /** Oldest first. */
  readonly past: readonly Step[];
  readonly present: Step;
  /** The next to redo first. */
  readonly future: readonly Step[];
}

export const startHistory = (graph: PlanGraph): History => ({
  past: [],
  present: { graph, did: "opened" },
  future: [],
});

/** One gesture further; what was undone before is gone. */
export const record = ({ past, present }: History, graph: PlanGraph, did: string): History => ({
  past: [...past, present],
  present: { graph, did },
  future: [],
});

/** One gesture back; the same history when there is none. */
export function undo(history: History): History {
  const before = history.past[history.past.length - 1];
  if (!before) return history;
  return { past: history.past.slice(0, -1), present: before, future: [history.present, ...history.future] };
}

/** One gesture forth; the same history when there is none. */
export function redo(history: History): History {
  const [next, ...future] = history.future;
  if (!next) return history;
  return { past: [...history.past, history.present], present: next, future };
}
