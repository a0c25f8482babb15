import { WORLD_PX } from "../../../data/columns/cluster.ts";
import { adjacencyOf } from "../../../data/metrics/adjacency.ts";
import { colourGraph } from "../../../data/metrics/graph-colouring.ts";
import type { AreaLevel } from "../../../data/model/codes.ts";
import type { Bbox } from "../../../data/model/geometry.ts";
import type { AreaIndex } from "../../map/area-index.ts";
import { depthOf } from "../../map/area-index.ts";
import { type MapPalette, unitColour } from "../../map/palette.ts";
import { memoLast, type Scene } from "../../map/scene.ts";
import { textWidth } from "../labels/text-size.ts";

/**
 * Units have colours and names once the median community is this wide on screen (pixels at scale 1; 110 on a wall of
 * 1920 × 1080, where the scale is 1.25), so that a patch of colour is a place and not noise. Below it only who has an
 * owner at all.
 */
export const UNITS_FROM_PX = 88;
/** `Scene.zoom` is rounded down to halves; its step is judged by its middle. */
const HALF_STEP = 0.25;

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

/** Width of a box on screen: CSS pixels for the map's own zoom, pixels at scale 1 for a zoom at scale 1. */
export const widthPx = ([west, , east]: Bbox, zoom: number): number => ((east - west) / 360) * WORLD_PX * 2 ** zoom;

/** Median width of the county's communities in degrees of longitude; of its towns where no community is known. */
export const medianCommunityWidth = memoLast((index: AreaIndex): number => {
  const widths = (level: AreaLevel): number[] =>
    index.areas
      .filter((area) => area.level === level)
      .map(({ code }) => index.bboxes.get(code))
      .map((box) => (box ? box[2] - box[0] : 0))
      .sort((a, b) => a - b);
  const communities = widths("community");
  const known = communities.length > 0 ? communities : widths("town");
  return known[known.length >> 1] ?? 0;
});

/** True when communities are large enough on screen, or the map is drilled to one, for colours and names of units. */
export const showsUnits = ({ zoom, view, index }: Pick<Scene, "zoom" | "view" | "index">): boolean =>
  depthOf(view.area) >= 2 || widthPx([0, 0, medianCommunityWidth(index), 0], zoom + HALF_STEP) >= UNITS_FROM_PX;

/**
 * Whether a unit's name fits the area it is written on.
 *
 * @param size height of the type, pixels at scale 1
 * @param zoom zoom at scale 1, as in `Scene`
 */
export function unitNameFits(index: AreaIndex, code: string, name: string, size: number, zoom: number): boolean {
  const box = index.bboxes.get(code);
  // Names break after nine characters (`labelLayer`).
  return !!box && textWidth(name, size, 9) <= widthPx(box, zoom);
}

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
