import { issuesOf, type PlanIssue } from "../../../../data/coverage/plan-graph/plan-checks.ts";
import type { Figures } from "./figures.ts";

/** Issues of a plan: those that it makes, and those that were there before. */
export interface SortedIssues {
  readonly own: readonly PlanIssue[];
  readonly before: readonly PlanIssue[];
}

const keyOf = ({ kind, cells }: PlanIssue): string => `${kind} ${cells.join()}`;

/** Parts what a plan is at fault with from what is so today; both can be repaired. */
export function sortIssues(base: Figures, now: Figures): SortedIssues {
  const today = new Map<string, number>();
  for (const issue of issuesOf(base.checks)) today.set(keyOf(issue), (today.get(keyOf(issue)) ?? 0) + 1);
  const own: PlanIssue[] = [];
  const before: PlanIssue[] = [];
  for (const issue of issuesOf(now.checks)) {
    const left = today.get(keyOf(issue)) ?? 0;
    today.set(keyOf(issue), left - 1);
    (left > 0 ? before : own).push(issue);
  }
  return { own, before };
}
