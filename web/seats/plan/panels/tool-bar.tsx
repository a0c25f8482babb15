import { useTexts } from "../../../layers/use-texts.ts";
import { MODE_IDS } from "../modes/mode.ts";
import { MODES } from "../modes/registry.ts";
import { redoStep, setMode, undoStep, useEditor } from "../state/editor.ts";
import { PLAN_TEXTS } from "../texts.ts";

/** Modes and history, on the left edge of the map. */
export function ToolBar() {
  const t = useTexts(PLAN_TEXTS);
  const mode = useEditor((editor) => editor.mode);
  const past = useEditor((editor) => editor.history?.past.length ?? 0);
  const future = useEditor((editor) => editor.history?.future.length ?? 0);
  const mayDraw = useEditor((editor) => editor.mayDraw);
  return (
    <div className="plan-tools" role="toolbar" aria-label={t.tools} aria-orientation="vertical">
      {MODE_IDS.map((id) => {
        const one = MODES[id];
        if (!one) return null;
        return (
          <button
            key={id}
            type="button"
            className="button"
            data-mode={id}
            aria-pressed={mode === id}
            aria-keyshortcuts={one.key}
            disabled={!mayDraw && id !== "select" && id !== "measure"}
            title={`${t.hints[id]}（${one.key.toUpperCase()}）`}
            onClick={() => setMode(id)}
          >
            {t.modes[id]} <kbd>{one.key.toUpperCase()}</kbd>
          </button>
        );
      })}
      <hr />
      <button
        type="button"
        className="button"
        disabled={past === 0}
        title={t.undoKey}
        onClick={undoStep}
        data-op="undo"
      >
        {t.undo}
      </button>
      <button
        type="button"
        className="button"
        disabled={future === 0}
        title={t.redoKey}
        onClick={redoStep}
        data-op="redo"
      >
        {t.redo}
      </button>
    </div>
  );
}
