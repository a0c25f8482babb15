import type { Layer } from "@deck.gl/core";
import { PathLayer, ScatterplotLayer, TextLayer } from "@deck.gl/layers";
import type { FeatureCollection } from "../../../data/model/geojson.ts";
import type { LonLat } from "../../../data/model/geometry.ts";
import type { Language } from "../../app/view-state.ts";
import { type MapPalette, rgba } from "../../map/palette.ts";
import { type MapSeat, memoLast, type Scene, type StylePart } from "../../map/scene.ts";
import { FLAT } from "../deck-parameters.ts";
import { collection, feature } from "../feature.ts";
import { labelLayer } from "../labels/label-layer.ts";
import { roomFor, roomLayer } from "../labels/room.ts";
import { fill } from "../use-texts.ts";
import { mergeEnds, type StaffEnd, type StaffLink, type StaffLinks } from "./staff-links.ts";
import { texts } from "./texts.ts";

const ends = memoLast((links: StaffLinks): readonly StaffEnd[] => mergeEnds(links.links));

/** Persons named beside one address; the rest are counted. */
const NAMED = 3;
const CURVE_STEPS = 24;
/** How far a line bows out, as a share of its length: lines to neighbouring posts part at once. */
const BOW = 0.14;

/** A line from `from` to `to` that bows to the left; lon/lat, good for the few kilometres it spans. */
export function bowedLine(from: LonLat, to: LonLat): LonLat[] {
  const shrink = Math.cos((from[1] * Math.PI) / 180);
  const [dx, dy] = [(to[0] - from[0]) * shrink, to[1] - from[1]];
  const middle: LonLat = [(from[0] + to[0]) / 2 - (dy * BOW) / shrink, (from[1] + to[1]) / 2 + dx * BOW];
  return Array.from({ length: CURVE_STEPS + 1 }, (_, i) => {
    const t = i / CURVE_STEPS;
    const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t * t];
    return [a * from[0] + b * middle[0] + c * to[0], a * from[1] + b * middle[1] + c * to[1]];
  });
}

const colourOf = (palette: MapPalette, end: StaffEnd): string =>
  end.answersNow ? palette.accent : end.onDuty ? palette.network.xueliang : palette.textMuted;

const lines = memoLast((links: StaffLinks, palette: MapPalette, scale: number): Layer[] => {
  const all = [...ends(links)].reverse();
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

/** One person in words: role, name, on duty or not, and on the desk the work contact. */
export function describeLink(link: StaffLink, language: Language, seat: MapSeat): string {
  const t = texts[language];
  const role = link.ofResponsible ? `${t.responsible} · ${t.kinds[link.kind]}` : t.kinds[link.kind];
  if (!link.name) return `${role} · ${t.nobody}`;
  const phone = seat === "desk" && link.phone ? ` ${link.phone}` : "";
  return `${role} ${link.name} · ${link.onDuty ? t.onDuty : t.offDuty}${phone}`;
}

const names = memoLast(
  (links: StaffLinks, palette: MapPalette, language: Language, seat: MapSeat): FeatureCollection => {
    const t = texts[language];
    const posts = ends(links).map((end, i) => {
      const people = end.links.slice(0, NAMED).map((link) => describeLink(link, language, seat));
      const more = end.links.length > NAMED ? [fill(t.more, { n: end.links.length })] : [];
      return feature(
        { type: "Point", coordinates: end.point },
        {
          text: [...people, ...more].join("\n"),
          second: `${t.place} · ${end.place}`,
          rank: i + 1,
          size: end.answersNow ? 14 : 12.5,
          colour: end.answersNow ? palette.accent : end.onDuty ? palette.text : palette.textMuted,
        },
      );
    });
    const start = feature(
      { type: "Point", coordinates: links.from },
      {
        text: links.responsible ? `${t.responsible} ${links.responsible.name}` : links.name,
        second: links.responsible ? links.name : "",
        rank: 0,
        size: 13,
        colour: palette.text,
      },
    );
    return collection([start, ...posts]);
  },
);

/** Room that names leave for the posts themselves. */
const room = memoLast(
  (links: StaffLinks, scale: number): FeatureCollection =>
    collection([roomFor(links.from, 8 * scale), ...ends(links).map((end) => roomFor(end.point, 10 * scale))]),
);

/** Lines from the grid (or incident) to the fixed addresses of the posts that answer for it. */
export const staffDeck = (scene: Scene): Layer[] => (scene.staff ? lines(scene.staff, scene.palette, scene.scale) : []);

/** Who stands at each address; placed before all other names, on whichever side of the post has room. */
export function staffStyle(scene: Scene): StylePart {
  const { staff, palette, scale, view, seat } = scene;
  if (!staff) return { sources: {}, layers: [] };
  const base = labelLayer("staff-names", palette, scale, "Bold");
  return {
    sources: { "staff-names": names(staff, palette, view.language, seat), "staff-room": room(staff, scale) },
    layers: [],
    topLayers: [
      roomLayer("staff-room"),
      {
        ...base,
        layout: {
          ...base.layout,
          "text-max-width": 30,
          "text-variable-anchor": [
            "left",
            "right",
            "top",
            "bottom",
            "top-left",
            "top-right",
            "bottom-left",
            "bottom-right",
          ],
          "text-radial-offset": 1.2,
          "text-justify": "auto",
        },
        paint: { ...base.paint, "text-halo-width": 2.2 * scale },
      },
    ],
  };
}
