import { STATE_ENDED } from "../../../data/columns/incident-columns.ts";
import { INCIDENT_STATES, type IncidentState } from "../../../data/model/incident.ts";
import type { FigureInput } from "../figure-input.ts";

export interface StateFigure {
  readonly state: IncidentState;
  readonly count: number;
  readonly ended: boolean;
}

/** Cases by state in the order of the workflow; states without cases are left out. */
export function stateFigures({ columns, rows }: FigureInput): StateFigure[] {
  const counts = new Uint32Array(INCIDENT_STATES.length);
  for (const row of rows) {
    const state = columns.state[row] as number;
    counts[state] = (counts[state] as number) + 1;
  }
  return INCIDENT_STATES.map((state, index) => ({
    state,
    count: counts[index] as number,
    ended: STATE_ENDED[index] === 1,
  })).filter((figure) => figure.count > 0);
}
