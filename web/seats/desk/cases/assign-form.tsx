import { type FormEvent, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../../../app/view-state.ts";
import { CaseAssignDocument, type CaseRowFragment } from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import { clientKeys } from "./client-keys.ts";
import { ConflictNote, RefusalText } from "./refusal.tsx";
import { textFault } from "./step-options.ts";
import { PostPicker, UnitPicker } from "./target-picker.tsx";
import { TextField } from "./text-field.tsx";
import { useAdmittedUnits } from "./use-admitted-units.ts";
import { useWrite } from "./use-write.ts";

/** Gives a case to a post or a unit: the ranked posts with all that speaks for each, departments of the admission list. */
export function AssignForm({
  row,
  onDone,
  onCancel,
}: {
  row: CaseRowFragment;
  onDone: () => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  const county = useView((view) => view.county);
  const [seen, setSeen] = useState(row);
  const [post, setPost] = useState<string>();
  const [organisation, setOrganisation] = useState<string>();
  const [note, setNote] = useState("");
  const { busy, refusal, run, forget } = useWrite();
  const keyOf = useMemo(clientKeys, []);
  const units = useAdmittedUnits(county, row);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      const input = { id: row.id, version: seen.version ?? 0, organisation, post, note: note.trim() || undefined };
      await mutate(CaseAssignDocument, { input: { ...input, key: keyOf(input) } });
      onDone();
    });
  };
  return (
    <form className="step-form" onSubmit={submit} data-testid="assign-form">
      <PostPicker id={row.id} value={post} onValue={setPost} />
      <UnitPicker suggested={units} value={organisation} onValue={setOrganisation} />
      <TextField label={t("step.noteOptional")} value={note} onValue={setNote} />
      {refusal && (
        <p role="alert" className="tone-late">
          <RefusalText refusal={refusal} />
        </p>
      )}
      {refusal?.code === "CONFLICT" && (
        <ConflictNote
          id={row.id}
          seen={seen.version ?? 0}
          onNow={(now) => {
            setSeen(now);
            forget();
          }}
        />
      )}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onCancel}>
          {t("action.cancel")}
        </button>
        <button
          type="submit"
          className="button primary"
          disabled={busy || (!post && !organisation) || !!textFault(note)}
        >
          {t("assign.do")}
        </button>
      </div>
    </form>
  );
}
