import { fill, useTexts } from "../../../layers/use-texts.ts";
import { useEditor } from "../state/editor.ts";
import { useSaving } from "../state/saving.ts";
import { PLAN_TEXTS } from "../texts.ts";

/** Where what was drawn is, and how much it is. */
export function SaveNote() {
  const t = useTexts(PLAN_TEXTS);
  const { state, message, changed } = useSaving();
  const steps = useEditor((editor) => (editor.history?.done.length ?? 1) - 1);
  return (
    <p className="plan-save" data-save={state} role="status">
      <b>{t.save[state]}</b>
      {message && <span> {message}</span>}
      <span className="tone-muted">
        {" "}
        {fill(t.steps, { count: steps })} · {fill(t.changedGrids, { count: changed })}
      </span>
    </p>
  );
}
