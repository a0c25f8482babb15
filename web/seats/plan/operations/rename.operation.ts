import { openForm } from "./open-form.ts";
import type { Operation } from "./operation.ts";

/** Goes to the name and kind of the chosen grid. */
export const renameOperation: Operation = {
  id: "rename",
  key: "e",
  need: ({ selected, mayDraw }) => (!mayDraw ? "mayNotDraw" : selected.length !== 1 ? "oneGrid" : undefined),
  run: () => openForm("plan-cell-form"),
};
