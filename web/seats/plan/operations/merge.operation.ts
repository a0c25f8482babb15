import { mergeCells } from "../../../../data/coverage/plan-graph/actions/merge-cells.ts";
import { choose, perform } from "../state/editor.ts";
import type { Operation } from "./operation.ts";

/** Joins the chosen grids; the first chosen goes on, with its code and name. */
export const mergeOperation: Operation = {
  id: "merge",
  key: "g",
  need: ({ selected, mayDraw }) => (!mayDraw ? "mayNotDraw" : selected.length < 2 ? "twoGrids" : undefined),
  run: ({ selected }, graph) => {
    const [into] = selected;
    if (into !== undefined && perform(mergeCells(graph, { cells: selected, into }), "merge")) choose(into);
  },
};
