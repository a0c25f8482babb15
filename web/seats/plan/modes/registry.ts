import { blockMode } from "./block.mode.ts";
import { borderMode } from "./border.mode.ts";
import { commentMode } from "./comment.mode.ts";
import { cutMode } from "./cut.mode.ts";
import { drawMode } from "./draw.mode.ts";
import { lassoMode } from "./lasso.mode.ts";
import { measureMode } from "./measure.mode.ts";
import type { Mode, ModeId } from "./mode.ts";
import { nodeMode } from "./node.mode.ts";
import { rerouteMode } from "./reroute.mode.ts";
import { selectMode } from "./select.mode.ts";
import { snapMode } from "./snap.mode.ts";

/** Every mode. A new id does not compile until it stands here. */
export const MODES: Readonly<Record<ModeId, Mode>> = {
  select: selectMode,
  node: nodeMode,
  border: borderMode,
  reroute: rerouteMode,
  cut: cutMode,
  lasso: lassoMode,
  block: blockMode,
  draw: drawMode,
  snap: snapMode,
  measure: measureMode,
  comment: commentMode,
};
