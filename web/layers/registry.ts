import { AREA_FILLS, LAYER_IDS, type LayerId } from "../app/view-state.ts";
import { may, mayIn } from "../app/viewer.ts";
import type { CountyPart } from "../data/county-data.ts";
import type { LayerDefinition, Scene } from "../map/scene.ts";
import { basemapStyle } from "./basemap/basemap.layer.ts";
import { texts as basemapTexts } from "./basemap/texts.ts";
import { camerasDeck } from "./cameras/cameras.layer.ts";
import { CamerasLegend } from "./cameras/cameras.legend.tsx";
import { texts as camerasTexts } from "./cameras/texts.ts";
import { contextStyle, FOOTPRINTS_FROM_ZOOM } from "./context/context.layer.ts";
import { ContextControls, ContextLegend } from "./context/context.legend.tsx";
import { texts as contextTexts } from "./context/texts.ts";
import { heatDeck } from "./heat/heat.layer.ts";
import { HeatControls, HeatLegend } from "./heat/heat.legend.tsx";
import { texts as heatTexts } from "./heat/texts.ts";
import { incidentsDeck, incidentsStyle } from "./incidents/incidents.layer.ts";
import { IncidentsControls, IncidentsLegend } from "./incidents/incidents.legend.tsx";
import { texts as incidentsTexts } from "./incidents/texts.ts";
import { labelsStyle } from "./labels/labels.layer.ts";
import { texts as labelsTexts } from "./labels/texts.ts";
import { outlinesStyle } from "./outlines/outlines.layer.ts";
import { OutlinesLegend } from "./outlines/outlines.legend.tsx";
import { texts as outlinesTexts } from "./outlines/texts.ts";
import { ownershipStyle } from "./ownership/ownership.layer.ts";
import { OwnershipLegend } from "./ownership/ownership.legend.tsx";
import { texts as ownershipTexts } from "./ownership/texts.ts";
import { publishedStyle } from "./published/published.layer.ts";
import { PublishedLegend } from "./published/published.legend.tsx";
import { texts as publishedTexts } from "./published/texts.ts";
import { staffDeck, staffStyle } from "./staff/staff.layer.ts";
import { StaffLegend } from "./staff/staff.legend.tsx";
import { texts as staffTexts } from "./staff/texts.ts";
import { texts as whistlesTexts } from "./whistles/texts.ts";
import { whistlesDeck, whistlesStyle } from "./whistles/whistles.layer.ts";
import { WhistlesLegend } from "./whistles/whistles.legend.tsx";

/** Zoom range of layers that show something at any zoom. */
const ALWAYS = [0, 24] as const;

/** Every layer of the map. A new `LayerId` does not compile until it stands here. */
export const LAYERS: Readonly<Record<LayerId, LayerDefinition>> = {
  basemap: { id: "basemap", resource: "map", zoom: ALWAYS, texts: basemapTexts, style: basemapStyle },
  context: {
    id: "context",
    resource: "map",
    zoom: ALWAYS,
    texts: contextTexts,
    style: contextStyle,
    Legend: ContextLegend,
    Controls: ContextControls,
  },
  heat: {
    id: "heat",
    resource: "incident",
    zoom: ALWAYS,
    texts: heatTexts,
    deck: heatDeck,
    Legend: HeatLegend,
    Controls: HeatControls,
  },
  ownership: {
    id: "ownership",
    resource: "map",
    zoom: ALWAYS,
    texts: ownershipTexts,
    style: ownershipStyle,
    Legend: OwnershipLegend,
  },
  published: {
    id: "published",
    resource: "statistic",
    zoom: ALWAYS,
    texts: publishedTexts,
    style: publishedStyle,
    Legend: PublishedLegend,
  },
  outlines: {
    id: "outlines",
    resource: "map",
    zoom: ALWAYS,
    texts: outlinesTexts,
    style: outlinesStyle,
    Legend: OutlinesLegend,
  },
  cameras: {
    id: "cameras",
    resource: "camera",
    zoom: ALWAYS,
    texts: camerasTexts,
    deck: camerasDeck,
    Legend: CamerasLegend,
  },
  incidents: {
    id: "incidents",
    resource: "incident",
    zoom: ALWAYS,
    texts: incidentsTexts,
    deck: incidentsDeck,
    style: incidentsStyle,
    Legend: IncidentsLegend,
    Controls: IncidentsControls,
  },
  whistles: {
    id: "whistles",
    resource: "incident",
    zoom: ALWAYS,
    texts: whistlesTexts,
    deck: whistlesDeck,
    style: whistlesStyle,
    Legend: WhistlesLegend,
  },
  staff: {
    id: "staff",
    resource: "duty",
    zoom: ALWAYS,
    texts: staffTexts,
    deck: staffDeck,
    style: staffStyle,
    Legend: StaffLegend,
  },
  labels: { id: "labels", resource: "map", zoom: ALWAYS, texts: labelsTexts, style: labelsStyle },
};

/** Layers that the viewer may see, in drawing order, lowest first. */
export const orderedLayers = (): readonly LayerDefinition[] =>
  LAYER_IDS.map((id) => LAYERS[id]).filter(({ resource }) => may(resource));

/**
 * Those of the layers asked for that the viewer may see of an area: the address may come from somebody else, and few
 * signs in another's area would pass for all there are.
 */
export const permitted = (layers: readonly LayerId[], area: string): readonly LayerId[] =>
  layers.filter((id) => (area ? mayIn(LAYERS[id].resource, area) : may(LAYERS[id].resource)));

/** Are cases of an area shown one by one? */
const seesCases = (area: string): boolean => (area ? mayIn("incident", area) : may("incident"));

/**
 * Layers that are drawn: where no case may be shown one by one, published counts stand in for cases, and no other fill
 * lies with them.
 */
export function shownLayers(layers: readonly LayerId[], area: string): readonly LayerId[] {
  const kept = permitted(layers, area).filter((id) => id !== "published");
  if (seesCases(area) || !may("statistic") || !layers.includes("incidents")) return kept;
  return LAYER_IDS.filter((id) => id === "published" || (kept.includes(id) && !AREA_FILLS.includes(id)));
}

/**
 * Layers that have a switch; that of the published counts is the switch of the cases that they stand in for, and a base
 * map has one where there is a map.
 */
export const switchedLayers = (area: string, hasMap: boolean): readonly LayerDefinition[] =>
  orderedLayers().filter(({ id }) => {
    if (id === "basemap") return hasMap;
    return id === "published" ? !seesCases(area) : id !== "incidents" || seesCases(area);
  });

/** Parts of the county that the layers on screen need beyond areas and incidents. */
export function partsOf(scene: Pick<Scene, "view" | "zoom">): CountyPart[] {
  const { layers, heatPer } = scene.view;
  const parts: CountyPart[] = [];
  if (layers.includes("context") && scene.zoom >= FOOTPRINTS_FROM_ZOOM) parts.push("compounds", "footprints");
  if (layers.includes("heat") && heatPer === "households") parts.push("buildings");
  if (layers.includes("cameras")) parts.push("cameras");
  return parts;
}
