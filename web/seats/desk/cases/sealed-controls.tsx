import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { may } from "../../../app/viewer.ts";
import { CaseContactDocument, CaseExactPointDocument } from "../../../gql/generated.ts";
import { request } from "../../../gql/request.ts";
import type { CaseFile } from "./case-file.ts";
import { RefusalText } from "./refusal.tsx";
import { textFault } from "./step-options.ts";
import { TextField } from "./text-field.tsx";
import { useWrite } from "./use-write.ts";

type Sealed = "contact" | "place";

/** Degrees with what the lattice holds. */
const DIGITS = 7;

/**
 * What is sealed of a case: how to reach the reporter, and the true place of a sensitive one. Its handler alone may open it,
 * and says why each time: the audit log keeps who, when and the reason. What was opened is gone with the page.
 */
export function SealedControls({ file }: { file: CaseFile }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<Sealed>();
  const [reason, setReason] = useState("");
  const [opened, setOpened] = useState<Partial<Record<Sealed, string | null>>>({});
  const { busy, refusal, run, forget } = useWrite();
  if (!may("sealed")) return null;
  const kinds: readonly Sealed[] = file.class.sensitive ? ["contact", "place"] : ["contact"];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!asking) return;
    void run(async () => {
      if (asking === "contact") {
        const { reporterContact } = await request(CaseContactDocument, { id: file.id, reason: reason.trim() });
        setOpened((old) => ({ ...old, contact: reporterContact }));
      } else {
        const { incident } = await request(CaseExactPointDocument, { id: file.id, reason: reason.trim() });
        const point = incident?.exactPoint;
        setOpened((old) => ({
          ...old,
          place: point ? point.map((degrees) => degrees.toFixed(DIGITS)).join(", ") : null,
        }));
      }
      setAsking(undefined);
      setReason("");
    });
  };
  return (
    <section className="sealed" aria-label={t("sealed.title")} data-testid="sealed">
      <h3>{t("sealed.title")}</h3>
      {file.handledByMe ? (
        <dl className="facts">
          {kinds.map((kind) => (
            <div key={kind}>
              <dt>{t(`sealed.${kind}`)}</dt>
              <dd>
                {kind in opened ? (
                  <output>{opened[kind] ?? t(`sealed.none.${kind}`)}</output>
                ) : (
                  <button
                    type="button"
                    className="button"
                    aria-expanded={asking === kind}
                    onClick={() => {
                      forget();
                      setAsking(asking === kind ? undefined : kind);
                    }}
                  >
                    {t(`sealed.open.${kind}`)}
                  </button>
                )}
              </dd>
            </div>
          ))}
        </dl>
      ) : (
        <p className="tone-muted">{t("sealed.handlerOnly")}</p>
      )}
      {asking && (
        <form className="step-form" onSubmit={submit}>
          <TextField
            label={t("sealed.reason")}
            required
            autoFocus
            hint={t("sealed.audited")}
            maxLength={200}
            value={reason}
            onValue={setReason}
          />
          {refusal && (
            <p role="alert" className="tone-late">
              <RefusalText refusal={refusal} />
            </p>
          )}
          <div className="dialog-actions">
            <button type="button" className="button" onClick={() => setAsking(undefined)}>
              {t("action.cancel")}
            </button>
            <button type="submit" className="button primary" disabled={busy || !reason.trim() || !!textFault(reason)}>
              {t(`sealed.open.${asking}`)}
            </button>
          </div>
        </form>
      )}
    </section>
  );
}
