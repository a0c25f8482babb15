import { sharesOption } from "../common.ts";
import type { IncidentFigures } from "../figures.ts";
import { type ChartStyle, type PanelInput, panelOf } from "../types.ts";

function clocksView(figures: IncidentFigures, input: PanelInput, style: ChartStyle) {
  const { t, number } = input;
  const { onTime, dueSoon, overdueOpen, paused, noClock } = figures.clocks;
  const slices = [
    { key: "onTime", name: t("clock.onTime"), value: onTime, color: style.good },
    { key: "dueSoon", name: t("clock.dueSoon"), value: dueSoon, color: style.soon },
    { key: "late", name: t("clock.late"), value: overdueOpen, color: style.late },
    { key: "paused", name: t("clock.paused"), value: paused, color: style.idle },
    { key: "noClock", name: t("clock.none"), value: noClock, color: style.line },
  ].filter((slice) => slice.value > 0 || ["onTime", "dueSoon", "late"].includes(slice.key));
  return {
    empty: figures.open === 0,
    summary: t("panel.clocks.summary", {
      open: number(figures.open),
      list: slices.map((slice) => `${slice.name} ${number(slice.value)}`).join(t("mark.comma")),
    }),
    option: sharesOption(slices, number(figures.open), number, style),
  };
}

export const clocksPanel = panelOf<"figures">({
  id: "clocks",
  title: "panel.clocks.title",
  basis: "basis.clocks",
  ask: () => ({ kind: "figures" }),
  draw: clocksView,
});
