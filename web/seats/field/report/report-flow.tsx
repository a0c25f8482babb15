import { useEffect, useRef, useState } from "react";
import type { LonLat, MultiPolygonRings } from "../../../../data/model/geometry.ts";
import { useView } from "../../../app/view-state.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { GridMap } from "../area/grid-map.tsx";
import { holds } from "../area/phone-plane.ts";
import type { FieldArea } from "../area/use-field-area.ts";
import { usePosition } from "../area/use-position.ts";
import { FIELD_TEXTS } from "../texts.ts";
import { ClassChoice } from "./class-choice.tsx";
import { type Draft, patchDraft, setDraft } from "./report-store.ts";
import { SendStep } from "./send-step.tsx";

const ringsOf = ({ geometry }: FieldArea): MultiPolygonRings =>
  geometry.type === "MultiPolygon" ? geometry.coordinates : geometry.type === "Polygon" ? [geometry.coordinates] : [];

/** Goes back to the page that the report was begun on. */
const leave = (): void => useView.getState().set({ intake: undefined });

/** A report: where and what, then a look at it and off it goes. */
export function ReportFlow({ draft, area, county }: { draft: Draft; area: FieldArea; county: string }) {
  const t = useTexts(FIELD_TEXTS);
  const [checking, setChecking] = useState(false);
  const [sure, setSure] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each step begins at its top, also for who listens
  useEffect(() => {
    heading.current?.focus();
    scrollTo(0, 0);
  }, [checking]);
  const place = checking && draft.classCode ? draft.place : undefined;
  const ready = place !== undefined;
  const discard = (): void => {
    setDraft(undefined);
    leave();
  };
  return (
    <main className="field-main" data-testid="report-flow">
      <div className="field-steps">
        <button type="button" className="button" onClick={() => (ready ? setChecking(false) : setSure(true))}>
          ‹ {ready ? t.changePlace : t.discard}
        </button>
        <span className="tone-muted">{fill(t.step, { n: ready ? 2 : 1 })}</span>
      </div>
      <h2 ref={heading} tabIndex={-1}>
        {ready ? t.check : t.whereWhat}
      </h2>
      {sure && (
        <div className="field-card" role="alertdialog" aria-label={t.discard}>
          <p>{t.discardSure}</p>
          <div className="field-actions">
            <button type="button" className="button" onClick={discard}>
              {t.discard}
            </button>
            <button type="button" className="button primary" onClick={() => setSure(false)}>
              {t.keep}
            </button>
          </div>
        </div>
      )}
      {place ? (
        <SendStep draft={draft} place={place} county={county} onSent={leave} />
      ) : (
        <WhereWhat draft={draft} area={area} county={county} onChosen={() => setChecking(true)} />
      )}
    </main>
  );
}

function WhereWhat({
  draft,
  area,
  county,
  onChosen,
}: {
  draft: Draft;
  area: FieldArea;
  county: string;
  onChosen: () => void;
}) {
  const t = useTexts(FIELD_TEXTS);
  const position = usePosition(true);
  const [picked, setPicked] = useState(draft.place !== undefined);
  const here = position.place;
  const inside = here !== undefined && holds(ringsOf(area), here);
  // The phone's own place is the place, as long as nobody has said another.
  useEffect(() => {
    if (here && inside && !picked) patchDraft({ place: here });
  }, [here, inside, picked]);
  const pick = (place: LonLat): void => {
    setPicked(true);
    patchDraft({ place });
  };
  const say = (): string => {
    if (picked) return t.picked;
    if (position.state === "asking") return `${t.locating} ${t.tapMap}`;
    if (position.state === "none") return t.noPosition;
    return inside ? fill(t.located, { m: Math.max(1, Math.round(position.accuracyM ?? 0)) }) : t.outside;
  };
  return (
    <>
      <GridMap
        own={area}
        neighbours={area.neighbours}
        place={draft.place}
        {...(here ? { position: here } : {})}
        onPick={pick}
      />
      <p role="status" className={draft.place ? "tone-good" : "tone-soon"} data-testid="place-state">
        {say()}
      </p>
      <p className="tone-muted field-small">{t.positionNote}</p>
      <h3>{t.what}</h3>
      <ClassChoice
        county={county}
        area={area.code}
        disabled={draft.place === undefined}
        chosen={draft.classCode}
        onChoose={(classCode) => {
          patchDraft({ classCode, title: undefined });
          onChosen();
        }}
      />
    </>
  );
}
