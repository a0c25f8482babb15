import type { Layer } from "@deck.gl/core";
import { PathLayer, PolygonLayer, ScatterplotLayer } from "@deck.gl/layers";
import type { Bbox, LonLat, Ring } from "../../../data/model/geometry.ts";
import type { CameraColumns } from "../../data/county-data.ts";
import { type MapPalette, rgba } from "../../map/palette.ts";
import { memoLast, type Scene } from "../../map/scene.ts";
import { FLAT } from "../deck-parameters.ts";
import { type CameraMark, cameraMarks, dashes, viewOfRow } from "./camera-views.ts";

/** From this zoom (at scale 1) a view of 60 m is larger than its point. */
export const VIEWS_FROM_ZOOM = 14;

interface View {
  readonly mark: CameraMark;
  readonly ring: Ring;
}

const colourOf = (palette: MapPalette, mark: CameraMark): string =>
  mark.online ? palette.network[mark.network] : palette.offline;

const views = memoLast((columns: CameraColumns, [west, south, east, north]: Bbox, inside: string): readonly View[] =>
  cameraMarks(columns).flatMap((mark) => {
    const [lon, lat] = mark.position;
    if (lon < west || lon > east || lat < south || lat > north || !mark.scope.startsWith(inside)) return [];
    const ring = viewOfRow(columns, mark);
    return ring ? [{ mark, ring }] : [];
  }),
);

const viewLayers = memoLast((shown: readonly View[], palette: MapPalette, scale: number): Layer[] => [
  new PolygonLayer<View>({
    id: "camera-views",
    data: shown.filter(({ mark }) => mark.online),
    getPolygon: (view) => view.ring as LonLat[] as [number, number][],
    getFillColor: ({ mark }) => rgba(colourOf(palette, mark), 40),
    getLineColor: ({ mark }) => rgba(colourOf(palette, mark), 150),
    getLineWidth: scale,
    lineWidthUnits: "pixels",
    stroked: true,
    parameters: FLAT,
  }),
  new PathLayer<LonLat[]>({
    id: "camera-views-offline",
    data: shown.filter(({ mark }) => !mark.online).flatMap(({ ring }) => dashes(ring)),
    getPath: (line) => line as [number, number][],
    getColor: rgba(palette.offline, 170),
    getWidth: scale,
    widthUnits: "pixels",
    parameters: FLAT,
  }),
]);

const points = memoLast(
  (
    columns: CameraColumns,
    inside: string,
    palette: MapPalette,
    scale: number,
    radius: number,
    chosen: string | undefined,
  ): Layer[] => {
    const all = cameraMarks(columns);
    const data = inside.length > 6 ? all.filter((mark) => mark.scope.startsWith(inside)) : all;
    return [
      new ScatterplotLayer<CameraMark>({
        id: "camera-points",
        data,
        getPosition: (mark) => mark.position as [number, number],
        getRadius: radius * scale,
        radiusUnits: "pixels",
        stroked: true,
        // Hollow when nobody sees through it: a sign that needs no colour.
        getFillColor: (mark) => rgba(mark.online ? colourOf(palette, mark) : palette.land, 255),
        getLineColor: (mark) => rgba(mark.online ? palette.halo : palette.offline, 255),
        getLineWidth: Math.max(1, radius * 0.28) * scale,
        lineWidthUnits: "pixels",
        pickable: true,
        parameters: FLAT,
      }),
      new ScatterplotLayer<CameraMark>({
        id: "camera-chosen",
        data: chosen ? all.filter((mark) => mark.id === chosen) : [],
        getPosition: (mark) => mark.position as [number, number],
        getRadius: (radius + 6) * scale,
        radiusUnits: "pixels",
        stroked: true,
        filled: false,
        getLineColor: rgba(palette.accent, 255),
        getLineWidth: 2.5 * scale,
        lineWidthUnits: "pixels",
        parameters: FLAT,
      }),
    ];
  },
);

/** Radius of a point in pixels at scale 1 by zoom: a dust of dots from afar, signs near. */
const pointRadius = (zoom: number): number => (zoom < 11 ? 2 : zoom < 13 ? 2.6 : zoom < 15 ? 3.8 : 5);

/** Cameras of the area by network and status, with their nominal views when near. */
export function camerasDeck(scene: Scene): Layer[] {
  const { data, view, palette, scale, zoom, bounds } = scene;
  const columns = data.cameras;
  if (!columns) return [];
  return [
    ...(zoom >= VIEWS_FROM_ZOOM ? viewLayers(views(columns, bounds, view.area), palette, scale) : []),
    ...points(columns, view.area, palette, scale, pointRadius(zoom), view.cameraId),
  ];
}
