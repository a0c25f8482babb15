import type { PublishedCell } from "../../data/cube-store.ts";
import { barsOption } from "../common.ts";
import { type CubePanelDefinition, type CubePanelInput, markText } from "../cube-types.ts";
import type { ChartStyle } from "../types.ts";

const SHOWN = 8;

/** Published cells of the area itself, one per major and kind: numbers first, largest first, then what is withheld. */
export function publishedFigures({ cells, area }: Pick<CubePanelInput, "cells" | "area">): PublishedCell[] {
  // A grid has no cell of its own: its community stands for it.
  const code = area.slice(0, 12);
  return cells
    .filter((cell) => cell.areaCode === code)
    .sort((a, b) => (b.count ?? -1) - (a.count ?? -1) || (a.major < b.major ? -1 : 1));
}

function publishedView(input: CubePanelInput, style: ChartStyle) {
  const { t, className } = input;
  const figures = publishedFigures(input);
  const majors = new Set(figures.filter(({ sensitive }) => !sensitive).map(({ major }) => major));
  const bars = figures.slice(0, SHOWN).map((cell) => ({
    key: cell.major,
    // A major of street order also holds one class about people, which is counted apart.
    name:
      cell.sensitive && majors.has(cell.major)
        ? t("cube.people", { name: className(cell.major) })
        : className(cell.major),
    value: cell.count ?? 0,
    color: cell.sensitive ? style.idle : style.accent,
    label: markText(cell, input),
  }));
  return {
    empty: bars.length === 0,
    summary: t("panel.published.summary", {
      month: input.month,
      list: bars.map((bar) => `${bar.name} ${bar.label}`).join(t("mark.comma")),
    }),
    option: barsOption(bars, style, 7.6),
  };
}

/** Cases of the newest month by class, as published: what visitors see, and others of places outside their area. */
export const publishedPanel: CubePanelDefinition = {
  id: "published",
  title: "panel.published.title",
  basis: "basis.cube",
  build: publishedView,
};
