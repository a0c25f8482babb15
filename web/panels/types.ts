import type { EChartsOption } from "echarts";
import type { IncidentColumns } from "../../data/columns/incident-columns.ts";
import type { AreaFeature } from "../data/county-data.ts";
import type { Zone } from "./zone.ts";

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

/** All that a panel may look at: columns, the rows that area and filters leave, and words. */
export interface PanelInput {
  readonly columns: IncidentColumns;
  readonly rows: Uint32Array;
  /** Epoch seconds that lateness is judged at. */
  readonly asOf: number;
  /** Start and end of the time filter, epoch seconds. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly zone: Zone;
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
  readonly build: (input: PanelInput, style: ChartStyle) => PanelView;
}
