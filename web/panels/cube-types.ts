import type { PublishedCell } from "../data/cube-store.ts";
import type { ChartStyle, PanelInput, PanelView } from "./types.ts";

/** All that a panel of published numbers may look at: one month of the cube, the areas, and words. */
export interface CubePanelInput extends Pick<PanelInput, "area" | "areas" | "t" | "className" | "number"> {
  /** yyyy-mm */
  readonly month: string;
  readonly cells: readonly PublishedCell[];
}

/** A panel that is fed by the cube alone: also visitors see it. */
export interface CubePanelDefinition {
  readonly id: string;
  /** Key of the title in the language files. */
  readonly title: string;
  /** Where its figures come from: key of a short phrase. */
  readonly basis: string;
  readonly build: (input: CubePanelInput, style: ChartStyle) => PanelView;
}

/** A published number in words: 12, ≥10, <5, or that it is withheld. */
export function markText(
  { mark, count }: Pick<PublishedCell, "mark" | "count">,
  { t, number }: Pick<CubePanelInput, "t" | "number">,
): string {
  if (mark === "LESS_THAN_FIVE") return "<5";
  if (mark === "HIDDEN" || count == null) return t("cube.hidden");
  return mark === "AT_LEAST" ? `≥${number(count)}` : number(count);
}
