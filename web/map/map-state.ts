import { create } from "zustand";
import type { LonLat } from "../../data/model/geometry.ts";
import type { AreaFeature } from "../data/county-data.ts";
import type { CameraMark } from "../layers/cameras/camera-views.ts";
import type { IncidentCluster, IncidentPoint } from "../layers/incidents/incident-marks.ts";
import type { Scene } from "./scene.ts";

/** What lies under the pointer. */
export type Hovered =
  | { readonly kind: "area"; readonly area: AreaFeature }
  | { readonly kind: "incident"; readonly point: IncidentPoint }
  | { readonly kind: "cluster"; readonly cluster: IncidentCluster }
  | { readonly kind: "camera"; readonly camera: CameraMark };

/** What the map knows of itself, for legend, scale bar and hover card. */
export interface MapState {
  /** The scene on screen; undefined before the first one. */
  readonly scene: Scene | undefined;
  /** Zoom of the map and metres per CSS pixel at its centre. */
  readonly zoom: number;
  readonly metresPerPixel: number;
  readonly centre: LonLat;
  /** Width of the map's box, CSS pixels; 0 before it stands. */
  readonly width: number;
  /** Pointer on the map, degrees; undefined when it is elsewhere. */
  readonly pointer: LonLat | undefined;
  readonly hover: { readonly x: number; readonly y: number; readonly what: Hovered } | undefined;
  /** Nothing is moving, loading or waiting to be drawn. */
  readonly idle: boolean;
  /** Grows when the graphics context was lost and the map was built anew. */
  readonly generation: number;
  /** This browser gives no WebGL 2: a plain map stands in. */
  readonly plain: boolean;
}

export const useMapState = create<MapState>(() => ({
  scene: undefined,
  zoom: 0,
  metresPerPixel: 1,
  centre: [0, 0],
  width: 0,
  pointer: undefined,
  hover: undefined,
  idle: false,
  generation: 0,
  plain: false,
}));
