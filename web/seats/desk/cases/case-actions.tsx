import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { mayDo } from "../../../app/viewer.ts";
import { useCaseWords } from "../../../ui/cases/use-case-words.ts";
import { AssignForm } from "./assign-form.tsx";
import type { CaseFile } from "./case-file.ts";
import { ExtendForm, extensible } from "./extend-form.tsx";
import { MergeForm } from "./merge-form.tsx";
import { StepForm } from "./step-form.tsx";
import { NO_TEXTS, stepOptions } from "./step-options.ts";
import { TakeForm } from "./take-form.tsx";

type Open = { readonly kind: "step"; readonly id: string } | { readonly kind: "take" | "assign" | "merge" | "extend" };

/**
 * What the viewer may do about a case: each way on is a button that opens the form of what it needs; one that a rule keeps
 * from the viewer (the handler does not verify) stays there and says why.
 */
export function CaseActions({ file, onChanged }: { file: CaseFile; onChanged: () => void }) {
  const { t } = useTranslation();
  const { named } = useCaseWords();
  const [open, setOpen] = useState<Open>();
  const [said, setSaid] = useState("");
  /** The case as it was when the form was opened: what comes meanwhile must not change what one is filling in. */
  const [held, setHeld] = useState(file);
  const kept = useRef(NO_TEXTS);
  const options = useMemo(() => stepOptions([file]), [file]);
  const show = (what: Open) => {
    setHeld(file);
    setSaid("");
    setOpen(what);
  };
  const done = (text: string) => {
    kept.current = NO_TEXTS;
    setOpen(undefined);
    setSaid(text);
    onChanged();
  };
  const cancel = () => setOpen(undefined);
  const heldOption = open?.kind === "step" ? stepOptions([held]).find(({ id }) => id === open.id) : undefined;
  const button = (kind: "take" | "assign" | "merge" | "extend", shown: boolean) =>
    shown && (
      <button
        type="button"
        className="button"
        aria-expanded={open?.kind === kind}
        onClick={() => (open?.kind === kind ? cancel() : show({ kind }))}
      >
        {t(`queue.do.${kind}`)}
      </button>
    );
  const ended = file.closedAt !== null || ["REJECTED", "VOID", "CLOSED", "EVALUATED"].includes(file.state);
  const nothing = !options.length && !mayDo("handle") && !mayDo("supervise");
  if (nothing) return null;
  return (
    <section className="case-actions" aria-label={t("caseFile.actions")}>
      <div className="case-buttons">
        {options
          .filter(({ rows }) => rows.length > 0)
          .map((option) => (
            <button
              key={option.id}
              type="button"
              className={option.step.side ? "button" : "button primary"}
              aria-expanded={open?.kind === "step" && open.id === option.id}
              onClick={() =>
                open?.kind === "step" && open.id === option.id ? cancel() : show({ kind: "step", id: option.id })
              }
            >
              {named(option)}
            </button>
          ))}
        {button("take", !ended && mayDo("handle") && file.handledByMe === false)}
        {button("assign", !ended && mayDo("supervise"))}
        {button("merge", !ended && mayDo("supervise"))}
        {button("extend", !ended && mayDo("supervise") && extensible(file) !== undefined)}
      </div>
      {options
        .filter(({ rows }) => rows.length === 0)
        .map((option) => (
          <p key={option.id} className="tone-muted">
            {named(option)}：{option.refused[0] && named(option.refused[0])}
          </p>
        ))}
      {ended && !options.length && <p className="tone-muted">{t("caseFile.ended")}</p>}
      {heldOption && heldOption.rows.length > 0 && (
        <StepForm
          key={heldOption.id}
          option={heldOption}
          kept={kept}
          onDone={() => done(t("step.doneOne", { step: named(heldOption) }))}
          onCancel={cancel}
        />
      )}
      {open?.kind === "take" && (
        <TakeForm rows={[held]} onDone={() => done(t("take.done", { count: 1 }))} onCancel={cancel} />
      )}
      {open?.kind === "assign" && <AssignForm row={held} onDone={() => done(t("assign.done"))} onCancel={cancel} />}
      {open?.kind === "merge" && (
        <MergeForm rows={[held]} onDone={(count) => done(t("merge.done", { count }))} onCancel={cancel} />
      )}
      {open?.kind === "extend" && <ExtendForm file={held} onDone={() => done(t("extend.done"))} onCancel={cancel} />}
      <p role="status" className="queue-said">
        {said}
      </p>
    </section>
  );
}
