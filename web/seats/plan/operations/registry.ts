import { type EditorState, settledGraph, useEditor } from "../state/editor.ts";
import { deleteNodeOperation } from "./delete-node.operation.ts";
import { dissolveOperation } from "./dissolve.operation.ts";
import { ghostOperation } from "./ghost.operation.ts";
import { isolateOperation } from "./isolate.operation.ts";
import { mergeOperation } from "./merge.operation.ts";
import { numbersOperation } from "./numbers.operation.ts";
import type { Need, Operation, OperationId } from "./operation.ts";
import { renameOperation } from "./rename.operation.ts";
import { renumberOperation } from "./renumber.operation.ts";

/** Every operation. A new id does not compile until it stands here. */
export const OPERATIONS: Readonly<Record<OperationId, Operation>> = {
  merge: mergeOperation,
  dissolve: dissolveOperation,
  deleteNode: deleteNodeOperation,
  rename: renameOperation,
  renumber: renumberOperation,
  numbers: numbersOperation,
  isolate: isolateOperation,
  ghost: ghostOperation,
};

/** Why an operation cannot be run now; undefined = it can. */
export function needOf(id: OperationId, editor: EditorState): Need | "open" | undefined {
  const graph = settledGraph(editor);
  return graph ? OPERATIONS[id].need(editor, graph) : "open";
}

/** Runs an operation where it can be. @returns whether it was run */
export function runOperation(id: OperationId): boolean {
  const editor = useEditor.getState();
  const graph = settledGraph(editor);
  if (!graph || OPERATIONS[id].need(editor, graph)) return false;
  OPERATIONS[id].run(editor, graph);
  return true;
}
