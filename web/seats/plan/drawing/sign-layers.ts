import type { Layer } from "@deck.gl/core";
import { PathLayer, ScatterplotLayer } from "@deck.gl/layers";
import { type LatticePoint, toLonLat } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import type { PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { type Bbox, fromLattice, type LonLat, toLattice } from "../../../../data/model/geometry.ts";
import { FLAT } from "../../../layers/deck-parameters.ts";
import { type MapPalette, rgba } from "../../../map/palette.ts";
import { memoLast } from "../../../map/scene.ts";
import type { Sketch } from "../state/editor.ts";
import type { GroundPoints } from "../state/ground.ts";
import type { Snap } from "../state/snap.ts";

type Xy = [number, number];
const xy = (at: LonLat): Xy => [at[0], at[1]];

interface Corner {
  readonly at: LonLat;
  readonly isNode: boolean;
}

/** More corners than this in view are no help to a hand. */
const MOST_CORNERS = 6000;

/** Corners in a box; none where there are too many. */
function cornersIn(graph: PlanGraph, [west, south, east, north]: Bbox): Corner[] {
  const found: Corner[] = [];
  const [w, s, e, n] = [west, south, east, north].map(toLattice) as [number, number, number, number];
  for (const arc of graph.index.near(w, s, e, n)) {
    const line = graph.arcs.get(arc)?.line;
    if (!line) continue;
    for (let i = 0; i < line.length; i += 2) {
      const [x, y] = [line[i] as number, line[i + 1] as number];
      if (x < w || x > e || y < s || y > n) continue;
      found.push({ at: [fromLattice(x), fromLattice(y)], isNode: i === 0 || i === line.length - 2 });
      if (found.length > MOST_CORNERS) return [];
    }
  }
  return found;
}

const dots = (id: string, palette: MapPalette, scale: number, data: readonly Corner[]): Layer =>
  new ScatterplotLayer<Corner>({
    id,
    data,
    getPosition: ({ at }) => xy(at),
    getRadius: ({ isNode }) => (isNode ? 4.5 : 3) * scale,
    radiusUnits: "pixels",
    stroked: true,
    getFillColor: ({ isNode }) => (isNode ? rgba(palette.accent, 255) : rgba(palette.halo, 255)),
    getLineColor: ({ isNode }) => (isNode ? rgba(palette.halo, 255) : rgba(palette.text, 255)),
    getLineWidth: 1.4 * scale,
    lineWidthUnits: "pixels",
    parameters: FLAT,
  });

/** Corners of the borders in view: what a hand can take. */
export const cornerLayer = memoLast(
  (graph: PlanGraph, bounds: Bbox, palette: MapPalette, scale: number): Layer =>
    dots("plan-corners", palette, scale, cornersIn(graph, bounds)),
);

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
  const corners = sketch.points.map((at): Corner => ({ at: toLonLat(at), isNode: true }));
  return [
    line("plan-sketch-ground", palette.halo, 6),
    line("plan-sketch", palette.status.late, 3),
    dots("plan-sketch-corners", palette, scale, corners.length > 200 ? [] : corners),
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
