import { NULL_TIME } from "../../../data/columns/format.ts";
import { STATE_SOLVED } from "../../../data/columns/incident-columns.ts";
import { axisLabel, baseOption } from "../common.ts";
import type { ChartStyle, PanelDefinition, PanelInput } from "../types.ts";
import { dayText } from "../zone.ts";

/** Days shown when no time filter is set. */
const DEFAULT_DAYS = 30;
/** Longest run of single days; beyond it a bar is a week, and beyond `MAX_BARS` weeks four weeks. */
const MAX_BARS = 62;

export interface TrendFigures {
  /** Days of one bar: 1, 7 or 28. */
  readonly step: 1 | 7 | 28;
  /** First local day of each bar (days since 1970). */
  readonly days: readonly number[];
  readonly reported: readonly number[];
  /** Solved in the bar's time, by the time of solving. */
  readonly solved: readonly number[];
}

/** Cases reported and solved per local day, over the time filter or the last 30 days before `asOf`. */
export function trendFigures({ columns, rows, asOf, from, to, zone }: PanelInput): TrendFigures {
  const last = zone.dayOf(to === undefined ? asOf : to - 1);
  const oldest = rows.length ? zone.dayOf(columns.opened[rows[0] as number] as number) : last;
  const first = from === undefined ? Math.max(last - DEFAULT_DAYS + 1, Math.min(oldest, last)) : zone.dayOf(from);
  const span = Math.max(1, last - first + 1);
  const step = span <= MAX_BARS ? 1 : span <= MAX_BARS * 7 ? 7 : 28;
  const bars = Math.ceil(span / step);
  const reported = new Array<number>(bars).fill(0);
  const solved = new Array<number>(bars).fill(0);
  const count = (into: number[], seconds: number): void => {
    const bar = Math.floor((zone.dayOf(seconds) - first) / step);
    if (bar >= 0 && bar < bars) into[bar] = (into[bar] as number) + 1;
  };
  for (const row of rows) {
    count(reported, columns.opened[row] as number);
    const closed = columns.closed[row] as number;
    if (closed !== NULL_TIME && STATE_SOLVED[columns.state[row] as number]) count(solved, closed);
  }
  return { step, days: Array.from({ length: bars }, (_, bar) => first + bar * step), reported, solved };
}

function trendView(input: PanelInput, style: ChartStyle) {
  const { t, number } = input;
  const figures = trendFigures(input);
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

export const trendPanel: PanelDefinition = {
  id: "trend",
  title: "panel.trend.title",
  basis: "basis.opened",
  build: trendView,
};
