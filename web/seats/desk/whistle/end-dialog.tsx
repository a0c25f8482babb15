import { type FormEvent, useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { DeskEndWhistleDocument, type WhistleLineFragment } from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import { useTexts } from "../../../layers/use-texts.ts";
import { Dialog } from "../../../ui/dialog.tsx";
import { clientKeys } from "../cases/client-keys.ts";
import { RefusalText } from "../cases/refusal.tsx";
import { textFault } from "../cases/step-options.ts";
import { TextField } from "../cases/text-field.tsx";
import { useWrite } from "../cases/use-write.ts";
import { WHISTLE_TEXTS } from "./texts.ts";

const RATINGS = [1, 2, 3, 4, 5];

/** Ends a whistle: what came of it, and how content the area is. */
export function EndDialog({
  whistle,
  onDone,
  onClose,
}: {
  whistle: WhistleLineFragment;
  onDone: () => void;
  onClose: () => void;
}) {
  const t = useTexts(WHISTLE_TEXTS);
  const { t: word } = useTranslation();
  const name = useId();
  const [outcome, setOutcome] = useState("");
  const [rating, setRating] = useState<number>();
  const { busy, refusal, run } = useWrite();
  const keyOf = useMemo(clientKeys, []);
  const ready = outcome.trim() !== "" && rating !== undefined && !textFault(outcome);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (rating === undefined) return;
    void run(async () => {
      const input = { id: whistle.id, version: whistle.version, outcome: outcome.trim(), rating };
      await mutate(DeskEndWhistleDocument, { input: { ...input, key: keyOf(input) } });
      onDone();
    });
  };
  return (
    <Dialog title={t.endTitle} onClose={onClose}>
      <form onSubmit={submit}>
        <TextField label={t.outcome} required autoFocus value={outcome} onValue={setOutcome} />
        <fieldset className="whistle-rating">
          <legend>{t.rating}</legend>
          {RATINGS.map((n) => (
            <label key={n}>
              <input type="radio" name={name} checked={rating === n} onChange={() => setRating(n)} /> {n}
            </label>
          ))}
        </fieldset>
        {refusal && (
          <p role="alert" className="tone-late">
            <RefusalText refusal={refusal} />
          </p>
        )}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            {word("action.cancel")}
          </button>
          <button type="submit" className="button primary" disabled={!ready || busy}>
            {t.end}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
