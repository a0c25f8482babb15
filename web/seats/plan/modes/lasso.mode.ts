import { paintGround } from "../../../../data/coverage/plan-graph/actions/paint.ts";
import { choose, perform, settledGraph, useEditor } from "../state/editor.ts";
import { lineMode } from "./line-mode.ts";
import { polygonOf } from "./ring.ts";
import { gridAt } from "./select.mode.ts";

/** Gives ground that is circled to the grid that was clicked first; a click with Shift chooses another one. */
export const lassoMode = lineMode({
  id: "lasso",
  key: "l",
  closed: true,
  snaps: false,
  onFirstClick: (point) => {
    if (useEditor.getState().selected.length > 0 && !point.shift) return false;
    choose(gridAt(point));
    return true;
  },
  onDone: (points) => {
    const editor = useEditor.getState();
    const graph = settledGraph(editor);
    const [to] = editor.selected;
    if (graph && to !== undefined) perform(paintGround(graph, { polygons: polygonOf(points), to }), "lasso");
  },
});
