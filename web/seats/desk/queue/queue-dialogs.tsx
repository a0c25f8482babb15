import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CaseRowFragment } from "../../../gql/generated.ts";
import { useCaseWords } from "../../../ui/cases/use-case-words.ts";
import { Dialog } from "../../../ui/dialog.tsx";
import { AssignForm } from "../cases/assign-form.tsx";
import { MergeForm } from "../cases/merge-form.tsx";
import { StepForm } from "../cases/step-form.tsx";
import { NO_TEXTS, stepOptions } from "../cases/step-options.ts";
import { TakeForm } from "../cases/take-form.tsx";
import { KEY_HELP } from "./queue-keys.ts";

export type QueueDialog =
  | { readonly kind: "keys" }
  | { readonly kind: "advance"; readonly rows: readonly CaseRowFragment[] }
  | { readonly kind: "take"; readonly rows: readonly CaseRowFragment[] }
  | { readonly kind: "assign"; readonly row: CaseRowFragment }
  | { readonly kind: "merge"; readonly rows: readonly CaseRowFragment[] };

interface Props {
  readonly dialog: QueueDialog;
  /** Something was done, in words. */
  readonly onDone: (said: string) => void;
  readonly onClose: () => void;
}

function Keys() {
  const { t } = useTranslation();
  return (
    <dl className="key-help">
      {KEY_HELP.map(({ keys, text }) => (
        <div key={text}>
          <dt>
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dt>
          <dd>{t(`queue.key.${text}`)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The next step of the selected cases: which of those that are open to them, and its form. */
function Advance({ rows, onDone, onClose }: Omit<Props, "dialog"> & { rows: readonly CaseRowFragment[] }) {
  const { t } = useTranslation();
  const { named } = useCaseWords();
  const kept = useRef(NO_TEXTS);
  const options = useMemo(() => stepOptions(rows), [rows]);
  const open = options.filter((option) => option.rows.length > 0);
  const [picked, setPicked] = useState(open[0]?.id);
  const option = open.find(({ id }) => id === picked);
  const left = option ? rows.length - option.rows.length : 0;
  if (!open.length)
    return (
      <>
        <p>{t("step.none", { count: rows.length })}</p>
        <ul>
          {options.flatMap(({ refused }) =>
            refused.map(({ row, ...rule }) => (
              <li key={`${row.id} ${rule.name}`}>
                {row.ref} {named(row.class)}：{named(rule)}
              </li>
            )),
          )}
        </ul>
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            {t("action.close")}
          </button>
        </div>
      </>
    );
  return (
    <>
      <fieldset className="choices step-choices">
        <legend>{t("step.which", { count: rows.length })}</legend>
        {open.map(({ id, name, nameEn, rows: able, step }) => (
          <label key={id} className="choice" data-side={step.side || undefined}>
            <input type="radio" name="step" checked={id === picked} onChange={() => setPicked(id)} />
            <span>
              {named({ name, nameEn })}
              {rows.length > 1 && <span className="tone-muted"> {t("step.able", { count: able.length })}</span>}
            </span>
          </label>
        ))}
      </fieldset>
      {left > 0 && <p className="tone-soon">{t("step.leftOut", { count: left })}</p>}
      {option && (
        <StepForm
          key={option.id}
          option={option}
          kept={kept}
          onDone={(count) => onDone(t("step.doneAs", { step: named(option), count }))}
          onCancel={onClose}
        />
      )}
    </>
  );
}

/** The dialogs of the queue; each keeps what was filled in until it was done or left. */
export function QueueDialogs({ dialog, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const { named } = useCaseWords();
  const about = (row: CaseRowFragment): string => `${row.ref} ${named(row.class)}`;
  switch (dialog.kind) {
    case "keys":
      return (
        <Dialog title={t("queue.keys")} onClose={onClose}>
          <Keys />
          <div className="dialog-actions">
            <button type="button" className="button" onClick={onClose}>
              {t("action.close")}
            </button>
          </div>
        </Dialog>
      );
    case "advance":
      return (
        <Dialog
          wide
          title={
            dialog.rows.length === 1 && dialog.rows[0]
              ? about(dialog.rows[0])
              : t("step.many", { count: dialog.rows.length })
          }
          onClose={onClose}
        >
          <Advance rows={dialog.rows} onDone={onDone} onClose={onClose} />
        </Dialog>
      );
    case "take":
      return (
        <Dialog title={t("queue.do.take")} onClose={onClose}>
          <TakeForm rows={dialog.rows} onDone={(count) => onDone(t("take.done", { count }))} onCancel={onClose} />
        </Dialog>
      );
    case "assign":
      return (
        <Dialog wide title={t("assign.title", { case: about(dialog.row) })} onClose={onClose}>
          <AssignForm row={dialog.row} onDone={() => onDone(t("assign.done"))} onCancel={onClose} />
        </Dialog>
      );
    case "merge":
      return (
        <Dialog wide title={t("merge.title")} onClose={onClose}>
          <MergeForm rows={dialog.rows} onDone={(count) => onDone(t("merge.done", { count }))} onCancel={onClose} />
        </Dialog>
      );
  }
}
