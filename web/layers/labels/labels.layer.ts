import type { AreaLevel } from "../../../data/model/codes.ts";
import type { FeatureCollection } from "../../../data/model/geojson.ts";
import { type AreaIndex, depthOf } from "../../map/area-index.ts";
import type { MapPalette } from "../../map/palette.ts";
import { memoLast, type Scene, type StylePart } from "../../map/scene.ts";
import { collection, feature } from "../feature.ts";
import { showsUnits, unitNameFits } from "../ownership/ownership.ts";
import { labelLayer } from "./label-layer.ts";

/** Zooms (at scale 1) between which names of a level are legible and not yet too large to help; size in pixels. */
export const NAMES: Readonly<
  Record<AreaLevel, { readonly from: number; readonly to: number; readonly size: number; readonly rank: number }>
> = {
  county: { from: 0, to: 9, size: 17, rank: 0 },
  town: { from: 7.5, to: 14, size: 15, rank: 1 },
  community: { from: 10.5, to: 17, size: 13.5, rank: 2 },
  grid: { from: 13, to: 24, size: 12, rank: 3 },
  micro: { from: 14.2, to: 24, size: 11.5, rank: 4 },
};

const names = memoLast(
  (
    index: AreaIndex,
    palette: MapPalette,
    zoom: number,
    inside: string,
    withUnits: boolean,
    chosen: string,
    named: string,
  ): FeatureCollection => {
    const depth = depthOf(inside);
    return collection(
      index.areas.flatMap((area) => {
        // The staff layer names the area that its lines start from.
        if (area.code === named) return [];
        const { from, to, size, rank } = NAMES[area.level];
        const isInside = area.code.startsWith(inside);
        // Children of the area drilled to are what one looks for, at any zoom; outside it only neighbours are named.
        const isChild = isInside && depthOf(area.code) === depth + 1 && depth > 0;
        if (!isChild && (zoom < from || zoom > to)) return [];
        if (!isInside && depthOf(area.code) > depth) return [];
        const owner = withUnits ? area.owner : null;
        const unit = owner && unitNameFits(index, area.code, owner.name, size * 0.86, zoom) ? owner : null;
        const isChosen = chosen !== "" && area.owner?.id === chosen;
        return [
          feature(
            { type: "Point", coordinates: area.label },
            {
              text: area.name,
              second: unit ? unit.name : "",
              rank: (isChosen ? 0 : isInside ? rank : rank + 5) * 1000,
              size,
              colour:
                isInside && (isChosen || depthOf(area.code) <= depth + 1 || (area.urban && rank <= 2))
                  ? palette.text
                  : palette.textMuted,
            },
          ),
        ];
      }),
    );
  },
);

/** Names of areas, with the responsible unit below where it fits; they never overlap. */
export function labelsStyle(scene: Scene): StylePart {
  const { index, palette, scale, view, zoom } = scene;
  const withUnits = view.layers.includes("ownership") && showsUnits(scene);
  return {
    sources: {
      labels: names(index, palette, zoom, view.area, withUnits, view.organisationId ?? "", scene.staff?.code ?? ""),
    },
    layers: [labelLayer("labels", palette, scale, "Bold")],
  };
}
