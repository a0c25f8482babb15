import { useCallback } from "react";
import { useView } from "../../app/view-state.ts";
import { fill, useTexts } from "../../layers/use-texts.ts";
import { SeatMap } from "../../ui/map-parts.tsx";
import { useDrawing } from "./drawing/use-drawing.ts";
import { MetersPanel } from "./panels/meters-panel.tsx";
import { ToolBar } from "./panels/tool-bar.tsx";
import { useEditor } from "./state/editor.ts";
import { usePlanMeters } from "./state/use-meters.ts";
import { PLAN_TEXTS } from "./texts.ts";
import { useKeys } from "./use-keys.ts";

/** What was refused, at the foot of the map, beside the mark on it. */
function RefusalNote() {
  const t = useTexts(PLAN_TEXTS);
  const language = useView((view) => view.language);
  const refusal = useEditor((editor) => editor.refusal);
  if (!refusal) return null;
  return (
    <p className="plan-refusal" role="alert">
      <strong>{t.refusedHere}</strong> {language === "en" ? refusal.en : refusal.zh}
    </p>
  );
}

/** The drawing board: tools left, map in the middle, figures right. */
export function Editor() {
  const t = useTexts(PLAN_TEXTS);
  const language = useView((view) => view.language);
  const mode = useEditor((editor) => editor.mode);
  const open = useEditor((editor) => editor.history !== undefined);
  const meters = usePlanMeters();
  const named = useCallback(
    (households: number) => (language === "en" ? `${households} hh` : `${households}户`),
    [language],
  );
  useDrawing(meters, named);
  useKeys();
  return (
    <div className="plan-board">
      <ToolBar />
      <section className="plan-map" aria-label={t.title} data-open={open}>
        <SeatMap seat="plan" />
        <p className="plan-hint">{fill(t.hints[mode], {})}</p>
        <RefusalNote />
        {!open && (
          <p className="map-note" role="status">
            {t.loading}
          </p>
        )}
      </section>
      {meters && <MetersPanel meters={meters} />}
    </div>
  );
}
