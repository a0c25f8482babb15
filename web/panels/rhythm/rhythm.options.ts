import { axisLabel, baseOption } from "../common.ts";
import { type ChartStyle, type PanelInput, panelOf } from "../types.ts";

/** One hue from quiet to busy, even in lightness (after viridis/“mako”), for dark and for light surfaces. */
const RAMPS = {
  dark: ["#11203a", "#1f4a78", "#2f7fb0", "#57b7d3", "#b9ecec"],
  light: ["#eaf2f8", "#b5d3e7", "#6ea8cf", "#2f74a8", "#0b3c66"],
} as const;

function rhythmView(counts: Uint32Array, input: PanelInput, style: ChartStyle) {
  const { t, number } = input;
  const max = counts.reduce((most, value) => Math.max(most, value), 0);
  const busiest = counts.indexOf(max);
  const weekdays = Array.from({ length: 7 }, (_, day) => t(`weekday.${day}`));
  const dark = style.surface < "#8";
  return {
    empty: max === 0,
    summary: t("panel.rhythm.summary", {
      weekday: weekdays[Math.floor(busiest / 24)] ?? "",
      hour: busiest % 24,
      count: number(max),
    }),
    option: {
      ...baseOption(style),
      tooltip: {
        ...(baseOption(style).tooltip as object),
        formatter: (params: unknown) => {
          const [hour, day, value] = (params as { value: [number, number, number] }).value;
          return `${weekdays[day]} ${hour}:00 · ${number(value)}`;
        },
      },
      grid: { left: 2.4 * style.rem, right: 3.6 * style.rem, top: 0.2 * style.rem, bottom: 1.4 * style.rem },
      xAxis: {
        type: "category" as const,
        data: Array.from({ length: 24 }, (_, hour) => String(hour)),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { ...axisLabel(style), interval: 5 },
      },
      yAxis: {
        type: "category" as const,
        inverse: true,
        data: weekdays,
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { ...axisLabel(style), interval: 1 },
      },
      visualMap: {
        type: "continuous" as const,
        min: 0,
        max: Math.max(1, max),
        orient: "vertical" as const,
        right: 0,
        top: "middle",
        itemWidth: 0.5 * style.rem,
        itemHeight: 3.2 * style.rem,
        text: [number(max), "0"],
        textGap: 0.3 * style.rem,
        textStyle: axisLabel(style),
        inRange: { color: [...RAMPS[dark ? "dark" : "light"]] },
        hoverLink: false,
      },
      series: [
        {
          type: "heatmap" as const,
          data: Array.from(counts, (value, cell) => [cell % 24, Math.floor(cell / 24), value]),
          itemStyle: { borderColor: style.surface, borderWidth: Math.max(1, 0.06 * style.rem) },
          progressive: 0,
        },
      ],
    },
  };
}

export const rhythmPanel = panelOf<"rhythm">({
  id: "rhythm",
  title: "panel.rhythm.title",
  basis: "basis.opened",
  ask: () => ({ kind: "rhythm" }),
  draw: rhythmView,
});
