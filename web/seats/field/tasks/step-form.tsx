import { useId, useState } from "react";
import { FREE_TEXT_NAMES, screenFreeText } from "../../../../data/policy/free-text.ts";
import { useView } from "../../../app/view-state.ts";
import {
  type CaseNowFragment,
  FieldUnitsDocument,
  type StepRequirement,
  type TransitionInput,
} from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { FIELD_TEXTS } from "../texts.ts";
import type { FieldCase } from "./use-task.ts";

type NextStep = NonNullable<CaseNowFragment["nextSteps"]>[number];
type Wanted = Omit<TransitionInput, "key">;

const TEXTS = ["REASON", "RESOLUTION", "NOTE"] as const satisfies readonly StepRequirement[];
const NAMES = { REASON: "reason", RESOLUTION: "resolution", NOTE: "note" } as const;

/** What a step needs before it is taken, and a remark that it may have. */
export function StepForm({
  next,
  found,
  busy,
  onStep,
  onCancel,
}: {
  next: NextStep;
  found: FieldCase;
  busy: boolean;
  onStep: (input: Wanted) => void;
  onCancel: () => void;
}) {
  const t = useTexts(FIELD_TEXTS);
  const id = useId();
  const language = useView((view) => view.language);
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const [organisation, setOrganisation] = useState("");
  const [post, setPost] = useState("");
  const needs = (what: StepRequirement): boolean => next.requires.includes(what);
  const fields = TEXTS.filter((what) => needs(what) || what === "NOTE");
  const findings = Object.values(texts).flatMap(screenFreeText);
  const kinds = [...new Set(findings.map(({ kind }) => FREE_TEXT_NAMES[kind][language === "en" ? "en" : "zh"]))];
  const missing =
    TEXTS.some((what) => needs(what) && !texts[what]?.trim()) ||
    (needs("ORGANISATION") && !organisation) ||
    (needs("POST") && !post);
  const posts = [...new Map(found?.dutyNow.map((duty) => [duty.post.id, duty]) ?? []).values()];
  return (
    <form
      className="field-card"
      data-testid="step-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (missing || busy || kinds.length || !found) return;
        onStep({
          id: found.id,
          version: found.version ?? 0,
          to: next.step.state,
          step: next.step.key,
          reason: texts["REASON"]?.trim() || null,
          resolution: texts["RESOLUTION"]?.trim() || null,
          note: texts["NOTE"]?.trim() || null,
          organisation: organisation || null,
          post: post || null,
        });
      }}
    >
      <h3>{language === "en" ? next.nameEn : next.name}</h3>
      {needs("ORGANISATION") && (
        <UnitChoice county={found?.id.split(":")[1] ?? ""} value={organisation} onValue={setOrganisation} />
      )}
      {needs("POST") && (
        <div className="field">
          <label htmlFor={`${id}-post`}>
            {t.post}
            {t.required}
          </label>
          <select
            id={`${id}-post`}
            className="select"
            required
            value={post}
            onChange={(event) => setPost(event.currentTarget.value)}
          >
            <option value="">{t.choose}</option>
            {posts.map((duty) => (
              <option key={duty.post.id} value={duty.post.id}>
                {[duty.post.place, duty.staff?.name].filter(Boolean).join(" · ")}
              </option>
            ))}
          </select>
        </div>
      )}
      {fields.map((what) => (
        <div key={what} className="field">
          <label htmlFor={`${id}-${what}`}>
            {t[NAMES[what]]}
            {needs(what) ? t.required : t.optional}
          </label>
          <input
            id={`${id}-${what}`}
            name={NAMES[what]}
            maxLength={500}
            required={needs(what)}
            value={texts[what] ?? ""}
            onChange={(event) => setTexts({ ...texts, [what]: event.currentTarget.value })}
          />
        </div>
      ))}
      {kinds.length > 0 && (
        <p role="alert" className="tone-late">
          {fill(t.titleFound, { kinds: kinds.join("、") })}
        </p>
      )}
      <div className="field-actions">
        <button type="button" className="button" onClick={onCancel}>
          {t.cancel}
        </button>
        <button type="submit" className="button primary" disabled={missing || busy || kinds.length > 0}>
          {busy ? t.working : fill(t.confirm, { step: language === "en" ? next.nameEn : next.name })}
        </button>
      </div>
    </form>
  );
}

function UnitChoice({ county, value, onValue }: { county: string; value: string; onValue: (id: string) => void }) {
  const t = useTexts(FIELD_TEXTS);
  const id = useId();
  const { data } = useQuery(FieldUnitsDocument, county ? { county } : undefined);
  return (
    <div className="field">
      <label htmlFor={id}>
        {t.organisation}
        {t.required}
      </label>
      <select
        id={id}
        className="select"
        required
        value={value}
        onChange={(event) => onValue(event.currentTarget.value)}
      >
        <option value="">{t.choose}</option>
        {data?.organisations.nodes.map((unit) => (
          <option key={unit.id} value={unit.id}>
            {unit.name}
          </option>
        ))}
      </select>
    </div>
  );
}
