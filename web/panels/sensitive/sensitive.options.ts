import { isInside } from "../../../data/model/codes.ts";
import type { PublishedCell } from "../../data/cube-store.ts";
import { type Bar, barsOption } from "../common.ts";
import { type CubePanelDefinition, type CubePanelInput, markText } from "../cube-types.ts";
import type { ChartStyle } from "../types.ts";

/** Communities named one by one: with the line of each major below them the card is full. */
const NAMED = 4;

export interface SensitiveFigures {
  /** Communities with five cases or more of a major, most first. */
  readonly known: readonly PublishedCell[];
  /** By major: how many communities have 1 to 4. */
  readonly small: ReadonlyMap<string, number>;
}

/** Cases of the sensitive classes in the communities of an area: numbers from five on, below that only how many places. */
export function sensitiveFigures({ cells, area }: Pick<CubePanelInput, "cells" | "area">): SensitiveFigures {
  // A grid has no cell of its own: its community stands for it.
  const inside = cells.filter(
    (cell) => cell.sensitive && cell.level === "COMMUNITY" && isInside(cell.areaCode, area.slice(0, 12)),
  );
  const known = inside
    .filter((cell) => cell.count != null)
    .sort((a, b) => (b.count ?? 0) - (a.count ?? 0) || (a.areaCode + a.major < b.areaCode + b.major ? -1 : 1));
  const small = new Map<string, number>();
  for (const { mark, major } of inside) if (mark === "LESS_THAN_FIVE") small.set(major, (small.get(major) ?? 0) + 1);
  return { known, small: new Map([...small].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function sensitiveView(input: CubePanelInput, style: ChartStyle) {
  const { t, areas, className } = input;
  const { known, small } = sensitiveFigures(input);
  const nameOf = (code: string): string => areas.find((area) => area.code === code)?.name ?? code;
  const bars: Bar[] = known.slice(0, NAMED).map((cell) => ({
    key: cell.areaCode,
    name: `${nameOf(cell.areaCode)} · ${className(cell.major)}`,
    value: cell.count ?? 0,
    color: style.accent,
    label: markText(cell, input),
  }));
  for (const [major, places] of small)
    bars.push({
      key: "",
      name: t("cube.smallPlaces", { name: className(major), places }),
      value: 0,
      color: style.idle,
      label: "<5",
    });
  return {
    empty: bars.length === 0,
    summary: t("panel.sensitive.summary", {
      month: input.month,
      list: bars.map((bar) => `${bar.name} ${bar.label}`).join(t("mark.comma")),
    }),
    option: barsOption(bars, style, 10.5),
  };
}

/** What those without access to the cases may know of disputes and requests: communities, by the month, a day late. */
export const sensitivePanel: CubePanelDefinition = {
  id: "sensitive",
  title: "panel.sensitive.title",
  basis: "basis.cube",
  build: sensitiveView,
};
