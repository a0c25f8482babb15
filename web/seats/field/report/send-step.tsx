import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LonLat } from "../../../../data/model/geometry.ts";
import { FREE_TEXT_NAMES, screenFreeText } from "../../../../data/policy/free-text.ts";
import { useCountyInfo } from "../../../app/county-info.ts";
import { useView } from "../../../app/view-state.ts";
import { FieldOwnershipDocument, type FieldOwnershipQuery, type IncidentSeverity } from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { useFormat } from "../../../ui/format.ts";
import { BlurTool } from "../photo/blur-tool.tsx";
import { FIELD_TEXTS } from "../texts.ts";
import { type Draft, patchDraft, sendDraft, setDraft } from "./report-store.ts";

const TITLE_LENGTH = 200;
const SEVERITIES: readonly IncidentSeverity[] = ["MINOR", "NORMAL", "SERIOUS", "CRITICAL"];

/** The last look: photo to cover faces on, words, what was reported already, and the button that sends. */
export function SendStep({
  draft,
  place,
  county,
  onSent,
}: {
  draft: Draft;
  place: LonLat;
  county: string;
  onSent: () => void;
}) {
  const t = useTexts(FIELD_TEXTS);
  const id = useId();
  const { t: word } = useTranslation();
  const language = useView((view) => view.language);
  const classCode = draft.classCode ?? "";
  const found = useCountyInfo((state) => state.classes.get(classCode));
  const [busy, setBusy] = useState(false);
  const { data } = useQuery(FieldOwnershipDocument, { county, lon: place[0], lat: place[1], class: classCode });
  const ownership = data?.ownership;
  const name = (language === "en" ? found?.nameEn : found?.name) ?? classCode;
  const title = draft.title ?? name;
  const findings = screenFreeText(title);
  const kinds = [...new Set(findings.map(({ kind }) => FREE_TEXT_NAMES[kind][language === "en" ? "en" : "zh"]))];
  const clean = title.trim() !== "" && findings.length === 0;
  const send = async (addTo?: { readonly id: string; readonly ref: number }): Promise<void> => {
    setBusy(true);
    await sendDraft(draft, { title: title.trim(), county, addTo });
    onSent();
  };
  return (
    <form
      className="send-step"
      onSubmit={(event) => {
        event.preventDefault();
        if (clean && !busy) void send();
      }}
    >
      {draft.photo && <PhotoPart photo={draft.photo} />}
      <dl className="field-facts">
        <div>
          <dt>{t.what}</dt>
          <dd>{name}</dd>
        </div>
        {ownership && (
          <div>
            <dt>{t.where}</dt>
            <dd>{ownership.candidates.map(({ area }) => area.name).join(" / ")}</dd>
          </div>
        )}
      </dl>
      {ownership?.nearBorder && (
        <p className="tone-soon">
          {fill(t.border, { names: ownership.candidates.map(({ area }) => area.name).join("、") })}
        </p>
      )}
      {ownership && ownership.refused.length > 0 && (
        <p className="tone-late" role="alert">
          {t.notAdmitted} {ownership.refused.map(({ department, item }) => `${department} ${item}`).join("；")}
        </p>
      )}
      {ownership && ownership.similar.length > 0 && (
        <Similar
          similar={ownership.similar}
          photo={draft.photo !== undefined}
          busy={busy}
          onSame={(one) => {
            if (draft.photo) void send(one);
            else {
              // Nothing to send: somebody has reported it, and there is no picture to add.
              setDraft(undefined);
              onSent();
            }
          }}
        />
      )}
      <div className="field">
        <label htmlFor={id}>{t.title}</label>
        <input
          id={id}
          value={title}
          maxLength={TITLE_LENGTH}
          aria-describedby={`${id}-note`}
          aria-invalid={findings.length > 0}
          onChange={(event) => patchDraft({ title: event.currentTarget.value })}
        />
        <div id={`${id}-note`} className={findings.length ? "tone-late" : "field-note"}>
          {findings.length ? fill(t.titleFound, { kinds: kinds.join("、") }) : t.titleNote}
        </div>
      </div>
      <fieldset className="severity">
        <legend>{t.severity}</legend>
        {SEVERITIES.map((severity) => (
          <label key={severity}>
            <input
              type="radio"
              name={`${id}-severity`}
              checked={draft.severity === severity}
              onChange={() => patchDraft({ severity })}
            />
            <span>{word(`severity.${severity.toLowerCase()}`)}</span>
          </label>
        ))}
      </fieldset>
      <button type="submit" className="button primary field-send" data-testid="send" disabled={!clean || busy}>
        {busy ? t.working : t.send}
      </button>
    </form>
  );
}

function PhotoPart({ photo }: { photo: NonNullable<Draft["photo"]> }) {
  const t = useTexts(FIELD_TEXTS);
  return (
    <section className="photo-part">
      <p className="tone-soon">
        <strong>{t.blurRemind}</strong>
      </p>
      <BlurTool
        canvas={photo.canvas}
        original={photo.original}
        covered={photo.covered}
        onCover={(covered) => patchDraft({ photo: { ...photo, covered } })}
      />
      <p id="blur-hint" className="tone-muted field-small">
        {t.blurHint}
      </p>
      <div className="field-actions">
        <button
          type="button"
          className="button"
          disabled={photo.covered.length === 0}
          onClick={() => patchDraft({ photo: { ...photo, covered: photo.covered.slice(0, -1) } })}
        >
          {fill(t.blurUndo, { count: photo.covered.length })}
        </button>
        <button type="button" className="button" onClick={() => patchDraft({ photo: undefined })}>
          {t.photoRemove}
        </button>
      </div>
    </section>
  );
}

type SimilarCases = FieldOwnershipQuery["ownership"]["similar"];

function Similar({
  similar,
  photo,
  busy,
  onSame,
}: {
  similar: SimilarCases;
  photo: boolean;
  busy: boolean;
  onSame: (one: { readonly id: string; readonly ref: number }) => void;
}) {
  const t = useTexts(FIELD_TEXTS);
  const format = useFormat();
  const language = useView((view) => view.language);
  return (
    <section className="field-card" data-testid="similar">
      <h3>{t.similar}</h3>
      <ul className="field-list">
        {similar.slice(0, 3).map(({ incident, distanceM, minutes }) => (
          <li key={incident.id}>
            <span>
              {fill(t.similarText, {
                class: language === "en" ? incident.class.nameEn : incident.class.name,
                m: Math.round(distanceM),
                minutes: format.duration(minutes * 60),
                step: language === "en" ? incident.step.nameEn : incident.step.name,
              })}
            </span>
            <button type="button" className="button" disabled={busy} onClick={() => onSame(incident)}>
              {photo ? t.sameWithPhoto : t.same}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
