import { type FormEvent, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { CaseExtendDocument } from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import { useFormat } from "../../../ui/format.ts";
import type { CaseFile } from "./case-file.ts";
import { clientKeys } from "./client-keys.ts";
import { ConflictNote, RefusalText } from "./refusal.tsx";
import { textFault } from "./step-options.ts";
import { TextField } from "./text-field.tsx";
import { useWrite } from "./use-write.ts";

/** The order in which business clocks decide (docs/incidents.md): closing before handling before the answer. */
const DECIDING = ["CLOSE", "HANDLE", "ARRIVE", "ANSWER"] as const;
/** Shares of what was allowed that are offered. */
const SHARES = [0.25, 0.5, 1] as const;

/** The clock of a case that may still be extended: it runs, decides, and was not extended before. */
export const extensible = (file: CaseFile): CaseFile["clocks"][number] | undefined => {
  const running = file.clocks.filter(({ kind, endedAt }) => kind === "BUSINESS" && endedAt === null);
  const clock = DECIDING.map((target) => running.find((clock) => clock.target === target)).find((found) => found);
  return clock && clock.extendedSeconds === 0 ? clock : undefined;
};

/** Extends a deadline: once, with a reason. */
export function ExtendForm({ file, onDone, onCancel }: { file: CaseFile; onDone: () => void; onCancel: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [version, setVersion] = useState(file.version ?? 0);
  const allowed = extensible(file)?.allowedSeconds ?? 0;
  const [share, setShare] = useState<number>(SHARES[0]);
  const [reason, setReason] = useState("");
  const { busy, refusal, run, forget } = useWrite();
  const keyOf = useMemo(clientKeys, []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      const input = { id: file.id, version, seconds: Math.round(allowed * share), reason: reason.trim() };
      await mutate(CaseExtendDocument, { input: { ...input, key: keyOf(input) } });
      onDone();
    });
  };
  return (
    <form className="step-form" onSubmit={submit} data-testid="extend-form">
      <fieldset className="choices">
        <legend>{t("extend.by")}</legend>
        {SHARES.map((part) => (
          <label key={part} className="choice">
            <input type="radio" name="share" checked={share === part} onChange={() => setShare(part)} />
            <span>{format.duration(allowed * part)}</span>
          </label>
        ))}
      </fieldset>
      <p className="tone-soon">{t("extend.once")}</p>
      <TextField label={t("step.reason")} required value={reason} onValue={setReason} hint={t("extend.reasonHint")} />
      {refusal && (
        <p role="alert" className="tone-late">
          <RefusalText refusal={refusal} />
        </p>
      )}
      {refusal?.code === "CONFLICT" && (
        <ConflictNote
          id={file.id}
          seen={version}
          onNow={(row) => {
            setVersion(row.version ?? 0);
            forget();
          }}
        />
      )}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onCancel}>
          {t("action.cancel")}
        </button>
        <button type="submit" className="button primary" disabled={busy || !reason.trim() || !!textFault(reason)}>
          {t("queue.do.extend")}
        </button>
      </div>
    </form>
  );
}
