import { cellAt } from "../../../../data/coverage/plan-graph/locate.ts";
import { toLattice } from "../../../../data/model/geometry.ts";
import type { ToolPoint } from "../../../map/map-tool.ts";
import { choose, hover, settledGraph, useEditor } from "../state/editor.ts";
import { type Pin, usePins } from "../state/pins.ts";
import { IDLE_TOOL, type Mode } from "./mode.ts";
import { latticeOf, reachOf } from "./place.ts";

/** Grid under a pointer. */
export function gridAt(point: ToolPoint): string | undefined {
  const graph = settledGraph(useEditor.getState());
  return graph ? (cellAt(graph, latticeOf(point)) ?? undefined) : undefined;
}

/** The comment under a pointer. */
function pinNear(point: ToolPoint): Pin | undefined {
  const [x, y] = latticeOf(point);
  const reach = reachOf(point);
  const narrow = Math.cos((point.at[1] * Math.PI) / 180);
  return usePins
    .getState()
    .pins.find(({ at }) => Math.hypot((toLattice(at[0]) - x) * narrow, toLattice(at[1]) - y) <= reach);
}

/** Chooses grids to look at, and to do something with: a click takes one, Shift takes more. */
export const selectMode: Mode = {
  id: "select",
  key: "v",
  tool: {
    ...IDLE_TOOL,
    cursor: "default",
    move: (point) => hover(gridAt(point)),
    click: (point) => {
      const pin = pinNear(point);
      if (pin) usePins.setState({ focused: pin.id });
      else choose(gridAt(point), point.shift || point.ctrl);
    },
  },
  keys: {
    letGo: () => {
      const any = useEditor.getState().selected.length > 0;
      choose(undefined);
      return any;
    },
  },
};
