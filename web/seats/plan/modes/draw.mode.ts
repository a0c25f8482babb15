import { newCell } from "../../../../data/coverage/plan-graph/actions/paint.ts";
import { choose, perform, settledGraph, useEditor } from "../state/editor.ts";
import { lineMode } from "./line-mode.ts";
import { polygonOf } from "./ring.ts";

/** Makes a grid of circled ground. */
export const drawMode = lineMode({
  id: "draw",
  key: "a",
  closed: true,
  snaps: true,
  onDone: (points) => {
    const graph = settledGraph(useEditor.getState());
    if (!graph) return;
    const result = newCell(graph, { polygons: polygonOf(points) });
    if (!perform(result, "draw") || !result.ok) return;
    choose(result.changed.find((id) => !graph.cells.get(id)));
  },
});
