import type { SymbolLayerSpecification } from "maplibre-gl";
import { toMercator, WORLD_PX } from "../../../data/columns/cluster.ts";
import type { FeatureCollection } from "../../../data/model/geojson.ts";
import type { LonLat } from "../../../data/model/geometry.ts";
import type { Language } from "../../app/view-state.ts";
import type { MapPalette } from "../../map/palette.ts";
import { type MapSeat, memoLast, type Scene } from "../../map/scene.ts";
import { collection, feature } from "../feature.ts";
import { type IncidentMarks, marksOf } from "../incidents/incident-marks.ts";
import { discRadius, SIGN_PX } from "../incidents/incidents.layer.ts";
import { labelLayer } from "../labels/label-layer.ts";
import { textWidth } from "../labels/text-size.ts";
import { fill } from "../use-texts.ts";
import { type PixelPoint, placePlates, type Sign } from "./place-names.ts";
import { plateName } from "./plate-image.ts";
import { mergeEnds, type StaffEnd, type StaffLink, type StaffLinks } from "./staff-links.ts";
import { texts } from "./texts.ts";

/** Persons named beside one address; the rest are counted. */
const NAMED = 3;
const LINE_HEIGHT = 1.25;
const SECOND_SCALE = 0.86;
/** Rim of the plate around its text, pixels at scale 1. */
const RIM_PX = 4;

/** Addresses that lines of a grid end at, merged; who answers now first. */
export const endsOf = memoLast((links: StaffLinks): readonly StaffEnd[] => mergeEnds(links.links));

/** Colour of a line and of the name at its end. */
export const colourOf = (palette: MapPalette, end: StaffEnd): string =>
  end.answersNow ? palette.accent : end.onDuty ? palette.network.xueliang : palette.textMuted;

/** One person in words: role, name, on duty or not, and on the desk the work contact. */
export function describeLink(link: StaffLink, language: Language, seat: MapSeat): string {
  const t = texts[language];
  const role = link.ofResponsible ? `${t.responsible} · ${t.kinds[link.kind]}` : t.kinds[link.kind];
  if (!link.name) return `${role} · ${t.nobody}`;
  const phone = seat === "desk" && link.phone ? ` ${link.phone}` : "";
  return `${role} ${link.name} · ${link.onDuty ? t.onDuty : t.offDuty}${phone}`;
}

interface Name {
  readonly at: LonLat;
  readonly lines: readonly string[];
  readonly second: string;
  readonly size: number;
  readonly colour: string;
}

function namesOf(links: StaffLinks, palette: MapPalette, language: Language, seat: MapSeat): Name[] {
  const t = texts[language];
  const start: Name = {
    at: links.from,
    lines: [links.responsible ? `${t.responsible} ${links.responsible.name}` : links.name],
    second: links.responsible ? links.name : "",
    size: 13,
    colour: palette.text,
  };
  const posts = endsOf(links).map((end): Name => {
    const people = end.links.slice(0, NAMED).map((link) => describeLink(link, language, seat));
    const more = end.links.length > NAMED ? [fill(t.more, { n: end.links.length })] : [];
    return {
      at: end.point,
      lines: [...people, ...more],
      second: `${t.place} · ${end.place}`,
      size: end.answersNow ? 14 : 12.5,
      colour: end.answersNow ? palette.accent : end.onDuty ? palette.text : palette.textMuted,
    };
  });
  return [start, ...posts];
}

/** What a sign weighs against a name that would cover it: late and severe most, closed least. */
const SIGN_WEIGHT = { late: 6, due_soon: 4, open: 4, on_hold: 3, closed: 0.6, suspicious: 0.6 } as const;

/** Names with the side of their post that covers least, at a zoom at scale 1. */
const placed = memoLast(
  (
    links: StaffLinks,
    marks: IncidentMarks | undefined,
    zoom: number,
    palette: MapPalette,
    language: Language,
    seat: MapSeat,
  ): FeatureCollection => {
    const world = WORLD_PX * 2 ** zoom;
    const [startX, startY] = toMercator(links.from[0], links.from[1]);
    const pixel = ([lon, lat]: LonLat): PixelPoint => {
      const [x, y] = toMercator(lon, lat);
      return [(x - startX) * world, (y - startY) * world];
    };
    const names = namesOf(links, palette, language, seat);
    const plates = names.map(({ at, lines, second, size }) => ({
      at: pixel(at),
      width:
        Math.max(...lines.map((line) => textWidth(line, size)), textWidth(second, size * SECOND_SCALE)) + 2 * RIM_PX,
      height: (lines.length + (second ? SECOND_SCALE : 0)) * size * LINE_HEIGHT + 2 * RIM_PX,
    }));
    const signs: Sign[] = [
      ...(marks?.clusters ?? []).map(({ position, count, openShare }) => ({
        at: pixel(position),
        radius: discRadius(count),
        weight: openShare > 0 ? SIGN_WEIGHT.open : SIGN_WEIGHT.closed,
      })),
      ...(marks?.points ?? []).map(({ position, status }) => ({
        at: pixel(position),
        radius: SIGN_PX[status] / 2,
        weight: SIGN_WEIGHT[status],
      })),
    ];
    const places = placePlates(plates, signs, [0, 0]);
    return collection(
      names.map(({ at, lines, second, size, colour }, rank) => {
        const { anchor, offset } = places[rank] as (typeof places)[number];
        // The rim of the plate lies outside the text that MapLibre anchors.
        const ems = offset.map((px) => (px + Math.sign(px) * RIM_PX) / size);
        return feature(
          { type: "Point", coordinates: at },
          { text: lines.join("\n"), second, rank, size, colour, anchor, offset: ems },
        );
      }),
    );
  },
);

/** Names of a scene's staff as points with text, anchor and offset. */
export const staffNames = (scene: Scene, staff: StaffLinks): FeatureCollection =>
  placed(
    staff,
    scene.view.layers.includes("incidents") ? marksOf(scene) : undefined,
    scene.zoom,
    scene.palette,
    scene.view.language,
    scene.seat,
  );

/** Layer of the names, each on a plate; placed where `staffNames` says, before all other names. */
export const staffNamesLayer = memoLast((palette: MapPalette, scale: number): SymbolLayerSpecification => {
  const base = labelLayer("staff-names", palette, scale, "Bold");
  const { "text-variable-anchor": _, "text-radial-offset": __, ...layout } = base.layout ?? {};
  return {
    ...base,
    layout: {
      ...layout,
      "text-max-width": 60,
      "text-line-height": LINE_HEIGHT,
      "text-anchor": ["get", "anchor"],
      "text-offset": ["array", "number", 2, ["get", "offset"]],
      "text-justify": "auto",
      "text-overlap": "always",
      "icon-image": plateName(palette),
      "icon-text-fit": "both",
      "icon-text-fit-padding": [0, 2 * scale, 0, 2 * scale],
      "icon-overlap": "always",
    },
    paint: { ...base.paint, "text-halo-width": 1 * scale },
  };
});
