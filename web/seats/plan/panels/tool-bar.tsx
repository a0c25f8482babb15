import { useView } from "../../../app/view-state.ts";
import { useTexts } from "../../../layers/use-texts.ts";
import { MODE_IDS, type ModeId } from "../modes/mode.ts";
import { MODES } from "../modes/registry.ts";
import { OPERATION_IDS, type OperationId } from "../operations/operation.ts";
import { needOf, OPERATIONS, runOperation } from "../operations/registry.ts";
import { holdKey, redoStep, setMode, undoStep, useEditor } from "../state/editor.ts";
import { PLAN_TEXTS, type PlanTexts } from "../texts.ts";
import { REVIEW_TEXTS } from "../texts-review.ts";

/** Operations that are on or off. */
const TOGGLES: ReadonlySet<OperationId> = new Set(["isolate", "ghost"]);

function OperationButton({ id, t }: { id: OperationId; t: PlanTexts }) {
  const need = useEditor((editor) => needOf(id, editor));
  const pressed = useEditor(({ isolated, ghost }) => (id === "isolate" && isolated) || (id === "ghost" && ghost));
  const { key } = OPERATIONS[id];
  return (
    <button
      type="button"
      className="button"
      data-op={id}
      aria-keyshortcuts={key}
      aria-pressed={TOGGLES.has(id) ? pressed : undefined}
      // Not `disabled`: what is missing must be readable by whoever comes here by keyboard.
      aria-disabled={need !== undefined}
      title={need ? `${t.operationHints[id]} · ${t.needs[need]}` : t.operationHints[id]}
      onClick={() => runOperation(id)}
    >
      {t.operations[id]} <kbd>{key.length > 1 ? key.slice(0, 3) : key.toUpperCase()}</kbd>
    </button>
  );
}

/** Modes that change nothing of the plan. */
const HARMLESS: ReadonlySet<ModeId> = new Set(["select", "measure", "comment"]);

/** Keys that are held while something is done, as buttons for hands without a keyboard. */
function StickyKeys() {
  const t = useTexts(REVIEW_TEXTS);
  const sticky = useEditor((editor) => editor.sticky);
  const words = { shift: t.shiftKey, alt: t.altKey } as const;
  return (
    <fieldset className="plan-sticky" aria-label={t.sticky}>
      {(["shift", "alt"] as const).map((key) => (
        <button
          key={key}
          type="button"
          className="button"
          data-key={key}
          aria-pressed={sticky[key]}
          onClick={() => holdKey(key, !sticky[key])}
        >
          {words[key]} <kbd>{key === "shift" ? "⇧" : "Alt"}</kbd>
        </button>
      ))}
    </fieldset>
  );
}

/** Modes, operations and history, on the left edge of the map. */
export function ToolBar() {
  const t = useTexts(PLAN_TEXTS);
  const mode = useEditor((editor) => editor.mode);
  const past = useEditor((editor) => (editor.history?.done.length ?? 1) - 1);
  const future = useEditor((editor) => editor.history?.undone.length ?? 0);
  const mayDraw = useEditor((editor) => editor.mayDraw);
  const onServer = useView((view) => view.plan !== undefined && view.plan !== "draft");
  return (
    <div className="plan-tools" role="toolbar" aria-label={t.tools} aria-orientation="vertical">
      <div className="plan-history">
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
      {MODE_IDS.map((id) => {
        const one = MODES[id];
        return (
          <button
            key={id}
            type="button"
            className="button"
            data-mode={id}
            aria-pressed={mode === id}
            aria-keyshortcuts={one.key}
            disabled={(!mayDraw && !HARMLESS.has(id)) || (id === "comment" && !onServer)}
            title={`${t.hints[id]}（${one.key.toUpperCase()}）`}
            onClick={() => setMode(id)}
          >
            {t.modes[id]} <kbd>{one.key.toUpperCase()}</kbd>
          </button>
        );
      })}
      <StickyKeys />
      <hr />
      {OPERATION_IDS.map((id) => (
        <OperationButton key={id} id={id} t={t} />
      ))}
    </div>
  );
}
