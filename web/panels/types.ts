import type { EChartsOption } from "echarts";
import type { AreaFeature } from "../data/county-data.ts";
import type { PlaneQuestion, PlaneQuestions, QuestionKind } from "../plane/types.ts";

/** Colours and sizes of charts, read from the theme's tokens. */
export interface ChartStyle {
  /** Pixels of 1rem: charts scale with the screen as text does. */
  readonly rem: number;
  readonly font: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly surface: string;
  readonly accent: string;
  readonly good: string;
  readonly soon: string;
  readonly late: string;
  readonly idle: string;
  /** False under reduced motion and in golden images. */
  readonly animate: boolean;
}

export type Translate = (key: string, values?: Record<string, string | number>) => string;

/** What a panel may look at besides its figures: the place on screen, and words. */
export interface PanelInput {
  /** Epoch seconds that lateness is judged at. */
  readonly asOf: number;
  /** Code of the area on screen, and all areas of the county. */
  readonly area: string;
  readonly areas: readonly AreaFeature[];
  readonly t: Translate;
  /** Name of a five-digit class or two-digit major in the language of the screen. */
  readonly className: (code: string) => string;
  readonly number: (value: number) => string;
}

export interface PanelView {
  readonly option: EChartsOption;
  /** The chart in one sentence: what a screen reader says. */
  readonly summary: string;
  /** Nothing to draw: the card says so instead. */
  readonly empty: boolean;
}

export interface PanelDefinition {
  readonly id: string;
  /** Key of the title in the language files. */
  readonly title: string;
  /** Where its figures come from: key of a short phrase. */
  readonly basis: string;
  /** What it asks the plane's worker; undefined = nothing: the areas are enough. */
  readonly ask: ((input: PanelInput) => PlaneQuestion) | undefined;
  /** Draws the answer to `ask`; undefined where it asks nothing. */
  readonly draw: (figures: unknown, input: PanelInput, style: ChartStyle) => PanelView;
}

/** A panel that asks questions of one kind; holds answer and drawing together by type. */
export function panelOf<K extends QuestionKind>(
  panel: Pick<PanelDefinition, "id" | "title" | "basis"> & {
    readonly ask: (input: PanelInput) => PlaneQuestion<K>;
    readonly draw: (figures: PlaneQuestions[K]["answer"], input: PanelInput, style: ChartStyle) => PanelView;
  },
): PanelDefinition {
  return {
    ...panel,
    // A question of one kind is one of all kinds; and whoever draws gives the answer to it (panel-card.tsx).
    ask: (input) => panel.ask(input) as PlaneQuestion,
    draw: (figures, input, style) => panel.draw(figures as PlaneQuestions[K]["answer"], input, style),
  };
}
