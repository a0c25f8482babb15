import type { Layer } from "@deck.gl/core";
import type { LayerSpecification } from "maplibre-gl";
import type { ComponentType } from "react";
import type { HeatField } from "../../data/columns/heat-field.ts";
import type { IncidentColumns } from "../../data/columns/incident-columns.ts";
import type { Marks } from "../../data/columns/marks.ts";
import type { FeatureCollection } from "../../data/model/geojson.ts";
import type { Bbox } from "../../data/model/geometry.ts";
import type { Resource } from "../../data/policy/policy.ts";
import type { Language, LayerId, ViewState } from "../app/view-state.ts";
import type { CountyData } from "../data/county-data.ts";
import type { PublishedCube } from "../data/cube-store.ts";
import type { WhistleArcsQuery } from "../gql/generated.ts";
import type { StaffLinks } from "../layers/staff/staff-links.ts";
import type { CaseLine } from "../plane/case-line.ts";
import type { AreaIndex } from "./area-index.ts";
import type { MapPalette } from "./palette.ts";

export type MapSeat = "wall" | "desk" | "plan";

/** The county without what changes with each answer of the server. Its cases are the plane's (`SceneCases`). */
export type SceneData = Omit<CountyData, "error">;

/** What the page's worker answered about the cases on screen; each is undefined before its first answer. */
export interface SceneCases {
  /** What the filters' codes are looked up in. */
  readonly dictionaries: Pick<IncidentColumns, "classes" | "grids"> | undefined;
  readonly marks: Marks | undefined;
  readonly heat: HeatField | undefined;
  /** The chosen case. */
  readonly chosen: CaseLine | undefined;
}

/**
 * All that a layer may look at. A layer is a pure function of it, so that the same scene is the same picture.
 *
 * The page's filters are not in it: what the worker answered has them applied, and the dots ask for them when they are
 * drawn. So a change of filters makes neither a scene nor a layer anew.
 */
export interface Scene {
  readonly seat: MapSeat;
  readonly view: Omit<ViewState, "filters">;
  readonly index: AreaIndex;
  readonly data: SceneData;
  readonly cases: SceneCases;
  readonly palette: MapPalette;
  /** Size of text and signs relative to a 16-pixel page: a wall is seen from afar. */
  readonly scale: number;
  /** Zoom at scale 1, in steps of one half: what is legible does not depend on how large the screen is. */
  readonly zoom: number;
  /** Box on screen with a margin, degrees; moves in steps of a quarter screen. */
  readonly bounds: Bbox;
  readonly staff: StaffLinks | undefined;
  /** Open whistles of the area on screen; undefined before they are here, and while their layer is off. */
  readonly whistles: WhistleArcsQuery["whistles"] | undefined;
  /** What is published of the county: drawn where no case is shown one by one. */
  readonly cube: PublishedCube;
}

/** Tiles of this server as a source. Another object with the same id is asked for again, tile by tile. */
export interface TileSource {
  readonly type: "vector" | "raster";
  /** Address on this server with `{z}`, `{x}` and `{y}`. */
  readonly tiles: string;
  readonly minzoom: number;
  readonly maxzoom: number;
  /** Pixels across a tile of pictures. */
  readonly tileSize?: 256 | 512;
  readonly bounds?: Bbox;
}

/** What a source holds: features as they are, or tiles that are fetched as the map moves. */
export type SourceData = FeatureCollection | TileSource;

/** Part of the MapLibre style: sources by id and the layers that draw them, lowest first. */
export interface StylePart {
  readonly sources: Readonly<Record<string, SourceData>>;
  readonly layers: readonly LayerSpecification[];
  /** Layers drawn above everything and placed first where names compete for room. */
  readonly topLayers?: readonly LayerSpecification[];
}

/** Texts that every layer has; a layer adds its own beside them. */
export interface LayerTexts {
  readonly name: string;
  readonly hint: string;
}

export interface LegendProps {
  readonly scene: Scene;
}

/** One layer of the map (`web/layers/<name>/`). */
export interface LayerDefinition {
  readonly id: LayerId;
  /** What it shows: viewers who may not read it neither see it nor are offered it. */
  readonly resource: Resource;
  /** Zooms (at scale 1) at which it draws anything. */
  readonly zoom: readonly [min: number, max: number];
  readonly texts: Readonly<Record<Language, LayerTexts>>;
  /** What is map (areas, lines, names) goes into the MapLibre style … */
  readonly style?: (scene: Scene) => StylePart;
  /** … and what is data (points, density, links) is drawn by deck.gl. */
  readonly deck?: (scene: Scene) => Layer[];
  readonly Legend?: ComponentType<LegendProps>;
  /** Choices of the layer, shown under its switch. */
  readonly Controls?: ComponentType;
}

/** Remembers the last answer: layers run on every change of the scene, most of which do not concern them. */
export function memoLast<A extends readonly unknown[], R>(compute: (...args: A) => R): (...args: A) => R {
  let last: { readonly args: A; readonly result: R } | undefined;
  return (...args) => {
    if (last && last.args.length === args.length && last.args.every((arg, i) => Object.is(arg, args[i])))
      return last.result;
    last = { args, result: compute(...args) };
    return last.result;
  };
}
