import { heatField } from "../../data/columns/heat-field.ts";
import { DAY_SECONDS, type TimeHistogram, zoneOffsetSeconds } from "../../data/columns/histogram.ts";
import { computeMarks } from "../../data/columns/marks.ts";
import { parentCode } from "../../data/model/codes.ts";
import { classFigures } from "../panels/classes/classes.figures.ts";
import { incidentFigures } from "../panels/figures.ts";
import { rankCounts } from "../panels/ranking/ranking.figures.ts";
import { rhythmFigures } from "../panels/rhythm/rhythm.figures.ts";
import { sourceFigures } from "../panels/sources/sources.figures.ts";
import { stateFigures } from "../panels/states/states.figures.ts";
import { trendFigures } from "../panels/trend/trend.figures.ts";
import { caseOrder, leaderSums } from "../seats/desk/leader-list.ts";
import { storyPicks } from "../seats/wall/story.ts";
import { caseLine } from "./case-line.ts";
import { type AskContext, withoutSuspicious } from "./selected.ts";
import { firstWhere, type Sweep } from "./sweep.ts";
import type { PlaneQuestion, PlaneQuestions, QuestionKind } from "./types.ts";

/** How each question is answered: pure functions of the columns, the filters and what the question says. */
type Answerers = {
  readonly [K in QuestionKind]: (context: AskContext, question: PlaneQuestion<K>) => PlaneQuestions[K]["answer"];
};

const lineOf =
  ({ columns, asOf }: AskContext) =>
  (row: number) =>
    caseLine(columns, row, asOf);

const ANSWERERS: Answerers = {
  size: ({ selected }) => ({ counted: selected.counted.length, shown: selected.shown.length }),
  figures: (context) => incidentFigures(context.input),
  trend: (context) => trendFigures(context.input),
  classes: (context) => classFigures(context.input),
  states: (context) => stateFigures(context.input),
  // A copy: the sweep's own is looked at again.
  rhythm: (context) => rhythmFigures(context.input).slice(),
  sources: (context) => sourceFigures(context.input),
  ranking: (context, { codes }) => rankCounts(context.input, codes),
  newest: (context, { limit }) => {
    const { counted } = context.selected;
    return Array.from(counted.subarray(Math.max(0, counted.length - limit)), lineOf(context)).reverse();
  },
  story: ({ columns, input, asOf }, { limit }) => storyPicks(columns, input.sweep.open, asOf, limit),
  leaders: ({ columns, input, asOf }, { codes }) => leaderSums(columns, input.sweep.open, asOf, codes),
  cases: (context, { limit }) => {
    const { columns, selected, input, asOf } = context;
    const rows = caseOrder(columns, selected.counted, input.sweep.open, asOf, limit);
    return { total: selected.counted.length, lines: rows.map(lineOf(context)) };
  },
  days: daysOf,
  areas: ({ columns, input, lateSweep }) => ({
    counts: areaCounts(columns.grids, input.sweep, 0, 1, 2, 3),
    late: areaCounts(columns.grids, lateSweep(), 1, 3),
  }),
  marks: (context, question) =>
    computeMarks(context.columns, signRows(context, question.chosen), { ...question, asOf: context.asOf }),
  heat: ({ columns, selected, homes }, question) =>
    heatField(
      { lon: columns.lon, lat: columns.lat, rows: selected.shown },
      { ...question, suspiciousLeftOut: selected.counted.length - selected.shown.length, homes },
    ),
  case: (context, { ref }) => {
    const row = context.rowOf(ref);
    return row < 0 ? undefined : caseLine(context.columns, row, context.asOf);
  },
};

/** Cases of some of a grid's four numbers (`Sweep.byGrid`) by the code of the grid and of all that hold it. */
function areaCounts(grids: readonly string[], { byGrid }: Sweep, ...slots: readonly number[]): Map<string, number> {
  const counts = new Map<string, number>();
  grids.forEach((grid, i) => {
    let count = 0;
    for (const slot of slots) count += byGrid[4 * i + slot] as number;
    if (count === 0) return;
    for (let code: string | undefined = grid; code; code = parentCode(code))
      counts.set(code, (counts.get(code) ?? 0) + count);
  });
  return counts;
}

/** Rows that may stand on the map as signs, in order of `opened`: what asks for something, and the chosen case. */
function signRows({ columns, input, selected, rowOf }: AskContext, chosen: number | undefined): Uint32Array {
  const rows = selected.withSuspicious ? input.sweep.signs : withoutSuspicious(columns, input.sweep.signs);
  const row = chosen === undefined ? -1 : rowOf(chosen);
  if (row < 0) return rows;
  const opened = columns.opened[row] as number;
  const held = (list: Uint32Array): boolean => {
    let at = firstWhere(columns, list, (seconds) => seconds >= opened);
    while (at < list.length && list[at] !== row && columns.opened[list[at] as number] === opened) at++;
    return list[at] === row;
  };
  if (held(rows) || !held(selected.shown)) return rows;
  const at = firstWhere(columns, rows, (seconds) => seconds > opened);
  const more = new Uint32Array(rows.length + 1);
  more.set(rows.subarray(0, at));
  more[at] = row;
  more.set(rows.subarray(at), at + 1);
  return more;
}

/** Cases by day, counted where days begin in rows that are in order of `opened` (`histogramByDay` of the same rows). */
function daysOf({ columns, selected, asOf, timezone, span }: AskContext): TimeHistogram | undefined {
  if (!span) return undefined;
  const end = Math.max(asOf, span[1] + 1);
  const offset = zoneOffsetSeconds(timezone, end);
  const start = Math.floor((span[0] + offset) / DAY_SECONDS) * DAY_SECONDS - offset;
  const counts = new Uint32Array(Math.max(1, Math.ceil((end - start) / DAY_SECONDS)));
  let before = firstWhere(columns, selected.anyTime, (seconds) => seconds >= start);
  for (let day = 0; day < counts.length; day++) {
    const next = firstWhere(columns, selected.anyTime, (seconds) => seconds >= start + (day + 1) * DAY_SECONDS);
    counts[day] = next - before;
    before = next;
  }
  return { start, step: DAY_SECONDS, counts };
}

/** Answers one question. */
export const answer = <K extends QuestionKind>(
  context: AskContext,
  question: PlaneQuestion<K>,
): PlaneQuestions[K]["answer"] => ANSWERERS[question.kind](context, question);

/** What only the map asks: answered after the figures, which people read first. */
export const isOfMap = ({ kind }: PlaneQuestion): boolean => kind === "marks" || kind === "heat";
