import { askRenumber } from "../state/editor.ts";
import type { Operation } from "./operation.ts";

/** Asks whether the chosen grid's community shall be renumbered, with what that costs. */
export const renumberOperation: Operation = {
  id: "renumber",
  key: "u",
  need: ({ selected, mayDraw }, graph) => {
    const [first] = selected;
    if (!mayDraw) return "mayNotDraw";
    return first !== undefined && graph.cells.get(first)?.parent ? undefined : "oneGrid";
  },
  run: ({ selected: [first] }, graph) => {
    const parent = first === undefined ? null : graph.cells.get(first)?.parent;
    if (parent) askRenumber(parent);
  },
};
