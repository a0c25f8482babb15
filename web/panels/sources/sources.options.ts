import { INCIDENT_SOURCES, type IncidentSource } from "../../../data/model/incident.ts";
import { barsOption } from "../common.ts";
import type { ChartStyle, PanelDefinition, PanelInput } from "../types.ts";

/** Bars that a card has room for. */
const SHOWN = 6;

export interface SourceFigure {
  readonly source: IncidentSource;
  readonly count: number;
}

/** Cases by how they came in, largest first. */
export function sourceFigures({ columns, rows }: PanelInput): SourceFigure[] {
  const counts = new Uint32Array(INCIDENT_SOURCES.length);
  for (const row of rows) {
    const source = columns.source[row] as number;
    counts[source] = (counts[source] as number) + 1;
  }
  return INCIDENT_SOURCES.map((source, index) => ({ source, count: counts[index] as number }))
    .filter((figure) => figure.count > 0)
    .sort((a, b) => b.count - a.count);
}

function sourcesView(input: PanelInput, style: ChartStyle) {
  const { t, number } = input;
  const bars = sourceFigures(input)
    .slice(0, SHOWN)
    .map(({ source, count }) => ({
      key: source,
      name: t(`source.${source}`),
      value: count,
      color: style.accent,
      label: number(count),
    }));
  return {
    empty: bars.length === 0,
    summary: t("panel.sources.summary", { list: bars.map((bar) => `${bar.name} ${bar.label}`).join(t("mark.comma")) }),
    option: barsOption(bars, style, 6),
  };
}

export const sourcesPanel: PanelDefinition = {
  id: "sources",
  title: "panel.sources.title",
  basis: "basis.opened",
  build: sourcesView,
};
