import type { MapTool } from "../../../map/map-tool.ts";

/** Ways that the pointer works, in the order of the tool bar. */
export const MODE_IDS = [
  "select",
  "node",
  "border",
  "reroute",
  "cut",
  "lasso",
  "block",
  "draw",
  "snap",
  "measure",
  "comment",
] as const;
export type ModeId = (typeof MODE_IDS)[number];

/** What a key says to a mode while the map has it. */
export interface ModeKeys {
  /** Ends what is drawn. @returns whether there was anything to end */
  finish?(): boolean;
  /** Takes the last point of what is drawn back. */
  stepBack?(): boolean;
  /** Lets go of what is held or drawn. @returns whether there was anything */
  letGo(): boolean;
}

/** A way that the pointer works. Its words are `plan.mode.<id>` and `plan.hint.<id>`. */
export interface Mode {
  readonly id: ModeId;
  /** The key that switches to it. */
  readonly key: string;
  readonly tool: MapTool;
  readonly keys: ModeKeys;
}

/** A tool that leaves all to the map; modes replace what they use. */
export const IDLE_TOOL: MapTool = {
  cursor: "default",
  space: "click",
  down: () => false,
  move: () => undefined,
  up: () => undefined,
  click: () => undefined,
  double: () => undefined,
  cancel: () => undefined,
};
