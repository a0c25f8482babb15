import { axisLabel, baseOption } from "../common.ts";
import { type ChartStyle, type PanelInput, panelOf } from "../types.ts";
import { dayText } from "../zone.ts";
import type { TrendFigures } from "./trend.figures.ts";

function trendView(figures: TrendFigures, input: PanelInput, style: ChartStyle) {
  const { t, number } = input;
  const total = figures.reported.reduce((sum, value) => sum + value, 0);
  const solved = figures.solved.reduce((sum, value) => sum + value, 0);
  const names = [t("figure.reported"), t("figure.solved")] as const;
  return {
    empty: total + solved === 0,
    summary: t("panel.trend.summary", {
      from: dayText(figures.days[0] as number),
      reported: number(total),
      solved: number(solved),
    }),
    option: {
      ...baseOption(style),
      tooltip: { ...(baseOption(style).tooltip as object), trigger: "axis" as const },
      legend: {
        show: true,
        top: 0,
        right: 0,
        itemWidth: 0.8 * style.rem,
        itemHeight: 0.5 * style.rem,
        data: [
          { name: names[0], icon: "rect" },
          { name: names[1], icon: "circle" },
        ],
        textStyle: axisLabel(style),
        selectedMode: false as const,
      },
      grid: { left: 2.6 * style.rem, right: 0.3 * style.rem, top: 1.6 * style.rem, bottom: 1.4 * style.rem },
      xAxis: {
        type: "category" as const,
        data: figures.days.map((day) => dayText(day).slice(5)),
        axisLine: { lineStyle: { color: style.line } },
        axisTick: { show: false },
        axisLabel: { ...axisLabel(style), hideOverlap: true },
      },
      yAxis: {
        type: "value" as const,
        minInterval: 1,
        splitNumber: 3,
        splitLine: { lineStyle: { color: style.line } },
        axisLabel: { ...axisLabel(style), formatter: (value: number) => number(value) },
      },
      series: [
        {
          type: "bar" as const,
          name: names[0],
          data: [...figures.reported],
          itemStyle: { color: style.accent, opacity: 0.75 },
        },
        {
          type: "line" as const,
          name: names[1],
          data: [...figures.solved],
          symbol: "circle",
          symbolSize: 0.3 * style.rem,
          lineStyle: { color: style.good, width: Math.max(1, 0.1 * style.rem) },
          itemStyle: { color: style.good },
        },
      ],
    },
  };
}

export const trendPanel = panelOf<"trend">({
  id: "trend",
  title: "panel.trend.title",
  basis: "basis.opened",
  ask: () => ({ kind: "trend" }),
  draw: trendView,
});
