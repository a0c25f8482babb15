import type { EChartsOption } from "echarts";
import type { ChartStyle } from "./types.ts";

/** Font size of all text in charts: the smallest that the wall allows (theme/tokens.css). */
export const CHART_TEXT_REM = 0.8;

/** What every chart shares: type, colours and no motion where none is wanted. */
export function baseOption(style: ChartStyle): EChartsOption {
  return {
    animation: style.animate,
    animationDuration: 400,
    backgroundColor: "transparent",
    textStyle: { fontFamily: style.font, fontSize: CHART_TEXT_REM * style.rem, color: style.text },
    tooltip: {
      // Drawn, not written into the page: the HTML form carries styles inside its tags, which the page's policy forbids.
      renderMode: "richText",
      confine: true,
      backgroundColor: style.surface,
      borderColor: style.line,
      textStyle: { color: style.text, fontSize: CHART_TEXT_REM * style.rem, fontFamily: style.font },
    },
    legend: { show: false },
  };
}

/** Label style that axes share. */
export const axisLabel = (style: ChartStyle) => ({
  color: style.muted,
  fontSize: CHART_TEXT_REM * style.rem,
  fontFamily: style.font,
});

export interface Bar {
  /** Handed to whoever listens to a click. */
  readonly key: string;
  readonly name: string;
  readonly value: number;
  readonly color: string;
  /** Text at the end of the bar. */
  readonly label: string;
}

/** Horizontal bars with names before and figures after them, longest list first; names are cut, never overlapped. */
export function barsOption(bars: readonly Bar[], style: ChartStyle, nameRem = 6, figureRem = 4.6): EChartsOption {
  return {
    ...baseOption(style),
    grid: { left: nameRem * style.rem, right: figureRem * style.rem, top: 0, bottom: 0, containLabel: false },
    tooltip: { show: false },
    xAxis: { type: "value", show: false, min: 0 },
    yAxis: [
      {
        type: "category",
        inverse: true,
        data: bars.map((bar) => bar.name),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: {
          ...axisLabel(style),
          color: style.text,
          width: (nameRem - 0.5) * style.rem,
          overflow: "truncate",
          align: "left",
          margin: (nameRem - 0.1) * style.rem,
          interval: 0,
        },
      },
      // Figures stand in one column at the right edge: beside the bars' own ends they would jump about.
      {
        type: "category",
        position: "right",
        inverse: true,
        data: bars.map((bar) => bar.label),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: {
          ...axisLabel(style),
          color: style.text,
          align: "right",
          margin: (figureRem - 0.7) * style.rem,
          interval: 0,
        },
      },
    ],
    series: [
      {
        type: "bar",
        barWidth: Math.max(2, 0.45 * style.rem),
        showBackground: true,
        backgroundStyle: { color: style.line, opacity: 0.5 },
        data: bars.map((bar) => ({ value: bar.value, name: bar.key, itemStyle: { color: bar.color } })),
      },
    ],
  };
}

export interface Slice {
  readonly key: string;
  readonly name: string;
  readonly value: number;
  readonly color: string;
}

/** A headline, one bar split into its parts, and the parts by name and figure below: reads at any height. */
export function sharesOption(
  slices: readonly Slice[],
  headline: string,
  number: (value: number) => string,
  style: ChartStyle,
): EChartsOption {
  const { rem } = style;
  const size = CHART_TEXT_REM * rem;
  const values = new Map(slices.map((slice) => [slice.name, slice.value]));
  const total = slices.reduce((sum, slice) => sum + slice.value, 0);
  return {
    ...baseOption(style),
    tooltip: { show: false },
    title: {
      text: headline,
      left: 0,
      top: 0,
      padding: 0,
      textStyle: { color: style.text, fontSize: 1.35 * rem, fontFamily: style.font, fontWeight: 700 },
    },
    legend: {
      show: true,
      left: 0,
      top: 1.75 * rem,
      padding: 0,
      itemWidth: 0.65 * rem,
      itemHeight: 0.65 * rem,
      itemGap: 0.75 * rem,
      selectedMode: false,
      data: slices.map((slice) => ({ name: slice.name, icon: "rect" })),
      formatter: (name) => `${name} ${number(values.get(name) ?? 0)}`,
      textStyle: { color: style.text, fontSize: size, fontFamily: style.font },
    },
    grid: { left: 5.2 * rem, right: 0, top: 0.35 * rem, height: 0.8 * rem },
    xAxis: { type: "value", show: false, min: 0, max: Math.max(1, total) },
    yAxis: { type: "category", show: false, data: [""] },
    series: slices.map((slice) => ({
      type: "bar",
      name: slice.name,
      stack: "all",
      barWidth: 0.8 * rem,
      silent: true,
      data: [slice.value],
      itemStyle: { color: slice.color, borderColor: style.surface, borderWidth: Math.max(1, 0.05 * rem) },
    })),
  };
}
