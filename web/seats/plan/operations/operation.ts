import type { PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import type { EditorState } from "../state/editor.ts";

/** Things done at once to what is chosen, in the order of the tool bar. */
export const OPERATION_IDS = [
  "merge",
  "dissolve",
  "deleteNode",
  "rename",
  "renumber",
  "numbers",
  "isolate",
  "ghost",
] as const;
export type OperationId = (typeof OPERATION_IDS)[number];

/** Why an operation cannot be run now: a key of `needs` in the texts; undefined = it can. */
export type Need = "twoGrids" | "oneGrid" | "corner" | "mayNotDraw";

/** Something done at once. Its words are `operations.<id>` and its tooltip `operationHints.<id>`. */
export interface Operation {
  readonly id: OperationId;
  readonly key: string;
  readonly need: (editor: EditorState, graph: PlanGraph) => Need | undefined;
  /** Only called when nothing is needed. */
  readonly run: (editor: EditorState, graph: PlanGraph) => void;
}
