import { openForm } from "./open-form.ts";
import type { Operation } from "./operation.ts";

/** Goes to the numbers of the chosen corner. */
export const numbersOperation: Operation = {
  id: "numbers",
  key: "i",
  need: ({ corner, mayDraw }) => (!mayDraw ? "mayNotDraw" : corner ? undefined : "corner"),
  run: () => openForm("plan-corner-form"),
};
