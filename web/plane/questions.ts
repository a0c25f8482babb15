import { countByArea } from "../../data/columns/area-rate.ts";
import { heatField } from "../../data/columns/heat-field.ts";
import { histogramByDay, zoneOffsetSeconds } from "../../data/columns/histogram.ts";
import { type IncidentColumns, isLateRow } from "../../data/columns/incident-columns.ts";
import { computeMarks } from "../../data/columns/marks.ts";
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
import type { AskContext } from "./selected.ts";
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
  rhythm: (context) => rhythmFigures(context.input),
  sources: (context) => sourceFigures(context.input),
  ranking: (context, { codes }) => rankCounts(context.input, codes),
  newest: (context, { limit }) => {
    const { counted } = context.selected;
    return Array.from(counted.subarray(Math.max(0, counted.length - limit)), lineOf(context)).reverse();
  },
  story: ({ columns, selected, asOf }, { limit }) => storyPicks(columns, selected.counted, asOf, limit),
  leaders: ({ columns, selected, asOf }, { codes }) => leaderSums(columns, selected.counted, asOf, codes),
  cases: (context, { limit }) => {
    const { columns, selected, asOf } = context;
    return {
      total: selected.counted.length,
      lines: caseOrder(columns, selected.counted, asOf, limit).map(lineOf(context)),
    };
  },
  days: ({ columns, selected, asOf, timezone, span }) => {
    if (!span) return undefined;
    const end = Math.max(asOf, span[1] + 1);
    return histogramByDay(columns, selected.anyTime, [span[0], end], zoneOffsetSeconds(timezone, end));
  },
  areas: ({ columns, selected, asOf }) => ({
    counts: countByArea(columns, selected.counted),
    late: countByArea(columns, lateAmong(columns, selected.lateOrNot, asOf)),
  }),
  marks: ({ columns, selected, asOf }, question) => computeMarks(columns, selected.shown, { ...question, asOf }),
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

const lateAmong = (columns: IncidentColumns, rows: Uint32Array, asOf: number): Uint32Array =>
  rows.filter((row) => isLateRow(columns, row, asOf));

/** Answers one question. */
export const answer = <K extends QuestionKind>(
  context: AskContext,
  question: PlaneQuestion<K>,
): PlaneQuestions[K]["answer"] => ANSWERERS[question.kind](context, question);

/** What only the map asks: answered after the figures, which people read first. */
export const isOfMap = ({ kind }: PlaneQuestion): boolean => kind === "marks" || kind === "heat";
