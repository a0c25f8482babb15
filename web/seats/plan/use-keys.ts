import { useEffect } from "react";
import { MODE_IDS } from "./modes/mode.ts";
import { MODES } from "./modes/registry.ts";
import { OPERATION_IDS } from "./operations/operation.ts";
import { OPERATIONS, runOperation } from "./operations/registry.ts";
import { redoStep, setMode, undoStep, useEditor } from "./state/editor.ts";

/** Whether a key is meant for a field that somebody writes in. */
const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Keys of the boundary desk: undo and redo, a letter for each mode, Escape, Enter, Backspace, Delete. */
export function useKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isWriting(event.target) || document.querySelector("dialog[open]")) return;
      const key = event.key.toLowerCase();
      const mode = MODES[useEditor.getState().mode];
      const taken = ((): boolean => {
        if (event.ctrlKey || event.metaKey) {
          if (key === "z") (event.shiftKey ? redoStep : undoStep)();
          else if (key === "y") redoStep();
          else return false;
          return true;
        }
        if (event.altKey) return false;
        if (key === "escape") return mode.keys.letGo() || leaveMode();
        if (key === "enter") return mode.keys.finish?.() ?? false;
        if (key === "backspace") return mode.keys.stepBack?.() ?? false;
        const id = MODE_IDS.find((one) => MODES[one].key === key);
        if (id) setMode(id);
        const operation = OPERATION_IDS.find((one) => OPERATIONS[one].key.toLowerCase() === key);
        return id !== undefined || (operation !== undefined && runOperation(operation));
      })();
      if (taken) {
        event.preventDefault();
        event.stopPropagation();
      }
    };
    addEventListener("keydown", onKey, true);
    return () => removeEventListener("keydown", onKey, true);
  }, []);
}

/** Escape with nothing held goes back to choosing. */
function leaveMode(): boolean {
  if (useEditor.getState().mode === "select") return false;
  setMode("select");
  return true;
}
