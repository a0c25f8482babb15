import type { ComponentType } from "react";

/** What a panel that the server answers is told. */
export interface LivePanelProps {
  /** Code of the area on screen. */
  readonly inside: string;
  /** Start of the period that it looks at, ISO 8601. */
  readonly from: string;
  /** Epoch seconds that lateness is judged at. */
  readonly asOf: number;
}

/** A panel of figures that only the server has (clocks, orders): read when it opens, and anew when cases change. */
export interface LivePanelDefinition {
  readonly id: string;
  /** Key of the title in the language files. */
  readonly title: string;
  /** Where its figures come from: key of a short phrase. */
  readonly basis: string;
  readonly Body: ComponentType<LivePanelProps>;
}
