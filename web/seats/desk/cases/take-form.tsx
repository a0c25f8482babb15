import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type CaseRowFragment, CaseTakeDocument } from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import { RequestError } from "../../../gql/request.ts";
import { type Outcome, StepOutcomes } from "./step-outcomes.tsx";

/** Takes cases on oneself, one after the other; shows only what was refused. Taking one twice changes nothing. */
export function TakeForm({
  rows,
  onDone,
  onCancel,
}: {
  rows: readonly CaseRowFragment[];
  onDone: (count: number) => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([]);
  const [done, setDone] = useState(0);
  const [busy, setBusy] = useState(true);
  const started = useRef(false);
  const take = async (cases: readonly CaseRowFragment[]) => {
    setBusy(true);
    const refused: Outcome[] = [];
    for (const row of cases)
      try {
        await mutate(CaseTakeDocument, { id: row.id, version: row.version ?? 0 });
      } catch (cause) {
        const code = cause instanceof RequestError ? (cause.code ?? null) : null;
        refused.push({ row, code, message: (cause as Error).message });
      }
    const taken = done + cases.length - refused.length;
    setDone(taken);
    setOutcomes(refused);
    setBusy(false);
    if (!refused.length) onDone(taken);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for by the key or button that opened this; once
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    void take(rows);
  }, []);
  return (
    <div className="step-form">
      {busy ? (
        <p role="status">{t("take.busy", { count: rows.length })}</p>
      ) : (
        <StepOutcomes done={done} outcomes={outcomes} onNow={(row) => void take([row])} />
      )}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={() => (done ? onDone(done) : onCancel())}>
          {t("action.close")}
        </button>
      </div>
    </div>
  );
}
