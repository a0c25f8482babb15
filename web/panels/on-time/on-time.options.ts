import type { ClockTarget, PanelOnTimeQuery } from "../../gql/generated.ts";
import { baseOption, CHART_TEXT_REM } from "../common.ts";
import type { ChartStyle, PanelView, Translate } from "../types.ts";

export type OnTimeFigures = PanelOnTimeQuery["onTime"][number];

/** Which target a wall speaks of, where there are clocks of several: the one that ends the matter. */
const BY_WEIGHT: readonly ClockTarget[] = ["CLOSE", "HANDLE", "ARRIVE", "ANSWER"];

/** The target on show: the weightiest that has a clock; undefined where nothing has one. */
export function shownTarget(all: readonly OnTimeFigures[]): OnTimeFigures | undefined {
  const withClocks = all.filter((one) => one.met + one.missed + one.late + one.running + one.paused > 0);
  return BY_WEIGHT.map((target) => withClocks.find((one) => one.target === target)).find((one) => one !== undefined);
}

/** What drawing needs besides the figures. */
export interface OnTimeWords {
  readonly t: Translate;
  readonly number: (value: number) => string;
  readonly percent: (share: number) => string;
}

/**
 * Ring of the clocks that count: met, missed, and running too late; the rate in the middle. Those that run in time and
 * paused ones are named beside it, since they are neither yet.
 */
export function onTimeView(all: readonly OnTimeFigures[], words: OnTimeWords, style: ChartStyle): PanelView {
  const { t, number, percent } = words;
  const shown = shownTarget(all);
  const { met, missed, late, running, paused } = shown ?? { met: 0, missed: 0, late: 0, running: 0, paused: 0 };
  const rate = shown && typeof shown.rate === "number" ? percent(shown.rate) : "–";
  const { rem } = style;
  const parts = [
    { key: "met", value: met, color: style.good, counts: true },
    { key: "missed", value: missed, color: style.soon, counts: true },
    { key: "late", value: late, color: style.late, counts: true },
    { key: "running", value: running, color: style.accent, counts: false },
    { key: "paused", value: paused, color: style.idle, counts: false },
  ].map((part) => ({ ...part, name: t(`panel.onTime.${part.key}`) }));
  const values = new Map(parts.map(({ name, value }) => [name, value]));
  const counted = met + missed + late;
  return {
    empty: shown === undefined,
    summary: t("panel.onTime.summary", {
      target: shown ? t(`panel.onTime.target.${shown.target.toLowerCase()}`) : "–",
      rate,
      list: parts.map(({ name, value }) => `${name} ${number(value)}`).join(t("mark.comma")),
    }),
    option: {
      ...baseOption(style),
      tooltip: { show: false },
      title: {
        text: rate,
        subtext: shown ? t(`panel.onTime.target.${shown.target.toLowerCase()}`) : "",
        left: 2.6 * rem,
        top: "center",
        textAlign: "center",
        itemGap: 0.1 * rem,
        padding: 0,
        textStyle: { color: style.text, fontSize: 0.95 * rem, fontFamily: style.font, fontWeight: 700 },
        subtextStyle: { color: style.muted, fontSize: CHART_TEXT_REM * rem, fontFamily: style.font },
      },
      legend: {
        show: true,
        orient: "vertical",
        left: 6.2 * rem,
        top: "center",
        padding: 0,
        itemWidth: 0.65 * rem,
        itemHeight: 0.65 * rem,
        itemGap: 0.18 * rem,
        selectedMode: false,
        data: parts.map(({ name }) => ({ name, icon: "rect" })),
        formatter: (name) => `${name} ${number(values.get(name) ?? 0)}`,
        textStyle: { color: style.text, fontSize: CHART_TEXT_REM * rem, fontFamily: style.font },
      },
      series: [
        {
          type: "pie",
          radius: [1.95 * rem, 2.4 * rem],
          center: [2.6 * rem, "50%"],
          silent: true,
          label: { show: false },
          labelLine: { show: false },
          emphasis: { disabled: true },
          // Parts that do not count stay in the legend with no share of the ring; an empty ring is a grey one.
          data: [
            ...parts.map(({ name, value, color, counts }) => ({
              name,
              value: counts ? value : 0,
              itemStyle: { color, borderColor: style.surface, borderWidth: Math.max(1, 0.05 * rem) },
            })),
            ...(counted ? [] : [{ name: "", value: 1, itemStyle: { color: style.line } }]),
          ],
        },
      ],
    },
  };
}
