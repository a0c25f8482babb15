import { create } from "zustand";
import type { HeatMode, HeatPer } from "../../data/columns/heat-field.ts";

export type { HeatMode, HeatPer } from "../../data/columns/heat-field.ts";

/** Layers of the map, in drawing order. */
export const LAYER_IDS = [
  "basemap",
  "context",
  "heat",
  "ownership",
  "published",
  "outlines",
  "cameras",
  "incidents",
  "whistles",
  "staff",
  "labels",
] as const;
export type LayerId = (typeof LAYER_IDS)[number];

/** At most one of these fills areas at a time. */
export const AREA_FILLS: readonly LayerId[] = ["heat", "ownership"];

/** What the ground is drawn with beside land, green and buildings: reference layers, each with a switch of its own. */
export const GROUND_KINDS = ["water", "roads", "railways", "blocks"] as const;
export type GroundKind = (typeof GROUND_KINDS)[number];

export type Theme = "dark" | "light";
export type Language = "zh-CN" | "en";

/** Filters over the columns already loaded: changing them never fetches. */
export interface Filters {
  /** Epoch seconds `[from, to)`; undefined = all that is loaded on that side. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly classes?: readonly string[] | undefined;
  readonly states?: readonly number[] | undefined;
  readonly severities?: readonly number[] | undefined;
  readonly sources?: readonly number[] | undefined;
  readonly late?: boolean | undefined;
  /** Marks of the map show all closed cases too, not just those of the last days; no figure depends on it. */
  readonly withClosed?: boolean | undefined;
  readonly withSuspicious: boolean;
}

/** Lists of the desk. */
export const DESK_TABS = ["areas", "cases", "queue", "late", "whistles", "evaluation", "figures", "shift"] as const;
export type DeskTab = (typeof DESK_TABS)[number];

/** Whose cases the dispatcher's queue holds: the viewer's own, or those in the inbox of the viewer's role. */
export const QUEUE_OWNERS = ["mine", "unclaimed"] as const;
export type QueueOwner = (typeof QUEUE_OWNERS)[number];

/** What the dispatcher's queue shows beside what all lists share (`Filters`). */
export interface QueueChoice {
  readonly owner?: QueueOwner | undefined;
  /** Only cases whose clocks stand still. */
  readonly paused?: true | undefined;
  /** Words that rows must hold. */
  readonly text?: string | undefined;
}

export interface Camera {
  readonly lon: number;
  readonly lat: number;
  readonly zoom: number;
}

/** All that the URL holds: two people with the same address see the same screen. */
export interface ViewState {
  readonly county: string;
  /** Code of the area drilled to. */
  readonly area: string;
  /** Selected incident (number in columns), camera or unit (global ids). */
  readonly incidentRef?: number | undefined;
  readonly cameraId?: string | undefined;
  readonly organisationId?: string | undefined;
  readonly layers: readonly LayerId[];
  /** Reference layers that the ground is drawn with. */
  readonly ground: readonly GroundKind[];
  readonly heatMode: HeatMode;
  readonly heatPer: HeatPer;
  readonly filters: Filters;
  readonly theme: Theme;
  readonly language: Language;
  /** Map position; undefined = fitted to the area. */
  readonly camera?: Camera | undefined;
  /** List that the desk shows; undefined = areas, or cases where there is no area below. */
  readonly tab?: DeskTab | undefined;
  /** The chosen case fills the right side of the desk, with all that can be done about it. */
  readonly casePage?: true | undefined;
  /** A new case is being taken down. */
  readonly intake?: true | undefined;
  readonly queue: QueueChoice;
  /** Plan that is drawn at `/plan`: a global id, or `draft` for what only this browser keeps of the area. */
  readonly plan?: string | undefined;
}

export interface ViewActions {
  set(patch: Partial<ViewState>): void;
  setFilters(patch: Partial<Filters>): void;
  /** Switches a layer; switching an area fill on switches the other fill off. */
  toggleLayer(layer: LayerId): void;
  drillTo(area: string): void;
}

export const DEFAULT_VIEW: ViewState = {
  county: "",
  area: "",
  layers: ["basemap", "context", "ownership", "outlines", "incidents", "whistles", "staff", "labels"],
  ground: ["water", "roads", "railways"],
  heatMode: "smooth",
  heatPer: "km2",
  filters: { withSuspicious: false },
  theme: "dark",
  language: "zh-CN",
  queue: {},
};

export const useView = create<ViewState & ViewActions>((set) => ({
  ...DEFAULT_VIEW,
  set: (patch) => set(patch),
  setFilters: (patch) => set((state) => ({ filters: { ...state.filters, ...patch } })),
  toggleLayer: (layer) =>
    set((state) => {
      if (state.layers.includes(layer)) return { layers: state.layers.filter((other) => other !== layer) };
      const kept = AREA_FILLS.includes(layer)
        ? state.layers.filter((other) => !AREA_FILLS.includes(other))
        : state.layers;
      return { layers: LAYER_IDS.filter((id) => id === layer || kept.includes(id)) };
    }),
  drillTo: (area) => set({ area, camera: undefined, incidentRef: undefined, cameraId: undefined, casePage: undefined }),
}));
