import type { PanelFunnelQuery } from "../../gql/generated.ts";
import { barsOption } from "../common.ts";
import type { ChartStyle, PanelView, Translate } from "../types.ts";

export type FunnelFigures = PanelFunnelQuery["orderFunnel"];

/** What drawing needs besides the figures. */
export interface FunnelWords {
  readonly t: Translate;
  readonly number: (value: number) => string;
  readonly english: boolean;
}

/** Orders by the stage that they came to, first to last: how many got that far, and how many are there now. */
export function funnelView(
  { stages }: FunnelFigures,
  { t, number, english }: FunnelWords,
  style: ChartStyle,
): PanelView {
  const named = stages.map((stage) => ({ ...stage, name: english ? stage.step.nameEn : stage.step.name }));
  const bars = named.map(({ step, name, reached, now }) => ({
    key: step.key,
    name,
    value: reached,
    color: style.accent,
    label: t("panel.funnel.stage", { reached: number(reached), now: number(now) }),
  }));
  return {
    empty: (stages[0]?.reached ?? 0) === 0,
    summary: t("panel.funnel.summary", {
      list: named.map(({ name, reached }) => `${name} ${number(reached)}`).join(t("mark.comma")),
    }),
    option: barsOption(bars, style, 5, 6.4),
  };
}
