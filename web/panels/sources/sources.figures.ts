import { INCIDENT_SOURCES, type IncidentSource } from "../../../data/model/incident.ts";
import type { FigureInput } from "../figure-input.ts";

export interface SourceFigure {
  readonly source: IncidentSource;
  readonly count: number;
}

/** Cases by how they came in, largest first. */
export function sourceFigures({ sweep }: Pick<FigureInput, "sweep">): SourceFigure[] {
  return INCIDENT_SOURCES.map((source, index) => ({ source, count: sweep.bySource[index] as number }))
    .filter((figure) => figure.count > 0)
    .sort((a, b) => b.count - a.count);
}
