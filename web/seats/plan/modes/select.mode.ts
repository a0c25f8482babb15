import { cellAt } from "../../../../data/coverage/plan-graph/locate.ts";
import type { ToolPoint } from "../../../map/map-tool.ts";
import { choose, hover, settledGraph, useEditor } from "../state/editor.ts";
import { IDLE_TOOL, type Mode } from "./mode.ts";
import { latticeOf } from "./place.ts";

/** Grid under a pointer. */
export function gridAt(point: ToolPoint): string | undefined {
  const graph = settledGraph(useEditor.getState());
  return graph ? (cellAt(graph, latticeOf(point)) ?? undefined) : undefined;
}

/** Chooses grids to look at, and to do something with: a click takes one, Shift takes more. */
export const selectMode: Mode = {
  id: "select",
  key: "v",
  tool: {
    ...IDLE_TOOL,
    cursor: "default",
    move: (point) => hover(gridAt(point)),
    click: (point) => choose(gridAt(point), point.shift || point.ctrl),
  },
  keys: {
    letGo: () => {
      const any = useEditor.getState().selected.length > 0;
      choose(undefined);
      return any;
    },
  },
};
