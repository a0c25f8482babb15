import type { HeatField, HeatMode, HeatPer } from "../../data/columns/heat-field.ts";
import type { TimeHistogram } from "../../data/columns/histogram.ts";
import type { IncidentColumns } from "../../data/columns/incident-columns.ts";
import type { Marks, MarksRequest } from "../../data/columns/marks.ts";
import type { Bbox } from "../../data/model/geometry.ts";
import type { Filters } from "../app/view-state.ts";
import type { ClassFigure } from "../panels/classes/classes.figures.ts";
import type { IncidentFigures } from "../panels/figures.ts";
import type { RankCounts } from "../panels/ranking/ranking.figures.ts";
import type { SourceFigure } from "../panels/sources/sources.figures.ts";
import type { StateFigure } from "../panels/states/states.figures.ts";
import type { TrendFigures } from "../panels/trend/trend.figures.ts";
import type { LeaderSums } from "../seats/desk/leader-list.ts";
import type { StoryPick } from "../seats/wall/story.ts";
import type { CaseLine } from "./case-line.ts";

/** Rows `[from, to)`. */
export type RowRange = readonly [from: number, to: number];

/** What the page knows of the county's cases (`usePlane`). */
export interface Plane {
  readonly county: string;
  readonly status: "idle" | "loading" | "ready" | "error";
  /** First error in words; undefined when all is well. */
  readonly error: string | undefined;
  /** Cases that the server holds for this viewer; 0 before it said so. */
  readonly total: number;
  /** Cases that are here. */
  readonly loaded: number;
  /** Cases opened from this instant on are here (epoch seconds); undefined = all there are. */
  readonly loadedFrom: number | undefined;
  /** More slabs are on their way: `loadedFrom` still moves back. */
  readonly more: boolean;
  /** `content.live` (docs/data-plane.md) that the cases are exact for; empty before the first. */
  readonly dataVersion: string;
  /** Instant that lateness is judged at, epoch seconds. */
  readonly asOf: number;
  /**
   * The main thread's copy, for the GPU and for looking up single rows; nobody loops over it. The arrays are the same
   * between revisions where they have room: a new object says that something in them changed, and `changed` what.
   */
  readonly columns: IncidentColumns | undefined;
  /** Rows `[from, to)` that the last revision wrote; undefined = any. */
  readonly changed: readonly RowRange[] | undefined;
  /** Grows with every change of the columns. */
  readonly revision: number;
}

/** How many cases area and filters hold. */
export interface SelectionSize {
  /** All, also those on default points: what every figure is made of. */
  readonly counted: number;
  /** Those that points and heat are drawn from. */
  readonly shown: number;
}

/** Cases by area code, every level; and how many of them are late. */
export interface AreaCounts {
  readonly counts: ReadonlyMap<string, number>;
  readonly late: ReadonlyMap<string, number>;
}

/** Every question that a screen can ask, with what it needs to be told besides filters and area, and its answer. */
export interface PlaneQuestions {
  size: { ask: object; answer: SelectionSize };
  figures: { ask: object; answer: IncidentFigures };
  trend: { ask: object; answer: TrendFigures };
  classes: { ask: object; answer: readonly ClassFigure[] };
  states: { ask: object; answer: readonly StateFigure[] };
  /** 7 × 24 counts, row by row from Monday. */
  rhythm: { ask: object; answer: Uint32Array };
  sources: { ask: object; answer: readonly SourceFigure[] };
  /** Valid and late cases of each of the areas, in the order asked. */
  ranking: { ask: { readonly codes: readonly string[] }; answer: RankCounts };
  /** The newest cases, newest first. */
  newest: { ask: { readonly limit: number }; answer: readonly CaseLine[] };
  /** What the wall tells by itself. */
  story: { ask: { readonly limit: number }; answer: readonly StoryPick[] };
  /** What each of the areas asks of its leader, in the order asked. */
  leaders: { ask: { readonly codes: readonly string[] }; answer: readonly LeaderSums[] };
  /** The first cases of the list, most overdue first, and how many there are. */
  cases: { ask: { readonly limit: number }; answer: { readonly total: number; readonly lines: readonly CaseLine[] } };
  /** Cases by the county's day over all loaded time, whatever the time window; undefined without cases. */
  days: { ask: object; answer: TimeHistogram | undefined };
  areas: { ask: object; answer: AreaCounts };
  /** Signs of the map. `zoom` at scale 1 in steps of one half; `bounds` cuts what is far outside the screen. */
  marks: { ask: Omit<MarksRequest, "asOf">; answer: Marks };
  /** Density over a box; undefined while what it is a share of is not here. */
  heat: { ask: { readonly bbox: Bbox; readonly mode: HeatMode; readonly per: HeatPer }; answer: HeatField | undefined };
  /** One case by its number, whatever the filters; undefined when it is not here. */
  case: { ask: { readonly ref: number }; answer: CaseLine | undefined };
}

export type QuestionKind = keyof PlaneQuestions;

/** A question of one kind: `{ kind: "marks", zoom, bounds, chosen }`. */
export type PlaneQuestion<K extends QuestionKind = QuestionKind> = {
  readonly [Kind in K]: { readonly kind: Kind } & PlaneQuestions[Kind]["ask"];
}[K];

/** An answer with what it was computed from. The last one stays until the next is here. */
export interface PlaneAnswer<K extends QuestionKind> {
  readonly value: PlaneQuestions[K]["answer"];
  /** Filters and area that it is the answer for, and the number that grows with each change of them. */
  readonly filters: Filters;
  readonly area: string;
  readonly filterRevision: number;
  /** Revision of the columns that it was computed from (`Plane.revision`). */
  readonly columnsRevision: number;
  /** Instant that lateness was judged at, epoch seconds. */
  readonly asOf: number;
}
