import type { Layer } from "@deck.gl/core";
import { PathLayer, ScatterplotLayer } from "@deck.gl/layers";
import { type LatticePoint, toLonLat } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import { fromLattice, type LonLat } from "../../../../data/model/geometry.ts";
import { FLAT } from "../../../layers/deck-parameters.ts";
import { type MapPalette, rgba } from "../../../map/palette.ts";
import { memoLast } from "../../../map/scene.ts";
import type { Sketch } from "../state/editor.ts";
import type { GroundPoints } from "../state/ground.ts";
import type { Snap } from "../state/snap.ts";
import { type Corner, dots } from "./corner-layers.ts";

type Xy = [number, number];
const xy = (at: LonLat): Xy => [at[0], at[1]];

/** The corner that is chosen, with a ring around it. */
export const chosenCorner = memoLast(
  (corner: LatticePoint, palette: MapPalette, scale: number): Layer =>
    new ScatterplotLayer<LatticePoint>({
      id: "plan-corner",
      data: [corner],
      getPosition: (at) => xy(toLonLat(at)),
      getRadius: 8 * scale,
      radiusUnits: "pixels",
      filled: false,
      stroked: true,
      getLineColor: rgba(palette.accent, 255),
      getLineWidth: 3 * scale,
      lineWidthUnits: "pixels",
      parameters: FLAT,
    }),
);

/** The line that is being drawn, on a light ground so that it reads over anything. */
export const sketchLayers = memoLast((sketch: Sketch, palette: MapPalette, scale: number): Layer[] => {
  const points = sketch.next ? [...sketch.points, sketch.next] : sketch.points;
  const path = points.map((at) => xy(toLonLat(at)));
  const [first] = path;
  const whole = sketch.closed && first && path.length > 2 ? [...path, first] : path;
  const line = (id: string, colour: string, width: number): Layer =>
    new PathLayer<Xy[]>({
      id,
      data: whole.length > 1 ? [whole] : [],
      getPath: (points) => points,
      getColor: rgba(colour, 255),
      getWidth: width * scale,
      widthUnits: "pixels",
      jointRounded: true,
      capRounded: true,
      parameters: FLAT,
    });
  const corners = sketch.points.map((at): Corner => ({ arc: -1, at: toLonLat(at), isNode: true }));
  return [
    line("plan-sketch-ground", palette.halo, 6),
    line("plan-sketch", palette.status.late, 3),
    dots({ id: "plan-sketch-corners", palette, scale, data: corners.length > 200 ? [] : corners }),
  ];
});

/** What the pointer is drawn to: the stretch, and the place on it. */
export const snapLayers = memoLast((snap: Snap, palette: MapPalette, scale: number): Layer[] => [
  new PathLayer<readonly LatticePoint[]>({
    id: "plan-snap-guide",
    data: snap.guide.length > 1 ? [snap.guide] : [],
    getPath: (points) => points.map((at) => xy(toLonLat(at))),
    getColor: rgba(palette.network.huiyan, 255),
    getWidth: 5 * scale,
    widthUnits: "pixels",
    capRounded: true,
    parameters: FLAT,
  }),
  new ScatterplotLayer<LatticePoint>({
    id: "plan-snap",
    data: [snap.at],
    getPosition: (at) => xy(toLonLat(at)),
    getRadius: 7 * scale,
    radiusUnits: "pixels",
    filled: false,
    stroked: true,
    getLineColor: rgba(palette.network.huiyan, 255),
    getLineWidth: 3 * scale,
    lineWidthUnits: "pixels",
    parameters: FLAT,
  }),
]);

/** Where an edit was refused, or an issue lies. */
export const markLayer = memoLast(
  (where: LonLat, palette: MapPalette, scale: number): Layer =>
    new ScatterplotLayer<LonLat>({
      id: "plan-mark",
      data: [where],
      getPosition: xy,
      getRadius: 13 * scale,
      radiusUnits: "pixels",
      stroked: true,
      getFillColor: rgba(palette.status.late, 60),
      getLineColor: rgba(palette.status.late, 255),
      getLineWidth: 3 * scale,
      lineWidthUnits: "pixels",
      parameters: FLAT,
    }),
);

/** Buildings by how many households live there: the area of a dot is their number. */
export const homeLayer = memoLast(
  (homes: GroundPoints, palette: MapPalette, scale: number): Layer =>
    new ScatterplotLayer({
      id: "plan-homes",
      data: { length: homes.x.length },
      getPosition: (_: unknown, { index }: { index: number }) =>
        [fromLattice(homes.x[index] as number), fromLattice(homes.y[index] as number)] as Xy,
      getRadius: (_: unknown, { index }: { index: number }) =>
        (1 + Math.sqrt(homes.count[index] as number) * 0.55) * scale,
      radiusUnits: "pixels",
      getFillColor: rgba(palette.textMuted, 130),
      parameters: FLAT,
    }),
);
