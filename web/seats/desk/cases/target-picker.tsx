import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../../../app/view-state.ts";
import { CaseAdviceDocument, type CaseAdviceQuery, SearchDocument } from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { useFormat } from "../../../ui/format.ts";
import { ErrorNote, Skeleton } from "../../../ui/notes.tsx";

type Suggestion = CaseAdviceQuery["dispatchAdvice"]["suggestions"][number];

const ASK_AFTER_MS = 250;

/** A factor of the score in its own unit. */
function FactorText({ factor }: { factor: Suggestion["factors"][number] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { key, value, score, weight } = factor;
  const word =
    key === "DISTANCE"
      ? t("advice.metres", { value: format.number(Math.round(value)) })
      : key === "LOAD"
        ? t("advice.cases", { value: format.number(value) })
        : t(value ? "advice.yes" : "advice.no");
  return (
    <span className="factor" title={t("advice.factorHint", { score: score.toFixed(2), weight: weight.toFixed(2) })}>
      <span className="tone-muted">{t(`advice.factor.${key.toLowerCase()}`)}</span> {word}
      <meter min={0} max={1} value={score} aria-hidden="true" />
    </span>
  );
}

/** Posts that suit a case, best first, each with all that speaks for it; and cameras that look there by their nominal view. */
export function PostPicker({
  id,
  value,
  onValue,
}: {
  id: string;
  value: string | undefined;
  onValue: (post: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = useId();
  const { data, error, retry } = useQuery(CaseAdviceDocument, { id });
  if (error) return <ErrorNote error={error} retry={retry} />;
  const advice = data?.dispatchAdvice;
  if (!advice) return <Skeleton />;
  return (
    <fieldset className="choices" data-testid="advice">
      <legend>{t("advice.posts")}</legend>
      {advice.suggestions.length === 0 && <p className="tone-muted">{t("advice.none")}</p>}
      {advice.suggestions.map(({ post, staff, score, factors }) => (
        <label key={post.id} className="choice">
          <input
            type="radio"
            name={name}
            checked={value === post.id}
            onChange={() => onValue(post.id)}
            onClick={() => value === post.id && onValue(undefined)}
          />
          <span>
            <strong>{staff?.name ?? t("duty.nobody")}</strong> {t(`post.${post.kind.toLowerCase()}`)} · {post.place}{" "}
            <span className="tone-muted">{t("advice.score", { score: format.number(Math.round(score * 100)) })}</span>
            <span className="factors">
              {factors.map((factor) => (
                <FactorText key={factor.key} factor={factor} />
              ))}
            </span>
          </span>
          {staff?.workPhone && (
            <a className="phone" href={`tel:${staff.workPhone}`}>
              {staff.workPhone}
            </a>
          )}
        </label>
      ))}
      <p className="tone-muted field-note">{t("advice.basis", { version: advice.version })}</p>
      {advice.cameras.length > 0 && (
        <details>
          <summary>{t("advice.cameras", { count: advice.cameras.length })}</summary>
          <ul className="advice-cameras">
            {advice.cameras.map(({ camera, distanceM, bearingDeg }) => (
              <li key={camera.id}>
                {camera.name} · {t("advice.metres", { value: format.number(Math.round(distanceM)) })} ·{" "}
                {t("advice.bearing", { value: Math.round(bearingDeg) })}
              </li>
            ))}
          </ul>
          <p className="tone-muted field-note">{t("advice.nominal")}</p>
        </details>
      )}
    </fieldset>
  );
}

/** A unit by name or pinyin; departments that the admission list names for the case stand ready. */
export function UnitPicker({
  suggested,
  value,
  onValue,
}: {
  suggested: readonly { readonly id: string; readonly name: string; readonly why: string }[];
  value: string | undefined;
  onValue: (organisation: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const county = useView((view) => view.county);
  const name = useId();
  const [text, setText] = useState("");
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const { data } = useQuery(SearchDocument, asked ? { county, text: asked } : undefined);
  const found = (data?.search ?? [])
    .filter(({ kind }) => kind === "ORGANISATION")
    .map((hit) => ({ id: hit.id, name: hit.name, why: hit.detail }));
  const [picked, setPicked] = useState<{ id: string; name: string; why: string }>();
  const units = new Map([...suggested, ...(picked ? [picked] : []), ...found].map((unit) => [unit.id, unit]));
  return (
    <fieldset className="choices">
      <legend>{t("advice.units")}</legend>
      {[...units.values()].map((unit) => (
        <label key={unit.id} className="choice">
          <input
            type="radio"
            name={name}
            checked={value === unit.id}
            onChange={() => {
              setPicked(unit);
              onValue(unit.id);
            }}
            onClick={() => value === unit.id && onValue(undefined)}
          />
          <span>
            <strong>{unit.name}</strong> <span className="tone-muted">{unit.why}</span>
          </span>
        </label>
      ))}
      <input
        type="search"
        className="picker-search"
        aria-label={t("advice.findUnit")}
        placeholder={t("advice.findUnit")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </fieldset>
  );
}
