import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { AddDutyEntryDocument, type DutyEntryKind } from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import type { RequestError } from "../../../gql/request.ts";

const TEXT_LENGTH = 2000;

interface Props {
  /** Code of the area whose desk it is. */
  readonly area: string;
  /** What may be written here, the first by Enter. */
  readonly kinds: readonly DutyEntryKind[];
  readonly onWritten: () => void;
}

/** A text and what it is: a note, a handover, a takeover. What was typed stays until it is written. */
export function EntryForm({ area, kinds, onWritten }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<RequestError>();
  // One key for one entry: pressed twice, or sent again after a lost answer, it is written once.
  const key = useRef({ of: "", key: "" });
  const write = async (kind: DutyEntryKind) => {
    const of = JSON.stringify([area, kind, text]);
    if (key.current.of !== of) key.current = { of, key: crypto.randomUUID() };
    setBusy(true);
    setError(undefined);
    try {
      await mutate(AddDutyEntryDocument, { input: { area, kind, text, key: key.current.key } });
      key.current = { of: "", key: "" };
      setText("");
      onWritten();
    } catch (refusal) {
      setError(refusal as RequestError);
    } finally {
      setBusy(false);
    }
  };
  const empty = text.trim() === "";
  return (
    <form
      className="entry-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (kinds[0] && !(kinds[0] === "NOTE" && empty)) void write(kinds[0]);
      }}
    >
      <label>
        <span>{t("shift.text")}</span>
        <textarea
          value={text}
          rows={2}
          maxLength={TEXT_LENGTH}
          placeholder={t("shift.textHint")}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <div className="entry-actions">
        {kinds.map((kind) => (
          <button
            key={kind}
            type="button"
            className="button"
            disabled={busy || (kind === "NOTE" && empty)}
            onClick={() => void write(kind)}
          >
            {t(`shift.write.${kind.toLowerCase()}`)}
          </button>
        ))}
        {error && (
          <span role="alert" className="tone-late">
            {[error.message, error.hint].filter(Boolean).join(" ")}
          </span>
        )}
      </div>
    </form>
  );
}
