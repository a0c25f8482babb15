import { removeCorner } from "../modes/node.mode.ts";
import type { Operation } from "./operation.ts";

/** Takes the chosen corner out of its border, for both sides. */
export const deleteNodeOperation: Operation = {
  id: "deleteNode",
  key: "Delete",
  need: ({ corner, mayDraw }) => (!mayDraw ? "mayNotDraw" : corner ? undefined : "corner"),
  run: () => {
    removeCorner();
  },
};
