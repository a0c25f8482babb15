import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCountyInfo } from "../../../app/county-info.ts";
import { useView } from "../../../app/view-state.ts";
import { IntakeAdmissionDocument } from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { useFormat } from "../../../ui/format.ts";
import { ErrorNote, Skeleton } from "../../../ui/notes.tsx";
import { byDepartment, byMajor, type ClassChoice } from "./class-groups.ts";

/** What kind of matter it is: by department of the admission list, or by class; what the list refuses says so. */
export function ClassPicker({
  value,
  onValue,
}: {
  value: string | undefined;
  onValue: (code: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const english = useView((view) => view.language) === "en";
  const county = useView((view) => view.county);
  const known = useCountyInfo((state) => state.classes);
  const { data, error, retry } = useQuery(IntakeAdmissionDocument, { county });
  const [text, setText] = useState("");
  const [wanted, setWanted] = useState<"department" | "major">();
  const classes = useMemo(() => [...known.values()], [known]);
  const list = data?.admissionList;
  // A county without a list of its own has classes only.
  const by = wanted ?? (list?.length ? "department" : "major");
  const groups = useMemo(
    () => (by === "department" ? byDepartment(list ?? [], classes, text) : byMajor(classes, text)),
    [by, list, classes, text],
  );
  const choice = ({ code, name, nameEn }: ClassChoice) => (
    <label key={code} className="choice">
      <input type="radio" name="class" checked={value === code} onChange={() => onValue(code)} />
      <span>
        {english ? nameEn : name} <span className="tone-muted">{code}</span>
      </span>
    </label>
  );
  const shown = text !== "" || groups.length <= 2;
  if (value)
    return (
      <fieldset className="choices">
        <legend>{t("intake.class")}</legend>
        <p>
          <strong data-testid="class-picked">
            {format.className(value)} · {value}
          </strong>{" "}
          <button type="button" className="link" onClick={() => onValue(undefined)}>
            {t("intake.other")}
          </button>
        </p>
      </fieldset>
    );
  return (
    <fieldset className="choices" data-testid="class-picker">
      <legend>{t("intake.class")}</legend>
      <div className="queue-line">
        <input
          type="search"
          className="queue-search"
          aria-label={t("intake.findClass")}
          placeholder={t("intake.findClass")}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {(["department", "major"] as const).map((way) => (
          <button key={way} type="button" className="button" aria-pressed={by === way} onClick={() => setWanted(way)}>
            {t(`intake.by.${way}`)}
          </button>
        ))}
      </div>
      {error && <ErrorNote error={error} retry={retry} />}
      {!list && !error && by === "department" && <Skeleton />}
      <div className="class-groups">
        {groups.map(({ key, classes: own, items }) => (
          <details key={key} open={shown}>
            <summary>{by === "major" ? format.className(key) : key}</summary>
            {own.map(choice)}
            {items.map(({ item, classes: inside, refused }) =>
              refused ? (
                <p key={item.id} className="refused-item">
                  <strong className="tone-late">{t(`admission.${item.kind.toLowerCase()}`)}</strong> {item.item}
                  <span className="tone-muted"> {item.batch}</span>
                </p>
              ) : (
                <div key={item.id}>
                  <p className="tone-muted">
                    {t(`admission.${item.kind.toLowerCase()}`)} · {item.item}
                  </p>
                  {inside.map(choice)}
                </div>
              ),
            )}
          </details>
        ))}
        {groups.length === 0 && list && <p className="tone-muted">{t("search.nothing")}</p>}
      </div>
    </fieldset>
  );
}
