import { gridRange, isLateRow, NO_GRID, STATE_INVALID } from "../../../data/columns/incident-columns.ts";
import { comparedAreas } from "../area-tree.ts";
import { barsOption } from "../common.ts";
import type { ChartStyle, PanelDefinition, PanelInput } from "../types.ts";

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

/** Late share of the areas inside the area on screen: the next level that has more than one. */
export function rankFigures({ columns, rows, asOf, area, areas }: PanelInput): RankFigures {
  const children = comparedAreas(areas, area);
  const childOfGrid = new Int32Array(columns.grids.length).fill(-1);
  children.forEach((child, index) => {
    const [from, to] = gridRange(columns.grids, child.code);
    childOfGrid.fill(index, from, to);
  });
  const count = new Uint32Array(children.length);
  const late = new Uint32Array(children.length);
  for (const row of rows) {
    const grid = columns.grid[row] as number;
    const child = grid === NO_GRID ? -1 : (childOfGrid[grid] as number);
    if (child < 0 || STATE_INVALID[columns.state[row] as number]) continue;
    count[child] = (count[child] as number) + 1;
    if (isLateRow(columns, row, asOf)) late[child] = (late[child] as number) + 1;
  }
  const figures = children.map(({ code, name }, index) => ({
    code,
    name,
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

function rankingView(input: PanelInput, style: ChartStyle) {
  const { t, number } = input;
  const { ranked, unranked } = rankFigures(input);
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

export const rankingPanel: PanelDefinition = {
  id: "ranking",
  title: "panel.ranking.title",
  basis: "basis.ranking",
  build: rankingView,
};
