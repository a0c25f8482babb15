import type { Layer } from "@deck.gl/core";
import { IconLayer, ScatterplotLayer, TextLayer } from "@deck.gl/layers";
import type { Language } from "../../app/view-state.ts";
import type { MapPalette } from "../../map/palette.ts";
import { rgba } from "../../map/palette.ts";
import { memoLast, type Scene, type StylePart } from "../../map/scene.ts";
import { FLAT } from "../deck-parameters.ts";
import { collection } from "../feature.ts";
import { roomFor, roomLayer } from "../labels/room.ts";
import { dotsDeck } from "./dots/dots.ts";
import { incidentIcons, ringName } from "./incident-icons.ts";
import { type IncidentCluster, type IncidentMarks, type IncidentPoint, marksOf, shortCount } from "./incident-marks.ts";

/** Size of a sign in pixels at scale 1. */
export const SIGN_PX: Readonly<Record<IncidentPoint["status"], number>> = {
  open: 20,
  due_soon: 21,
  late: 23,
  on_hold: 20,
  closed: 15,
  suspicious: 20,
};

/** Radius of a cluster's disc at scale 1: grows with the logarithm of its count, and stays below half the cluster radius. */
export const discRadius = (count: number): number => Math.min(26, 11 + 3.6 * Math.log10(count));

const singles = memoLast((points: readonly IncidentPoint[], palette: MapPalette, scale: number): Layer[] => {
  const { texture, mapping } = incidentIcons(palette);
  return [
    new ScatterplotLayer<IncidentPoint>({
      id: "incident-severe",
      data: points.filter((point) => point.severe),
      getPosition: (point) => point.position as [number, number],
      getRadius: 15 * scale,
      radiusUnits: "pixels",
      stroked: true,
      getFillColor: (point) => rgba(palette.status[point.status], 46),
      getLineColor: (point) => rgba(palette.status[point.status], 235),
      getLineWidth: 1.8 * scale,
      lineWidthUnits: "pixels",
      parameters: FLAT,
    }),
    new IconLayer<IncidentPoint>({
      id: "incident-points",
      data: points,
      iconAtlas: texture,
      iconMapping: mapping,
      getPosition: (point) => point.position as [number, number],
      getIcon: (point) => point.status,
      getSize: (point) => SIGN_PX[point.status] * scale,
      sizeUnits: "pixels",
      alphaCutoff: 0.02,
      pickable: true,
      parameters: FLAT,
    }),
  ];
});

/** Groups step back while lines to staff are shown: the story is the one case, not the county. */
const DIMMED = 0.4;

const groups = memoLast(
  (
    clusters: readonly IncidentCluster[],
    palette: MapPalette,
    scale: number,
    language: Language,
    opacity: number,
  ): Layer[] => {
    const { texture, mapping } = incidentIcons(palette);
    const ring = (id: string, colour: string, share: (cluster: IncidentCluster) => number): Layer =>
      new IconLayer<IncidentCluster>({
        id,
        data: clusters.filter((cluster) => share(cluster) > 0),
        iconAtlas: texture,
        iconMapping: mapping,
        getPosition: (cluster) => cluster.position as [number, number],
        getIcon: (cluster) => ringName(share(cluster)),
        // The ring's middle line lies at 27/64 of the icon; it is to lie on the disc's edge.
        getSize: (cluster) => (discRadius(cluster.count) * scale * 64) / 27,
        getColor: rgba(colour, 255),
        sizeUnits: "pixels",
        alphaCutoff: 0.02,
        opacity,
        parameters: FLAT,
      });
    return [
      new ScatterplotLayer<IncidentCluster>({
        id: "incident-cluster-severe",
        data: clusters.filter((cluster) => cluster.severe),
        getPosition: (cluster) => cluster.position as [number, number],
        getRadius: (cluster) => (discRadius(cluster.count) + 5) * scale,
        radiusUnits: "pixels",
        stroked: true,
        filled: false,
        getLineColor: rgba(palette.status.late, 190),
        getLineWidth: 1.4 * scale,
        lineWidthUnits: "pixels",
        opacity,
        parameters: FLAT,
      }),
      new ScatterplotLayer<IncidentCluster>({
        id: "incident-clusters",
        data: clusters,
        getPosition: (cluster) => cluster.position as [number, number],
        getRadius: (cluster) => discRadius(cluster.count) * scale,
        radiusUnits: "pixels",
        stroked: true,
        getFillColor: rgba(palette.panel, 232),
        getLineColor: rgba(palette.status.closed, 255),
        getLineWidth: 2.4 * scale,
        lineWidthUnits: "pixels",
        pickable: true,
        opacity,
        parameters: FLAT,
      }),
      ring("incident-cluster-open", palette.status.open, (cluster) => cluster.openShare),
      ring("incident-cluster-late", palette.status.late, (cluster) => cluster.lateShare),
      new TextLayer<IncidentCluster>({
        id: "incident-counts",
        data: clusters,
        characterSet: "0123456789.k万",
        fontFamily: "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif",
        fontWeight: 600,
        fontSettings: { sdf: false, fontSize: 48 },
        getPosition: (cluster) => cluster.position as [number, number],
        getText: (cluster) => shortCount(cluster.count, language === "zh-CN"),
        getSize: 12.5 * scale,
        sizeUnits: "pixels",
        getColor: rgba(palette.text, 255),
        opacity,
        parameters: FLAT,
      }),
    ];
  },
);

const selected = memoLast(
  (position: readonly [number, number] | undefined, palette: MapPalette, scale: number): Layer[] =>
    position
      ? [
          new ScatterplotLayer({
            id: "incident-selected",
            data: [position],
            getPosition: (at: readonly [number, number]) => [at[0], at[1]],
            getRadius: 20 * scale,
            radiusUnits: "pixels",
            stroked: true,
            filled: false,
            getLineColor: rgba(palette.accent, 255),
            getLineWidth: 3 * scale,
            lineWidthUnits: "pixels",
            parameters: FLAT,
          }),
        ]
      : [],
);

/** Closed cases as dots; the others by status, grouped from afar, severe and selected ones ringed. */
export function incidentsDeck(scene: Scene): Layer[] {
  const { palette, scale, view, cases, staff } = scene;
  const marks = marksOf(scene);
  return [
    ...dotsDeck(scene),
    ...singles(marks.points, palette, scale),
    ...groups(marks.clusters, palette, scale, view.language, staff ? DIMMED : 1),
    ...selected(cases.chosen?.point, palette, scale),
  ];
}

/** Room that names leave for groups and for open cases; closed ones are dots that a name may cover. */
const room = memoLast((marks: IncidentMarks, scale: number) =>
  collection([
    ...marks.clusters.map((cluster) => roomFor(cluster.position, (discRadius(cluster.count) + 4) * scale)),
    ...marks.points
      .filter((point) => point.status !== "closed")
      .map((point) => roomFor(point.position, (SIGN_PX[point.status] / 2) * scale)),
  ]),
);

const ROOM_LAYERS = [roomLayer("incident-room")];

/** Keeps names clear of the signs that deck.gl draws. */
export const incidentsStyle = (scene: Scene): StylePart => ({
  sources: { "incident-room": room(marksOf(scene), scene.scale) },
  layers: [],
  topLayers: ROOM_LAYERS,
});
