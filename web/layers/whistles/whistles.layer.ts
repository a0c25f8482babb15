import type { Layer } from "@deck.gl/core";
import { PathLayer, ScatterplotLayer } from "@deck.gl/layers";
import type { SymbolLayerSpecification } from "maplibre-gl";
import type { FeatureCollection } from "../../../data/model/geojson.ts";
import type { Bbox, LonLat } from "../../../data/model/geometry.ts";
import type { WhistleArcsQuery } from "../../gql/generated.ts";
import { type MapPalette, rgba } from "../../map/palette.ts";
import { memoLast, type Scene, type StylePart } from "../../map/scene.ts";
import { bowedLine } from "../bowed-line.ts";
import { FLAT } from "../deck-parameters.ts";
import { collection, feature, NO_FEATURES } from "../feature.ts";
import { labelLayer } from "../labels/label-layer.ts";
import {
  ARRIVALS,
  type Arrival,
  type CalledDepartment,
  type WhistleArc,
  type WhistleArcs,
  whistleArcs,
} from "./whistle-arcs.ts";

/** Colour of an arrival; ends are full where somebody came and hollow where nobody has. */
export const arrivalColour = (palette: MapPalette, arrival: Arrival): string =>
  ({
    inTime: palette.network.xueliang,
    arrivedLate: palette.status.due_soon,
    coming: palette.status.open,
    overdue: palette.status.late,
  })[arrival];

export const hasArrived = (arrival: Arrival): boolean => arrival === "inTime" || arrival === "arrivedLate";

/** How far an arc bows out, as a share of its length: arcs cross a county, and part from the lines to staff. */
const BOW = 0.22;
const arcLine = ({ from, to }: WhistleArc): LonLat[] => bowedLine(from, to, BOW);

const arcsOf = memoLast(
  (whistles: WhistleArcsQuery["whistles"], county: Bbox): WhistleArcs => whistleArcs(whistles, county),
);

/** Arcs of a scene; undefined where there is nothing to draw. */
function sceneArcs({ whistles, index, view }: Scene): WhistleArcs | undefined {
  const county = index.bboxes.get(view.county);
  return whistles?.length && county ? arcsOf(whistles, county) : undefined;
}

/** Arcs step back while lines to staff are shown: the story is the one case, not the county. */
const DIMMED = 0.35;

const layers = memoLast((known: WhistleArcs, palette: MapPalette, scale: number, opacity: number): Layer[] => {
  const { arcs, departments } = known;
  // The worst lie on top.
  const ordered = [...arcs].sort((a, b) => ARRIVALS.indexOf(b.arrival) - ARRIVALS.indexOf(a.arrival));
  const path = (id: string, colour: (arc: WhistleArc) => string, alpha: number, wider: number): Layer =>
    new PathLayer<WhistleArc>({
      id,
      data: ordered,
      getPath: (arc) => arcLine(arc) as [number, number][],
      getColor: (arc) => rgba(colour(arc), alpha),
      getWidth: (arc) => ((arc.arrival === "overdue" ? 3.4 : 2.2) + wider) * scale,
      widthUnits: "pixels",
      opacity,
      capRounded: true,
      jointRounded: true,
      parameters: FLAT,
    });
  return [
    path("whistle-ground", () => palette.halo, 190, 2.4),
    path("whistle-arcs", (arc) => arrivalColour(palette, arc.arrival), 255, 0),
    new ScatterplotLayer<LonLat>({
      id: "whistle-starts",
      data: ordered.map(({ from }) => from),
      getPosition: (at) => at as [number, number],
      getRadius: 4.5 * scale,
      radiusUnits: "pixels",
      opacity,
      stroked: true,
      getFillColor: rgba(palette.text, 255),
      getLineColor: rgba(palette.halo, 255),
      getLineWidth: 1.6 * scale,
      lineWidthUnits: "pixels",
      parameters: FLAT,
    }),
    new ScatterplotLayer<CalledDepartment>({
      id: "whistle-departments",
      data: departments,
      getPosition: ({ at }) => at as [number, number],
      getRadius: 7 * scale,
      radiusUnits: "pixels",
      opacity,
      stroked: true,
      getFillColor: ({ arrival }) => rgba(hasArrived(arrival) ? arrivalColour(palette, arrival) : palette.panel, 255),
      getLineColor: ({ arrival }) => rgba(hasArrived(arrival) ? palette.halo : arrivalColour(palette, arrival), 255),
      getLineWidth: 2.4 * scale,
      lineWidthUnits: "pixels",
      parameters: FLAT,
    }),
  ];
});

/** Arcs from communities that whistled to the departments that they called, coloured by arrival. */
export function whistlesDeck(scene: Scene): Layer[] {
  const arcs = sceneArcs(scene);
  return arcs ? layers(arcs, scene.palette, scene.scale, scene.staff ? DIMMED : 1) : [];
}

const names = memoLast(
  ({ departments }: WhistleArcs, palette: MapPalette): FeatureCollection =>
    collection(
      departments.map(({ name, at, arrival }) =>
        feature(
          { type: "Point", coordinates: [at[0], at[1]] },
          { text: name, second: "", rank: ARRIVALS.indexOf(arrival), size: 13, colour: palette.text },
        ),
      ),
    ),
);

const NAMES = "whistle-names";
/** Beside its sign, never on it. */
const nameLayers = memoLast((palette: MapPalette, scale: number) => {
  const layer = labelLayer(NAMES, palette, scale, "Bold");
  return [{ ...layer, layout: { ...layer.layout, "text-variable-anchor": ["top", "bottom", "left", "right"] } }];
}) as (palette: MapPalette, scale: number) => SymbolLayerSpecification[];

/** Names of the departments. */
export function whistlesStyle(scene: Scene): StylePart {
  const arcs = sceneArcs(scene);
  return {
    sources: { [NAMES]: arcs && !scene.staff ? names(arcs, scene.palette) : NO_FEATURES },
    layers: [],
    topLayers: nameLayers(scene.palette, scene.scale),
  };
}
