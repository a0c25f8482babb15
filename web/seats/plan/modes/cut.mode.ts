import { cutCell } from "../../../../data/coverage/plan-graph/actions/cut-cell.ts";
import { perform, settledGraph, useEditor } from "../state/editor.ts";
import { lineMode } from "./line-mode.ts";

/** Cuts grids by a drawn line: only the chosen ones where some are chosen. */
export const cutMode = lineMode({
  id: "cut",
  key: "c",
  closed: false,
  snaps: true,
  onDone: (line) => {
    const editor = useEditor.getState();
    const graph = settledGraph(editor);
    if (!graph) return;
    const cells = editor.selected.length ? { cells: editor.selected } : {};
    perform(cutCell(graph, { line, ...cells }), "cut");
  },
});
