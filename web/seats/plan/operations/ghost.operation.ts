import { showGhost } from "../state/editor.ts";
import type { Operation } from "./operation.ts";

/** Shows the boundaries of today under those of the plan; once more hides them. */
export const ghostOperation: Operation = {
  id: "ghost",
  key: "h",
  need: () => undefined,
  run: ({ ghost }) => showGhost(!ghost),
};
