import { dissolveIntoNeighbours } from "../../../../data/coverage/plan-graph/actions/merge-cells.ts";
import { perform } from "../state/editor.ts";
import type { Operation } from "./operation.ts";

/** Ends the chosen grid; its ground goes to its neighbours. */
export const dissolveOperation: Operation = {
  id: "dissolve",
  key: "x",
  need: ({ selected, mayDraw }) => (!mayDraw ? "mayNotDraw" : selected.length !== 1 ? "oneGrid" : undefined),
  run: ({ selected: [cell] }, graph) => {
    if (cell !== undefined) perform(dissolveIntoNeighbours(graph, { cell }), "dissolve");
  },
};
