import { isolate } from "../state/editor.ts";
import type { Operation } from "./operation.ts";

/** Veils all but the community of the chosen grid; once more shows all again. */
export const isolateOperation: Operation = {
  id: "isolate",
  key: "o",
  need: ({ selected, isolated }) => (selected.length === 0 && !isolated ? "oneGrid" : undefined),
  run: ({ isolated }) => isolate(!isolated),
};
