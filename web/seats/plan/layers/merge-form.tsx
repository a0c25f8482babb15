import { useState } from "react";
import { MergeLayerAreasDocument } from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import { useTexts } from "../../../layers/use-texts.ts";
import { Field } from "../../../ui/field.tsx";
import { useRun } from "../use-run.ts";
import { LAYER_TEXTS } from "./texts.ts";

/** Merges grids of a layer into base grids; asks for the reason. */
export function MergeForm({
  layer,
  areas,
  what,
  done,
}: {
  readonly layer: string;
  readonly areas: readonly string[];
  /** What is merged, in words. */
  readonly what: string;
  readonly done: () => void;
}) {
  const t = useTexts(LAYER_TEXTS);
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const { busy, error, run } = useRun();
  if (!open)
    return (
      <button type="button" className="button" onClick={() => setOpen(true)}>
        {what}
      </button>
    );
  return (
    <form
      className="plan-new"
      onSubmit={(event) => {
        event.preventDefault();
        void run(async () => {
          await mutate(MergeLayerAreasDocument, {
            input: { layer, layerAreas: [...areas], reason, key: crypto.randomUUID() },
          });
          setOpen(false);
          done();
        });
      }}
    >
      <strong>{what}</strong>
      <small className="tone-muted">{t.mergeHint}</small>
      <Field label={t.reason} value={reason} onValue={setReason} />
      <div className="plan-steps">
        <button type="submit" className="button primary" disabled={busy || !reason.trim()}>
          {t.confirm}
        </button>
        <button type="button" className="button" onClick={() => setOpen(false)}>
          {t.cancel}
        </button>
      </div>
      {error && (
        <p role="alert" className="tone-late">
          {error}
        </p>
      )}
    </form>
  );
}
