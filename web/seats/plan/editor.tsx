import { useCallback, useEffect } from "react";
import { useView } from "../../app/view-state.ts";
import type { PlanQuery } from "../../gql/generated.ts";
import { fill, useTexts } from "../../layers/use-texts.ts";
import { SeatMap } from "../../ui/map-parts.tsx";
import { useDrawing } from "./drawing/use-drawing.ts";
import { useMeasured } from "./modes/measure.mode.ts";
import { CellForm } from "./panels/cell-form.tsx";
import { ConflictPanel } from "./panels/conflict-panel.tsx";
import { CornerForm } from "./panels/corner-form.tsx";
import { areaText, lengthText } from "./panels/figure-text.ts";
import { ImpactPanel } from "./panels/impact-panel.tsx";
import { IssuesPanel } from "./panels/issues-panel.tsx";
import { MetersPanel } from "./panels/meters-panel.tsx";
import { PresenceList } from "./panels/presence-list.tsx";
import { RenumberDialog } from "./panels/renumber-dialog.tsx";
import { ReviewPanel } from "./panels/review-panel.tsx";
import { SketchButtons } from "./panels/sketch-buttons.tsx";
import { ToolBar } from "./panels/tool-bar.tsx";
import { ProposePanel } from "./propose/propose-panel.tsx";
import { useEditor } from "./state/editor.ts";
import { keepFigures, useFigures } from "./state/keep-figures.ts";
import { useHolder, usePlanPresence } from "./state/presence.ts";
import { type PlanToOpen, useOpening } from "./state/use-opening.ts";
import { PLAN_TEXTS } from "./texts.ts";
import { REVIEW_TEXTS } from "./texts-review.ts";
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

/** What the pointer is drawn to, and what is measured. */
function PointerNote() {
  const t = useTexts(PLAN_TEXTS);
  const snap = useEditor((editor) => editor.snap);
  const mode = useEditor((editor) => editor.mode);
  const measured = useMeasured((state) => state.measured);
  const words = useTexts(REVIEW_TEXTS);
  const holder = useHolder();
  const notes = [
    holder && fill(words.heldByOther, { name: holder }),
    snap && `${t.snaps[snap.kind]}${snap.name ? ` · ${snap.name}` : ""}`,
    mode === "measure" && measured && fill(t.measuredLength, { length: lengthText(measured.lengthM) }),
    mode === "measure" && measured && measured.areaM2 > 0 && fill(t.measuredArea, { area: areaText(measured.areaM2) }),
  ].filter((note) => typeof note === "string");
  return notes.length ? <span className="plan-pointer">{notes.join(" · ")}</span> : null;
}

/** The drawing board: tools left, map in the middle, figures right. */
export function Editor({
  wanted,
  told,
  again,
}: {
  wanted: PlanToOpen | undefined;
  /** What the server says of the plan; undefined for a draft of this browser. */
  told: PlanQuery["plan"] | undefined;
  again: () => void;
}) {
  const t = useTexts(PLAN_TEXTS);
  const language = useView((view) => view.language);
  const county = useView((view) => view.county);
  const mode = useEditor((editor) => editor.mode);
  const opening = useOpening(wanted);
  const isOpen = useFigures(({ figures }) => figures !== undefined);
  useEffect(keepFigures, []);
  const named = useCallback(
    (households: number, estimated: boolean) =>
      `${estimated ? "≈" : ""}${households}${language === "en" ? " hh" : "户"}`,
    [language],
  );
  useDrawing(named);
  useKeys();
  usePlanPresence(told, county, again);
  return (
    <>
      <div className="plan-board">
        <ToolBar />
        <section className="plan-map" aria-label={t.title} data-open={opening.state === "open"}>
          <SeatMap seat="plan" />
          <p className="plan-hint">
            {t.hints[mode]} <PointerNote />
          </p>
          <SketchButtons />
          <RefusalNote />
          {opening.state === "open" && <ProposePanel />}
          <ConflictPanel />
          {opening.state !== "open" && (
            <p className="map-note" role={opening.state === "opening" ? "status" : "alert"}>
              {opening.state === "opening" ? (
                t.loading
              ) : (
                <>
                  <strong>{t[opening.state]}</strong> {opening.state === "empty" ? t.emptyHint : t.failedHint}
                  {opening.state === "failed" && <span className="tone-late"> {opening.error.message}</span>}
                </>
              )}
            </p>
          )}
        </section>
        {isOpen && (
          <div className="plan-side">
            <PresenceList />
            <CellForm />
            <CornerForm />
            <MetersPanel />
          </div>
        )}
      </div>
      <RenumberDialog />
      {isOpen && (
        <footer className="plan-foot">
          <IssuesPanel />
          {told && <ImpactPanel id={told.id} />}
          {told && <ReviewPanel plan={told} again={again} />}
        </footer>
      )}
    </>
  );
}
