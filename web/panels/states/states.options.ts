import type { IncidentState } from "../../../data/model/incident.ts";
import { barsOption, CHART_TEXT_REM } from "../common.ts";
import { type ChartStyle, type PanelInput, panelOf } from "../types.ts";
import type { StateFigure } from "./states.figures.ts";

/** Bars that a card has room for. */
const SHOWN = 6;

type Bar = Omit<StateFigure, "state"> & { readonly state: IncidentState | undefined };

/** Keeps the largest states in the order of the workflow and adds the others up. */
function foldSmall(figures: readonly StateFigure[]): readonly Bar[] {
  if (figures.length <= SHOWN) return figures;
  const kept = new Set([...figures].sort((a, b) => b.count - a.count).slice(0, SHOWN - 1));
  const rest = figures.filter((figure) => !kept.has(figure)).reduce((sum, figure) => sum + figure.count, 0);
  return [...figures.filter((figure) => kept.has(figure)), { state: undefined, count: rest, ended: false }];
}

function statesView(figures: readonly StateFigure[], input: PanelInput, style: ChartStyle) {
  const { t, number } = input;
  const name = (state: IncidentState): string => t(`incidentState.${state}`);
  const open = figures.filter((figure) => !figure.ended);
  // Ended cases outnumber open ones a hundredfold: as bars they would flatten what can still be acted on.
  const asBars = foldSmall(open.length ? open : figures);
  const asText = open.length ? figures.filter((figure) => figure.ended) : [];
  const words = (list: readonly StateFigure[]): string =>
    list.map((figure) => `${name(figure.state)} ${number(figure.count)}`).join("  ·  ");
  const option = barsOption(
    asBars.map(({ state, count, ended }) => ({
      key: state ?? "",
      name: state ? name(state) : t("figure.otherStates"),
      value: count,
      color: state === "on_hold" ? style.soon : ended || !state ? style.idle : style.accent,
      label: number(count),
    })),
    style,
    5.5,
  );
  return {
    empty: figures.length === 0,
    summary: t("panel.states.summary", { list: words(figures) }),
    option: {
      ...option,
      grid: { ...(option.grid as object), bottom: asText.length ? 1.5 * style.rem : 0 },
      title: {
        text: words(asText),
        left: 0,
        bottom: 0,
        padding: 0,
        textStyle: {
          color: style.muted,
          fontSize: CHART_TEXT_REM * style.rem,
          fontFamily: style.font,
          fontWeight: 400 as const,
        },
      },
    },
  };
}

export const statesPanel = panelOf<"states">({
  id: "states",
  title: "panel.states.title",
  basis: "basis.asOf",
  ask: () => ({ kind: "states" }),
  draw: statesView,
});
