import { barsOption } from "../common.ts";
import { type ChartStyle, type PanelInput, panelOf } from "../types.ts";
import type { SourceFigure } from "./sources.figures.ts";

/** Bars that a card has room for. */
const SHOWN = 6;

function sourcesView(figures: readonly SourceFigure[], input: PanelInput, style: ChartStyle) {
  const { t, number } = input;
  const bars = figures.slice(0, SHOWN).map(({ source, count }) => ({
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

export const sourcesPanel = panelOf<"sources">({
  id: "sources",
  title: "panel.sources.title",
  basis: "basis.opened",
  ask: () => ({ kind: "sources" }),
  draw: sourcesView,
});
