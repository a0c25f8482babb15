import { adjacencyOf } from "../../../data/metrics/adjacency.ts";
import { colourGraph } from "../../../data/metrics/graph-colouring.ts";
import type { AreaIndex } from "../../map/area-index.ts";
import { depthOf } from "../../map/area-index.ts";
import { type MapPalette, unitColour } from "../../map/palette.ts";
import { memoLast, type Scene } from "../../map/scene.ts";

/** From this zoom (at scale 1) units have colours and names; before it only who has an owner at all. */
export const UNITS_FROM_ZOOM = 13;

export type OwnershipStatus = "owned" | "expired" | "unowned";

/** A unit that answers for at least one of the lowest grids. */
export interface OwnershipUnit {
  readonly id: string;
  readonly name: string;
  /** Index of its colour; neighbours differ. */
  readonly colour: number;
  /** Codes of its grids, sorted. */
  readonly grids: readonly string[];
}

/** Units and their colours: from ids and borders alone, so that they are the same in every session. */
export const ownershipUnits = memoLast((index: AreaIndex): ReadonlyMap<string, OwnershipUnit> => {
  const held = index.lowest.flatMap((area) => (area.owner ? [{ area, owner: area.owner }] : []));
  const colours = colourGraph(
    adjacencyOf(held.map(({ area, owner }) => ({ key: owner.id, rings: area.geometry.coordinates }))),
    12,
  );
  const units = new Map<string, { id: string; name: string; colour: number; grids: string[] }>();
  for (const { area, owner } of held) {
    const unit = units.get(owner.id);
    if (unit) unit.grids.push(area.code);
    else
      units.set(owner.id, {
        id: owner.id,
        name: owner.name,
        colour: colours.get(owner.id) ?? 0,
        grids: [area.code],
      });
  }
  return units;
});

/** True when the map is close enough, or drilled deep enough, for colours and names of units. */
export const showsUnits = (scene: Pick<Scene, "zoom" | "view">): boolean =>
  scene.zoom >= UNITS_FROM_ZOOM || depthOf(scene.view.area) >= 2;

/** Colour of an area at the present zoom. */
export function ownershipColour(
  palette: MapPalette,
  units: ReadonlyMap<string, OwnershipUnit>,
  owner: { readonly id: string; readonly status: "owned" | "expired" } | null,
  byUnit: boolean,
): string {
  if (!owner) return palette.unowned;
  if (!byUnit) return owner.status === "expired" ? palette.expired : palette.owned;
  return unitColour(palette, units.get(owner.id)?.colour ?? 0);
}

/** How many of the lowest grids inside an area are owned, expired and without anybody. */
export const ownershipCounts = memoLast(
  (index: AreaIndex, inside: string): Readonly<Record<OwnershipStatus, number>> => {
    const counts = { owned: 0, expired: 0, unowned: 0 };
    for (const area of index.lowest) if (area.code.startsWith(inside)) counts[area.owner?.status ?? "unowned"]++;
    return counts;
  },
);
