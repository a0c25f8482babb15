import { fill, useTexts } from "../../../layers/use-texts.ts";
import { useEditor } from "../state/editor.ts";
import { useSaving } from "../state/saving.ts";
import { PLAN_TEXTS } from "../texts.ts";
import { REVIEW_TEXTS } from "../texts-review.ts";

/** Where what was drawn is, and how much it is. */
export function SaveNote() {
  const t = useTexts(PLAN_TEXTS);
  const { state, message, mergedWith, changed } = useSaving();
  const words = useTexts(REVIEW_TEXTS);
  const steps = useEditor((editor) => (editor.history?.done.length ?? 1) - 1);
  // A plan that is opened again: nothing waits, and what was drawn before is with the server.
  const shown = state === "clean" && changed > 0 ? "saved" : state;
  return (
    <p className="plan-save" data-save={state} role="status">
      <b>{t.save[shown]}</b>
      {message && <span> {message}</span>}
      {mergedWith && <span className="tone-good"> {fill(words.mergedWith, { name: mergedWith })}</span>}
      <span className="tone-muted">
        {" "}
        {fill(t.steps, { count: steps })} · {fill(t.changedGrids, { count: changed })}
      </span>
    </p>
  );
}
