import type { Layer } from "@deck.gl/core";
import { PathLayer, ScatterplotLayer, TextLayer } from "@deck.gl/layers";
import type { FeatureCollection } from "../../../data/model/geojson.ts";
import type { LonLat } from "../../../data/model/geometry.ts";
import { type MapPalette, rgba } from "../../map/palette.ts";
import { memoLast, type Scene, type StylePart } from "../../map/scene.ts";
import { bowedLine } from "../bowed-line.ts";
import { FLAT } from "../deck-parameters.ts";
import { collection } from "../feature.ts";
import { roomFor, roomLayer } from "../labels/room.ts";
import type { StaffEnd, StaffLinks } from "./staff-links.ts";
import { colourOf, endsOf, staffNames, staffNamesLayer } from "./staff-names.ts";

const lines = memoLast((links: StaffLinks, palette: MapPalette, scale: number): Layer[] => {
  const all = [...endsOf(links)].reverse();
  return [
    new PathLayer<StaffEnd>({
      id: "staff-line-ground",
      data: all,
      getPath: (end) => bowedLine(links.from, end.point) as [number, number][],
      getColor: rgba(palette.halo, 200),
      getWidth: (end) => ((end.answersNow ? 3.2 : 1.6) + 2.6) * scale,
      widthUnits: "pixels",
      capRounded: true,
      jointRounded: true,
      parameters: FLAT,
    }),
    new PathLayer<StaffEnd>({
      id: "staff-lines",
      data: all,
      getPath: (end) => bowedLine(links.from, end.point) as [number, number][],
      getColor: (end) => rgba(colourOf(palette, end), end.answersNow ? 255 : end.onDuty ? 200 : 130),
      getWidth: (end) => (end.answersNow ? 3.2 : 1.6) * scale,
      widthUnits: "pixels",
      capRounded: true,
      jointRounded: true,
      parameters: FLAT,
    }),
    new ScatterplotLayer<StaffEnd>({
      id: "staff-posts",
      data: all,
      getPosition: (end) => end.point as [number, number],
      getRadius: (end) => (end.links.length > 1 ? 10 : 7) * scale,
      radiusUnits: "pixels",
      stroked: true,
      getFillColor: (end) => rgba(end.onDuty ? colourOf(palette, end) : palette.panel, 255),
      getLineColor: (end) => rgba(end.onDuty ? palette.halo : palette.textMuted, 255),
      getLineWidth: 2 * scale,
      lineWidthUnits: "pixels",
      parameters: FLAT,
    }),
    new TextLayer<StaffEnd>({
      id: "staff-counts",
      data: all.filter((end) => end.links.length > 1),
      characterSet: "0123456789",
      fontFamily: "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif",
      fontWeight: 700,
      fontSettings: { fontSize: 48 },
      getPosition: (end) => end.point as [number, number],
      getText: (end) => String(end.links.length),
      getSize: 12 * scale,
      sizeUnits: "pixels",
      getColor: (end) => rgba(end.onDuty ? palette.halo : palette.textMuted, 255),
      parameters: FLAT,
    }),
    new ScatterplotLayer<LonLat>({
      id: "staff-start",
      data: [links.from],
      getPosition: (at) => at as [number, number],
      getRadius: 5 * scale,
      radiusUnits: "pixels",
      stroked: true,
      getFillColor: rgba(palette.halo, 255),
      getLineColor: rgba(palette.accent, 255),
      getLineWidth: 2.4 * scale,
      lineWidthUnits: "pixels",
      parameters: FLAT,
    }),
  ];
});

/** Room that names leave for the posts themselves. */
const room = memoLast(
  (links: StaffLinks, scale: number): FeatureCollection =>
    collection([roomFor(links.from, 8 * scale), ...endsOf(links).map((end) => roomFor(end.point, 10 * scale))]),
);

const STAFF_ROOM = roomLayer("staff-room");

/** Lines from the grid (or incident) to the fixed addresses of the posts that answer for it. */
export const staffDeck = (scene: Scene): Layer[] => (scene.staff ? lines(scene.staff, scene.palette, scene.scale) : []);

/** Who stands at each address, on plates; all other names keep clear of them. */
export function staffStyle(scene: Scene): StylePart {
  const { staff, palette, scale } = scene;
  if (!staff) return { sources: {}, layers: [] };
  return {
    sources: { "staff-names": staffNames(scene, staff), "staff-room": room(staff, scale) },
    layers: [],
    topLayers: [STAFF_ROOM, staffNamesLayer(palette, scale)],
  };
}
