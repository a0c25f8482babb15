import { barsOption } from "../common.ts";
import { type ChartStyle, type PanelInput, panelOf } from "../types.ts";
import type { ClassFigure } from "./classes.figures.ts";

const SHOWN = 6;

function classesView(figures: readonly ClassFigure[], input: PanelInput, style: ChartStyle) {
  const { t, number, className } = input;
  const shown = figures.length > SHOWN ? figures.slice(0, SHOWN - 1) : figures;
  const rest = figures.slice(shown.length).reduce((sum, figure) => sum + figure.count, 0);
  const bars = shown.map((figure) => ({
    key: figure.code,
    name: className(figure.code),
    value: figure.count,
    color: style.accent,
    label: number(figure.count),
  }));
  if (rest) bars.push({ key: "", name: t("figure.otherClasses"), value: rest, color: style.idle, label: number(rest) });
  return {
    empty: figures.length === 0,
    summary: t("panel.classes.summary", {
      list: bars.map((bar) => `${bar.name} ${bar.label}`).join(t("mark.comma")),
    }),
    option: barsOption(bars, style, 6.8),
  };
}

export const classesPanel = panelOf<"classes">({
  id: "classes",
  title: "panel.classes.title",
  basis: "basis.opened",
  ask: () => ({ kind: "classes" }),
  draw: classesView,
});
