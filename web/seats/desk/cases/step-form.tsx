import { type ComponentProps, type FormEvent, type RefObject, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../../../app/view-state.ts";
import { may } from "../../../app/viewer.ts";
import { type CaseRowFragment, CaseStepsDocument } from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import { useCaseWords } from "../../../ui/cases/use-case-words.ts";
import { clientKeys } from "./client-keys.ts";
import { RefusalText } from "./refusal.tsx";
import { missingOf, type StepOption, type StepTexts, stepInput, textFault } from "./step-options.ts";
import { type Outcome, StepOutcomes } from "./step-outcomes.tsx";
import { PostPicker, UnitPicker } from "./target-picker.tsx";
import { TextField } from "./text-field.tsx";
import { useAdmittedUnits } from "./use-admitted-units.ts";
import { useWrite } from "./use-write.ts";

/** Units for a case: those of the admission list first. */
function AdmittedUnits({
  row,
  ...picker
}: Omit<ComponentProps<typeof UnitPicker>, "suggested"> & { row: CaseRowFragment }) {
  const county = useView((view) => view.county);
  return <UnitPicker {...picker} suggested={useAdmittedUnits(county, row)} />;
}

/** The fields that a step needs, and a remark for every step. */
function StepFields({
  option,
  texts,
  onTexts,
}: {
  option: StepOption;
  texts: StepTexts;
  onTexts: (patch: Partial<StepTexts>) => void;
}) {
  const { t } = useTranslation();
  const needs = new Set(option.requires);
  const first = option.rows[0];
  return (
    <>
      {needs.has("REASON") && (
        <TextField
          label={t("step.reason")}
          required
          autoFocus
          hint={t("step.reasonHint")}
          value={texts.reason}
          onValue={(reason) => onTexts({ reason })}
        />
      )}
      {needs.has("RESOLUTION") && (
        <TextField
          label={t("step.resolution")}
          required
          autoFocus={!needs.has("REASON")}
          hint={t("step.resolutionHint")}
          value={texts.resolution}
          onValue={(resolution) => onTexts({ resolution })}
        />
      )}
      {needs.has("POST") && first && (
        <PostPicker id={first.id} value={texts.post} onValue={(post) => onTexts({ post })} />
      )}
      {needs.has("ORGANISATION") && first && (
        <AdmittedUnits row={first} value={texts.organisation} onValue={(organisation) => onTexts({ organisation })} />
      )}
      <TextField
        label={needs.has("NOTE") ? t("step.note") : t("step.noteOptional")}
        required={needs.has("NOTE")}
        value={texts.note}
        onValue={(note) => onTexts({ note })}
      />
    </>
  );
}

/**
 * The form of one step for one or many cases. What is refused is said case by case, and what was filled in stays: whoever
 * lost a race sees what happened and may go on with the case as it is now.
 *
 * @param onDone all that could be done is done; told how many
 */
export function StepForm({
  option,
  kept,
  onDone,
  onCancel,
}: {
  option: StepOption;
  /** What was filled in, for the form of another step: who lost a race may find that another step is the next one now. */
  kept: RefObject<StepTexts>;
  onDone: (count: number) => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  const { named } = useCaseWords();
  const [texts, setTexts] = useState(kept.current);
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([]);
  const [rows, setRows] = useState<readonly CaseRowFragment[]>(option.rows);
  const [done, setDone] = useState(0);
  const { busy, refusal, run } = useWrite();
  const keyOf = useMemo(clientKeys, []);
  const missing = missingOf(option.requires, texts);
  const faulty = [texts.note, texts.reason, texts.resolution].some((text) => textFault(text));
  const send = (cases: readonly CaseRowFragment[]) =>
    run(async () => {
      const inputs = cases.map((row) => stepInput(row, option, texts, keyOf));
      const { transitionIncidents } = await mutate(CaseStepsDocument, { inputs, acts: may("incident_text") });
      const byId = new Map(cases.map((row) => [row.id, row]));
      const refused = transitionIncidents.flatMap((outcome): Outcome[] => {
        const row = byId.get(outcome.id);
        return row && !outcome.incident ? [{ row, code: outcome.code, message: outcome.message }] : [];
      });
      const moved = done + transitionIncidents.length - refused.length;
      setDone(moved);
      setOutcomes(refused);
      setRows(refused.map(({ row }) => row));
      if (!refused.length) onDone(moved);
    });
  const change = (patch: Partial<StepTexts>) => {
    kept.current = { ...kept.current, ...patch };
    setTexts(kept.current);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send(rows);
  };
  return (
    <form className="step-form" onSubmit={submit} data-testid="step-form">
      {outcomes.length > 0 && (
        <StepOutcomes
          done={done}
          outcomes={outcomes}
          fits={(row) =>
            row.nextSteps?.some(({ step, refusal }) => step.key === option.step.key && refusal === null) ?? false
          }
          onNow={(row) => {
            setOutcomes((old) => old.filter((outcome) => outcome.row.id !== row.id));
            setRows((old) => old.map((other) => (other.id === row.id ? row : other)));
          }}
        />
      )}
      <StepFields option={option} texts={texts} onTexts={change} />
      {refusal && (
        <p role="alert" className="tone-late">
          <RefusalText refusal={refusal} />
        </p>
      )}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={() => (done ? onDone(done) : onCancel())}>
          {t(done ? "action.close" : "action.cancel")}
        </button>
        <button
          type="submit"
          className="button primary"
          disabled={busy || missing.length > 0 || faulty || !rows.length}
        >
          {rows.length > 1 ? t("step.doMany", { step: named(option), count: rows.length }) : named(option)}
        </button>
      </div>
    </form>
  );
}
