import { STATE_ENDED } from "../../../data/columns/incident-columns.ts";
import { INCIDENT_STATES, type IncidentState } from "../../../data/model/incident.ts";
import { FACT } from "../../plane/facts.ts";
import type { FigureInput } from "../figure-input.ts";

export interface StateFigure {
  readonly state: IncidentState;
  readonly count: number;
  readonly ended: boolean;
}

/** Cases by state in the order of the workflow; states without cases are left out. */
export function stateFigures({ sweep }: Pick<FigureInput, "sweep">): StateFigure[] {
  const counts = new Uint32Array(INCIDENT_STATES.length);
  sweep.byFact.forEach((count, fact) => {
    const state = fact & FACT.state;
    if (count > 0) counts[state] = (counts[state] as number) + count;
  });
  return INCIDENT_STATES.map((state, index) => ({
    state,
    count: counts[index] as number,
    ended: STATE_ENDED[index] === 1,
  })).filter((figure) => figure.count > 0);
}
