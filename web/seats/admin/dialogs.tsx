import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A modal dialog: Escape closes it, focus stays inside and comes back (the browser's own `dialog`). */
export function Dialog({ title, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    ref.current?.showModal();
  }, []);
  return (
    <dialog ref={ref} className="admin-dialog" aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}

interface ActionFormProps {
  readonly title: string;
  readonly action: string;
  /** What will happen, one sentence. */
  readonly explanation?: string;
  /** Fields beside the reason. */
  readonly children?: ReactNode;
  /** Does it; rejects with the reason of a refusal, which is shown while the dialog stays open. */
  readonly onSubmit: (form: FormData, reason: string) => Promise<void>;
  readonly onClose: () => void;
}

/** A dialog for one write: its fields, its reason for the audit log, and what the server says against it. */
export function ActionForm({ title, action, explanation, children, onSubmit, onClose }: ActionFormProps) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error & { hint?: string | undefined }>();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(undefined);
    try {
      await onSubmit(form, String(form.get("reason") ?? "").trim());
      onClose();
    } catch (cause) {
      setError(cause as Error);
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        {explanation && <p>{explanation}</p>}
        {children}
        <label>
          {t("admin.reason")}
          <input name="reason" maxLength={200} placeholder={t("admin.reasonHint")} autoComplete="off" />
        </label>
        {error && (
          <p role="alert" className="tone-late">
            {error.message}
            {error.hint ? ` ${error.hint}` : ""}
          </p>
        )}
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={onClose} disabled={busy}>
            {t("admin.cancel")}
          </button>
          <button type="submit" className="button primary" disabled={busy}>
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Something that is shown once: a first password, a token, a link. */
export interface Secret {
  readonly title: string;
  readonly explanation: string;
  readonly text: string;
}

/** Shows a secret, with a button that copies it. */
export function SecretOnce({ secret, onClose }: { secret: Secret; onClose: () => void }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard.writeText(secret.text).then(
      () => setCopied(true),
      // Without permission or TLS there is no clipboard: the text stands selected below.
      () => setCopied(false),
    );
  return (
    <Dialog title={secret.title} onClose={onClose}>
      <p>{secret.explanation}</p>
      <output className="secret" data-testid="secret">
        {secret.text}
      </output>
      <p className="tone-soon">{t("admin.once")}</p>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={() => void copy()}>
          {t(copied ? "admin.copied" : "admin.copy")}
        </button>
        <button type="button" className="button primary" onClick={onClose}>
          {t("action.close")}
        </button>
      </div>
    </Dialog>
  );
}
