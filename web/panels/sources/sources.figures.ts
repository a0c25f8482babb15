import { INCIDENT_SOURCES, type IncidentSource } from "../../../data/model/incident.ts";
import type { FigureInput } from "../figure-input.ts";

export interface SourceFigure {
  readonly source: IncidentSource;
  readonly count: number;
}

/** Cases by how they came in, largest first. */
export function sourceFigures({ columns, rows }: FigureInput): SourceFigure[] {
  const counts = new Uint32Array(INCIDENT_SOURCES.length);
  for (const row of rows) {
    const source = columns.source[row] as number;
    counts[source] = (counts[source] as number) + 1;
  }
  return INCIDENT_SOURCES.map((source, index) => ({ source, count: counts[index] as number }))
    .filter((figure) => figure.count > 0)
    .sort((a, b) => b.count - a.count);
}
