import type { AreaFeature } from "../../data/county-data.ts";
import { comparedAreas } from "../area-tree.ts";
import { barsOption } from "../common.ts";
import { type ChartStyle, type PanelInput, panelOf } from "../types.ts";
import type { RankCounts } from "./ranking.figures.ts";

/** Areas with fewer valid cases are not ranked: a share of so few says nothing (domain.md E11). */
export const MIN_CASES_TO_RANK = 10;
const SHOWN = 5;

export interface RankFigure {
  readonly code: string;
  readonly name: string;
  /** Valid cases (reported less rejected and void). */
  readonly count: number;
  readonly late: number;
}

export interface RankFigures {
  /** Highest late share first; equal shares by count, then code. */
  readonly ranked: readonly RankFigure[];
  readonly unranked: readonly RankFigure[];
}

/** Late share of the areas, which are named. */
export function rankFigures({ codes, count, late }: RankCounts, areas: readonly AreaFeature[]): RankFigures {
  const names = new Map(areas.map(({ code, name }) => [code, name]));
  const figures = codes.map((code, index) => ({
    code,
    name: names.get(code) ?? code,
    count: count[index] as number,
    late: late[index] as number,
  }));
  const share = (figure: RankFigure): number => figure.late / figure.count;
  return {
    ranked: figures
      .filter((figure) => figure.count >= MIN_CASES_TO_RANK)
      .sort((a, b) => share(b) - share(a) || b.count - a.count || (a.code < b.code ? -1 : 1)),
    unranked: figures.filter((figure) => figure.count < MIN_CASES_TO_RANK),
  };
}

function rankingView(counts: RankCounts, input: PanelInput, style: ChartStyle) {
  const { t, number } = input;
  const { ranked, unranked } = rankFigures(counts, input.areas);
  const percent = (figure: RankFigure): string => `${((figure.late / figure.count) * 100).toFixed(1)}%`;
  const shown = ranked.slice(0, SHOWN);
  return {
    empty: ranked.length === 0,
    summary: t("panel.ranking.summary", {
      list: shown.map((figure) => `${figure.name} ${percent(figure)}`).join(t("mark.comma")),
      unranked: number(unranked.length),
    }),
    option: barsOption(
      shown.map((figure) => ({
        key: figure.code,
        name: figure.name,
        value: figure.late / figure.count,
        color: figure.late ? style.late : style.idle,
        label: `${percent(figure)}`,
      })),
      style,
      7.2,
    ),
  };
}

export const rankingPanel = panelOf<"ranking">({
  id: "ranking",
  title: "panel.ranking.title",
  basis: "basis.ranking",
  // The next level that has more than one area.
  ask: ({ areas, area }) => ({ kind: "ranking", codes: comparedAreas(areas, area).map(({ code }) => code) }),
  draw: rankingView,
});
