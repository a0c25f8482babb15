import { lowestAreas } from "../area-tree.ts";
import { sharesOption } from "../common.ts";
import type { ChartStyle, PanelDefinition, PanelInput } from "../types.ts";

export interface OwnershipFigures {
  readonly owned: number;
  readonly expired: number;
  readonly unowned: number;
  readonly total: number;
}

/** Lowest grids inside the area by whether a unit answers for them. */
export function ownershipFigures({ areas, area }: Pick<PanelInput, "areas" | "area">): OwnershipFigures {
  let owned = 0;
  let expired = 0;
  const lowest = lowestAreas(areas, area);
  for (const { owner } of lowest) {
    if (owner?.status === "owned") owned++;
    else if (owner?.status === "expired") expired++;
  }
  return { owned, expired, unowned: lowest.length - owned - expired, total: lowest.length };
}

function ownershipView(input: PanelInput, style: ChartStyle) {
  const { t, number } = input;
  const { owned, expired, unowned, total } = ownershipFigures(input);
  // Rounded down: 572 of 573 must not read 100 %.
  const share = total ? `${(Math.floor((owned / total) * 1000) / 10).toFixed(1)}%` : "–";
  const slices = [
    { key: "owned", name: t("ownership.owned"), value: owned, color: style.good },
    { key: "expired", name: t("ownership.expired"), value: expired, color: style.soon },
    { key: "unowned", name: t("ownership.unowned"), value: unowned, color: style.idle },
  ];
  return {
    empty: total === 0,
    summary: t("panel.ownership.summary", { share, owned: number(owned), total: number(total) }),
    option: sharesOption(slices, share, number, style),
  };
}

export const ownershipPanel: PanelDefinition = {
  id: "ownership",
  title: "panel.ownership.title",
  basis: "basis.ownership",
  ask: undefined,
  draw: (_, input, style) => ownershipView(input, style),
};
