import { useTexts } from "../../../layers/use-texts.ts";
import { MODES } from "../modes/registry.ts";
import { useEditor } from "../state/editor.ts";
import { REVIEW_TEXTS } from "../texts-review.ts";

/** Ends, takes back and drops what is drawn, for whoever has no keyboard. */
export function SketchButtons() {
  const t = useTexts(REVIEW_TEXTS);
  const mode = useEditor((editor) => editor.mode);
  const drawing = useEditor((editor) => editor.sketch !== undefined);
  const { keys } = MODES[mode];
  if (!drawing) return null;
  return (
    <div className="plan-sketch">
      <button type="button" className="button primary" data-op="finish" onClick={() => keys.finish?.()}>
        {t.finish}
      </button>
      <button type="button" className="button" data-op="stepBack" onClick={() => keys.stepBack?.()}>
        {t.stepBack}
      </button>
      <button type="button" className="button" data-op="drop" onClick={() => keys.letGo()}>
        {t.drop}
      </button>
    </div>
  );
}
