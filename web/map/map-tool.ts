import type { Layer } from "@deck.gl/core";
import { create } from "zustand";
import type { LonLat } from "../../data/model/geometry.ts";
import type { StylePart } from "./scene.ts";

/** Where a pointer is, and with what. */
export interface ToolPoint {
  /** Degrees, not on the lattice. */
  readonly at: LonLat;
  /** CSS pixels from the map's upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly metresPerPixel: number;
  readonly shift: boolean;
  readonly alt: boolean;
  readonly ctrl: boolean;
  /** `keyboard`: the cross in the middle of the map, moved by moving the map. */
  readonly by: "mouse" | "touch" | "pen" | "keyboard";
}

/** What takes the pointer on the map instead of the map itself. */
export interface MapTool {
  /** CSS cursor while nothing is pressed. */
  readonly cursor: string;
  /** What the space bar is at the cross in the middle of the map: a click, or the begin and the end of a gesture. */
  readonly space: "click" | "hold";
  /** A press. True: the gesture is the tool's, and the map stays where it is. False: the map is moved as always. */
  down(point: ToolPoint): boolean;
  /** The pointer moved, pressed or not. */
  move(point: ToolPoint): void;
  /** A gesture that `down` took has ended, somewhere else than it began. */
  up(point: ToolPoint): void;
  /** A press and release without movement; one that `down` took is cancelled first. */
  click(point: ToolPoint): void;
  /** The second click of two at one place. */
  double(point: ToolPoint): void;
  /** The gesture was taken away: a second finger, a lost pointer, Escape. */
  cancel(): void;
}

/** Layers that a seat draws above those of the registry. */
export interface MapGuest {
  readonly deck: readonly Layer[];
  readonly style?: StylePart;
}

interface ToolState {
  readonly tool: MapTool | undefined;
  readonly guest: MapGuest | undefined;
}

/** The tool and the drawing that a seat lends to the map; both undefined = the map is a map. */
export const useMapTool = create<ToolState>(() => ({ tool: undefined, guest: undefined }));
