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
      appendTo: "body",
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
export function barsOption(bars: readonly Bar[], style: ChartStyle, nameRem = 6): EChartsOption {
  return {
    ...baseOption(style),
    grid: { left: nameRem * style.rem, right: 4.6 * style.rem, top: 0, bottom: 0, containLabel: false },
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
          margin: 3.9 * style.rem,
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

/** A ring with its headline inside and a legend of names and figures beside it. */
export function ringOption(
  slices: readonly Slice[],
  headline: string,
  caption: string,
  number: (value: number) => string,
  style: ChartStyle,
): EChartsOption {
  const size = CHART_TEXT_REM * style.rem;
  const values = new Map(slices.map((slice) => [slice.name, slice.value]));
  return {
    ...baseOption(style),
    tooltip: { show: false },
    title: {
      text: headline,
      subtext: caption,
      left: "24%",
      top: "middle",
      textAlign: "center",
      itemGap: 0.1 * style.rem,
      textStyle: { color: style.text, fontSize: 1.15 * style.rem, fontFamily: style.font, fontWeight: 700 },
      subtextStyle: { color: style.muted, fontSize: size, fontFamily: style.font },
    },
    legend: {
      show: true,
      orient: "vertical",
      left: "54%",
      top: "middle",
      itemWidth: 0.7 * style.rem,
      itemHeight: 0.7 * style.rem,
      itemGap: 0.35 * style.rem,
      selectedMode: false,
      formatter: (name) => `{n|${name}}{v|${number(values.get(name) ?? 0)}}`,
      textStyle: {
        color: style.text,
        fontSize: size,
        fontFamily: style.font,
        rich: {
          n: { width: 5 * style.rem, fontSize: size, fontFamily: style.font, color: style.muted },
          v: { width: 3 * style.rem, align: "right", fontSize: size, fontFamily: style.font, color: style.text },
        },
      },
    },
    series: [
      {
        type: "pie",
        center: ["25%", "50%"],
        radius: ["72%", "94%"],
        startAngle: 90,
        silent: true,
        label: { show: false },
        itemStyle: { borderColor: style.surface, borderWidth: Math.max(1, 0.1 * style.rem) },
        data: slices.map((slice) => ({ name: slice.name, value: slice.value, itemStyle: { color: slice.color } })),
      },
    ],
  };
}
