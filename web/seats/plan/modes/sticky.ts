import type { MapTool, ToolPoint } from "../../../map/map-tool.ts";
import { useEditor } from "../state/editor.ts";

/** A point with the keys that a button on screen holds. */
function held(point: ToolPoint): ToolPoint {
  const { shift, alt } = useEditor.getState().sticky;
  return shift || alt ? { ...point, shift: point.shift || shift, alt: point.alt || alt } : point;
}

/** A tool for hands without a keyboard: Shift and Alt may be held by buttons. */
export const withSticky = (tool: MapTool): MapTool => ({
  ...tool,
  down: (point) => tool.down(held(point)),
  move: (point) => tool.move(held(point)),
  up: (point) => tool.up(held(point)),
  click: (point) => tool.click(held(point)),
  double: (point) => tool.double(held(point)),
});
