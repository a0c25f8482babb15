import { useId, useMemo, useState } from "react";
import { useCountyInfo } from "../../../app/county-info.ts";
import { useView } from "../../../app/view-state.ts";
import { FieldClassesDocument } from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { Skeleton } from "../../../ui/notes.tsx";
import { FIELD_TEXTS } from "../texts.ts";
import { admittedClasses } from "./admitted-classes.ts";

/** Shown before one asks for all: what fits under the map of a phone. */
const COMMON = 10;

/** Buttons of the classes that may be reported, most used first. */
export function ClassChoice({
  county,
  area,
  disabled,
  chosen,
  onChoose,
}: {
  county: string;
  area: string;
  disabled: boolean;
  chosen: string | undefined;
  onChoose: (code: string) => void;
}) {
  const t = useTexts(FIELD_TEXTS);
  const id = useId();
  const language = useView((view) => view.language);
  const known = useCountyInfo((state) => state.classes);
  const { data, error, retry } = useQuery(FieldClassesDocument, { county, used: { inside: area } });
  const [all, setAll] = useState(false);
  const [text, setText] = useState("");
  const classes = useMemo(() => (data ? admittedClasses(known.values(), data) : undefined), [known, data]);
  if (error && !data)
    return (
      <p role="alert">
        {t.classesFailed}{" "}
        <button type="button" className="button" onClick={retry}>
          {t.retry}
        </button>
      </p>
    );
  if (!classes || known.size === 0) return <Skeleton />;
  const wanted = text.trim().toLowerCase();
  const shown = all
    ? classes.filter(({ code, name, nameEn }) => `${code} ${name} ${nameEn}`.toLowerCase().includes(wanted))
    : classes.slice(0, COMMON);
  return (
    <div data-testid="class-choice">
      {all && (
        <div className="field">
          <label htmlFor={id}>{t.findClass}</label>
          <input id={id} type="search" value={text} onChange={(event) => setText(event.currentTarget.value)} />
        </div>
      )}
      {disabled && (
        <p id={`${id}-first`} className="tone-soon">
          {t.pickPlaceFirst}
        </p>
      )}
      <ul className="class-buttons">
        {shown.map(({ code, name, nameEn, used }) => (
          <li key={code}>
            <button
              type="button"
              className="button"
              data-class={code}
              disabled={disabled}
              aria-pressed={chosen === code}
              onClick={() => onChoose(code)}
            >
              <span>{language === "en" ? nameEn : name}</span>
              {used > 0 && <small>{fill(t.used, { count: used })}</small>}
            </button>
          </li>
        ))}
      </ul>
      {classes.length > COMMON && (
        <button type="button" className="button field-wide" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t.fewerClasses : fill(t.allClasses, { count: classes.length })}
        </button>
      )}
    </div>
  );
}
