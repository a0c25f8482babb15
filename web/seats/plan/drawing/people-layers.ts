import type { Layer } from "@deck.gl/core";
import { PathLayer, ScatterplotLayer } from "@deck.gl/layers";
import type { CellId, PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import type { LonLat, Ring } from "../../../../data/model/geometry.ts";
import { FLAT } from "../../../layers/deck-parameters.ts";
import { type MapPalette, rgba } from "../../../map/palette.ts";
import { memoLast } from "../../../map/scene.ts";
import type { NextPin, Pin } from "../state/pins.ts";
import { type CellShapes, pathOf } from "./shapes.ts";

type Xy = [number, number];
const xy = (at: LonLat): Xy => [at[0], at[1]];

/** The boundaries of today, under those of the plan. */
export const ghostLayer = memoLast(
  (base: PlanGraph, palette: MapPalette, scale: number): Layer =>
    new PathLayer<Int32Array>({
      id: "plan-ghost",
      data: [...base.arcs].flatMap((arc) => (arc ? [arc.line] : [])),
      positionFormat: "XY",
      _pathType: "open",
      getPath: pathOf,
      getColor: rgba(palette.status.due_soon, 170),
      getWidth: 5 * scale,
      widthUnits: "pixels",
      capRounded: true,
      parameters: FLAT,
    }),
);

/** Outlines of cells that others hold. */
export const heldLayer = (
  held: ReadonlyMap<CellId, string>,
  shapes: CellShapes,
  palette: MapPalette,
  scale: number,
): Layer =>
  new PathLayer<Ring>({
    id: "plan-held",
    data: [...held.keys()].flatMap((id) => (shapes.get(id)?.polygons ?? []).flat()),
    getPath: (ring) => ring as unknown as Xy[],
    getColor: rgba(palette.network.huiyan, 220),
    getWidth: 6 * scale,
    widthUnits: "pixels",
    jointRounded: true,
    parameters: FLAT,
  });

/** Comments, settled ones faint, and the place of the next one; numbers are the map's own labels. */
export const pinLayer = memoLast(
  (pins: readonly Pin[], next: NextPin | undefined, palette: MapPalette, scale: number): Layer =>
    new ScatterplotLayer<{ readonly at: LonLat; readonly open: boolean; readonly isNext: boolean }>({
      id: "plan-pins",
      data: [
        ...pins.map(({ at, open }) => ({ at, open, isNext: false })),
        ...(next ? [{ at: next.at, open: true, isNext: true }] : []),
      ],
      getPosition: ({ at }) => xy(at),
      getRadius: 10 * scale,
      radiusUnits: "pixels",
      stroked: true,
      getFillColor: ({ open, isNext }) => rgba(isNext ? palette.accent : palette.halo, open ? 235 : 120),
      getLineColor: ({ open }) => rgba(open ? palette.accent : palette.textMuted, 255),
      getLineWidth: 2.5 * scale,
      lineWidthUnits: "pixels",
      parameters: FLAT,
    }),
);

/** Where two changed the same and the planner is asked. */
export const conflictLayer = memoLast(
  (places: readonly LonLat[], palette: MapPalette, scale: number): Layer =>
    new ScatterplotLayer<LonLat>({
      id: "plan-conflicts",
      data: places,
      getPosition: xy,
      getRadius: 12 * scale,
      radiusUnits: "pixels",
      stroked: true,
      getFillColor: rgba(palette.status.due_soon, 110),
      getLineColor: rgba(palette.status.due_soon, 255),
      getLineWidth: 3 * scale,
      lineWidthUnits: "pixels",
      parameters: FLAT,
    }),
);
