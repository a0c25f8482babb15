import { type FormEvent, useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../../../app/view-state.ts";
import {
  DeskBlowDocument,
  type WhistleClass,
  WhistleDepartmentsDocument,
  WhistleItemsDocument,
} from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { Dialog } from "../../../ui/dialog.tsx";
import { EmptyNote, ErrorNote, Skeleton } from "../../../ui/notes.tsx";
import { clientKeys } from "../cases/client-keys.ts";
import { RefusalText } from "../cases/refusal.tsx";
import { textFault } from "../cases/step-options.ts";
import { TextField } from "../cases/text-field.tsx";
import { useWrite } from "../cases/use-write.ts";
import { WHISTLE_TEXTS } from "./texts.ts";

const CLASSES: readonly WhistleClass[] = ["ROUTINE", "JOINT", "URGENT"];
/** Departments that are listed before one searches. */
const LISTED = 12;

/** Blows a whistle for a case: class → item → departments → send. */
export function BlowDialog({
  incident,
  version,
  suggested,
  onDone,
  onClose,
}: {
  /** Global id of the case, and the version that was seen. */
  incident: string;
  version: number;
  /** Departments that the admission list names for the case: they stand first. */
  suggested: readonly { readonly id: string; readonly name: string }[];
  onDone: () => void;
  onClose: () => void;
}) {
  const t = useTexts(WHISTLE_TEXTS);
  const { t: word } = useTranslation();
  const name = useId();
  const county = useView((view) => view.county);
  const language = useView((view) => view.language);
  const items = useQuery(WhistleItemsDocument, { county });
  const [kind, setKind] = useState<WhistleClass>();
  const [item, setItem] = useState<string>();
  const [units, setUnits] = useState<readonly string[]>([]);
  const [note, setNote] = useState("");
  const { busy, refusal, run } = useWrite();
  const keyOf = useMemo(clientKeys, []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (item === undefined || units.length === 0) return;
    void run(async () => {
      const input = { incident, version, item, organisations: [...units], note: note.trim() || null };
      await mutate(DeskBlowDocument, { input: { ...input, key: keyOf(input) } });
      onDone();
    });
  };
  const listed = items.data?.whistleItems ?? [];
  return (
    <Dialog title={t.blowTitle} wide onClose={onClose}>
      {items.error && <ErrorNote error={items.error} retry={items.retry} />}
      {!items.data && !items.error && <Skeleton />}
      {items.data && listed.length === 0 && <EmptyNote title={t.noItems} />}
      <form onSubmit={submit} data-testid="blow-form">
        <fieldset className="choice">
          <legend>{t.classStep}</legend>
          {CLASSES.filter((one) => listed.some((entry) => entry.class === one)).map((one) => (
            <button
              key={one}
              type="button"
              className="button"
              aria-pressed={kind === one}
              onClick={() => {
                setKind(one);
                setItem(undefined);
              }}
            >
              {t[one]}
            </button>
          ))}
        </fieldset>
        {kind && (
          <fieldset className="whistle-items">
            <legend>{t.itemStep}</legend>
            {listed
              .filter((entry) => entry.class === kind)
              .map((entry) => (
                <label key={entry.key}>
                  <input type="radio" name={name} checked={item === entry.key} onChange={() => setItem(entry.key)} />
                  <span>
                    {language === "en" ? entry.nameEn : entry.name}{" "}
                    <span className="tone-muted">{fill(t.within, { minutes: entry.arriveMinutes })}</span>
                  </span>
                </label>
              ))}
          </fieldset>
        )}
        {item && <Departments county={county} suggested={suggested} value={units} onValue={setUnits} />}
        {item && <TextField label={t.note} value={note} onValue={setNote} />}
        {refusal && (
          <p role="alert" className="tone-late">
            <RefusalText refusal={refusal} />
          </p>
        )}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            {word("action.cancel")}
          </button>
          <button
            type="submit"
            className="button primary"
            disabled={busy || item === undefined || units.length === 0 || !!textFault(note)}
          >
            {t.send}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Departments({
  county,
  suggested,
  value,
  onValue,
}: {
  county: string;
  suggested: readonly { readonly id: string; readonly name: string }[];
  value: readonly string[];
  onValue: (value: readonly string[]) => void;
}) {
  const t = useTexts(WHISTLE_TEXTS);
  const { data } = useQuery(WhistleDepartmentsDocument, { county });
  const [text, setText] = useState("");
  // Departments of the county come when a whistle calls; committees and firms are there for who looks for them.
  const listed = [...(data?.organisations.nodes ?? [])].sort(
    (a, b) => Number(b.kind.endsWith("ORGAN")) - Number(a.kind.endsWith("ORGAN")),
  );
  const all = new Map([...suggested, ...listed].map((unit) => [unit.id, unit.name]));
  const wanted = text.trim();
  const shown = [...all].filter(
    ([id, name], n) => value.includes(id) || (wanted ? name.includes(wanted) : n < Math.max(LISTED, suggested.length)),
  );
  return (
    <fieldset className="whistle-items">
      <legend>{t.unitStep}</legend>
      <input
        type="search"
        className="picker-search"
        aria-label={t.findUnit}
        placeholder={t.findUnit}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className="whistle-units">
        {shown.map(([id, name]) => (
          <label key={id}>
            <input
              type="checkbox"
              checked={value.includes(id)}
              onChange={(event) =>
                onValue(event.currentTarget.checked ? [...value, id] : value.filter((one) => one !== id))
              }
            />
            <span>{name}</span>
          </label>
        ))}
      </div>
      <p className="tone-muted" role="status">
        {fill(t.chosen, { count: value.length })}
      </p>
    </fieldset>
  );
}
