import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { create } from "zustand";
import { enterVisitorMode, leaveVisitorMode, signOut } from "../app/session.ts";
import { useViewer, viewerNow } from "../app/viewer.ts";
import { PasswordField } from "./field.tsx";
import { useSubmit } from "./use-submit.ts";

/** Key that enters visitor mode and asks to leave it. */
export const VISITOR_KEY = "v";

interface Asking {
  /** The question for the password is open. */
  readonly asking: boolean;
  /** The server refused to enter visitor mode, or did not answer. */
  readonly failed: boolean;
}
const useAsking = create<Asking>(() => ({ asking: false, failed: false }));

/** Enters visitor mode at once, or asks for the password that leaves it. What a kiosk shows, only an administrator ends. */
export function toggleVisitorMode(): void {
  const viewer = viewerNow();
  if (viewer?.kind !== "account") return;
  if (viewer.visitor && !viewer.demo) useAsking.setState({ asking: true });
  // A demo account has no password, and nothing in it is real.
  else
    (viewer.visitor ? leaveVisitorMode("") : enterVisitorMode()).then(
      () => useAsking.setState({ failed: false }),
      () => useAsking.setState({ failed: true }),
    );
}

/** The key on seats: not while somebody types, not with a modifier. */
function useVisitorKey(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== VISITOR_KEY || event.ctrlKey || event.metaKey || event.altKey || event.repeat)
        return;
      const target = event.target as HTMLElement | null;
      if (target?.closest("input, select, textarea, dialog, [contenteditable]")) return;
      // The key must not land in the field that opens.
      event.preventDefault();
      toggleVisitorMode();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

function LeaveDialog() {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  const [password, setPassword] = useState("");
  const { busy, error, onSubmit } = useSubmit();
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => useAsking.setState({ asking: false });
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="visitor-leave" onClose={close}>
      <form
        onSubmit={onSubmit(async () => {
          await leaveVisitorMode(password);
          close();
        })}
      >
        <h2 id="visitor-leave">{t("visitor.leave")}</h2>
        <p>{t("visitor.leaveHint")}</p>
        <PasswordField
          label={t("password.label")}
          autoComplete="current-password"
          required
          autoFocus
          value={password}
          onValue={setPassword}
        />
        {error && (
          <p role="alert" className="tone-late">
            {error}
          </p>
        )}
        <div className="dialog-actions">
          <button type="button" className="link" onClick={() => void signOut()}>
            {t("viewer.signOut")}
          </button>
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            {t("action.cancel")}
          </button>
          <button type="submit" className="button primary" disabled={busy}>
            {t("visitor.leaveNow")}
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** Large and calm for as long as only aggregates are shown; holds the key and the question for the password. */
export function VisitorBanner() {
  const { t } = useTranslation();
  const viewer = useViewer();
  const { asking, failed } = useAsking();
  useVisitorKey();
  if (!viewer?.visitor)
    return failed ? (
      <aside className="visitor-banner" role="alert">
        <span>{t("visitor.failed")}</span>
      </aside>
    ) : null;
  return (
    <aside className="visitor-banner" role="status" data-testid="visitor-banner">
      <strong className="visitor-title">{t("visitor.title")}</strong>
      <span>{t("visitor.explain")}</span>
      {viewer.kind === "account" && (
        <button type="button" className="button" aria-keyshortcuts={VISITOR_KEY} onClick={toggleVisitorMode}>
          {t("visitor.leave")} <kbd>{VISITOR_KEY.toUpperCase()}</kbd>
        </button>
      )}
      {asking && <LeaveDialog />}
    </aside>
  );
}
