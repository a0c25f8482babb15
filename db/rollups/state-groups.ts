import { INVALID_STATES, type IncidentState, SOLVED_STATES } from "../../data/model/incident.ts";

/** Groups of states in `incident_cell_month`. */
export const STATE_GROUPS = ["open", "solved", "invalid"] as const;
export type StateGroup = (typeof STATE_GROUPS)[number];

/** The group that a state belongs to: the same rule as `STATE_GROUP` of `rollup-sql.ts`. */
export function stateGroupOf(state: IncidentState): StateGroup {
  if (SOLVED_STATES.includes(state)) return "solved";
  return INVALID_STATES.includes(state) ? "invalid" : "open";
}
