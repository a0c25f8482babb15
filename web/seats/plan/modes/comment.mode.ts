import { nearestBorder } from "../../../../data/coverage/plan-graph/vertices.ts";
import { fromLattice } from "../../../../data/model/geometry.ts";
import type { ToolPoint } from "../../../map/map-tool.ts";
import { hover, settledGraph, showSnap, useEditor } from "../state/editor.ts";
import { type NextPin, usePins } from "../state/pins.ts";
import { IDLE_TOOL, type Mode } from "./mode.ts";
import { latticeOf, reachOf } from "./place.ts";
import { gridAt } from "./select.mode.ts";

/** What a comment at a place is about: the border there with its two cells, else the cell. */
function pinAt(point: ToolPoint): NextPin {
  const graph = settledGraph(useEditor.getState());
  const border = graph && nearestBorder(graph, latticeOf(point), reachOf(point));
  const arc = border && graph?.arcs.get(border.arc);
  if (border && arc) {
    const cells = [arc.left, arc.right].flatMap((face) => graph.faces.get(face)?.cell ?? []);
    return { at: [fromLattice(Math.round(border.x)), fromLattice(Math.round(border.y))], cells };
  }
  const cell = gridAt(point);
  return { at: point.at, cells: cell ? [cell] : [] };
}

/** Pins the next comment to a border, a grid or a place; it is written in the review list. */
export const commentMode: Mode = {
  id: "comment",
  key: "k",
  tool: {
    ...IDLE_TOOL,
    cursor: "pointer",
    move: (point) => {
      hover(gridAt(point));
      const graph = settledGraph(useEditor.getState());
      const border = graph && nearestBorder(graph, latticeOf(point), reachOf(point));
      showSnap(
        border && {
          at: [Math.round(border.x), Math.round(border.y)],
          ...{ kind: "border", name: null, guide: [[Math.round(border.x), Math.round(border.y)]] },
        },
      );
    },
    click: (point) => {
      usePins.setState({ next: pinAt(point) });
      document.getElementById("plan-say")?.focus();
    },
  },
  keys: {
    letGo: () => {
      const had = usePins.getState().next !== undefined;
      usePins.setState({ next: undefined });
      return had;
    },
  },
};
