import type { PlanGraph } from "./plan-graph.ts";

/** A graph and what led to it. */
export interface PlanStep {
  readonly graph: PlanGraph;
  /** What the gesture was, for the list of steps. */
  readonly label: string;
}

/** Steps up to now, and those undone. Immutable: graphs share what they have in common, so that steps cost little. */
export interface PlanHistory {
  /** First the graph as it was opened; the last one is now. */
  readonly done: readonly [PlanStep, ...PlanStep[]];
  /** The next one to redo is the last. */
  readonly undone: readonly PlanStep[];
}

export const historyOf = (graph: PlanGraph, label = ""): PlanHistory => ({ done: [{ graph, label }], undone: [] });

/** The graph as it is now. */
export const now = ({ done }: PlanHistory): PlanGraph => (done[done.length - 1] as PlanStep).graph;

/**
 * Adds a step: one for each gesture, with the graph at its end; frames of a drag are never steps. What was undone is
 * dropped.
 */
export const record = ({ done }: PlanHistory, graph: PlanGraph, label: string): PlanHistory => ({
  done: [...done, { graph, label }],
  undone: [],
});

/** Goes back a step; the same history when there is none. */
export function undo(history: PlanHistory): PlanHistory {
  const { done, undone } = history;
  const last = done[done.length - 1];
  if (done.length < 2 || !last) return history;
  return { done: done.slice(0, -1) as unknown as PlanHistory["done"], undone: [...undone, last] };
}

/** Goes forward a step that was undone; the same history when there is none. */
export function redo(history: PlanHistory): PlanHistory {
  const next = history.undone[history.undone.length - 1];
  return next ? { done: [...history.done, next], undone: history.undone.slice(0, -1) } : history;
}
