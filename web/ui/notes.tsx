import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** Nothing here, and what to do about it. */
export function EmptyNote({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="note">
      <strong>{title}</strong>
      {children}
    </div>
  );
}

/** What happened, what is safe, and a way to try again. */
export function ErrorNote({
  error,
  retry,
}: {
  error: Error & { hint?: string | undefined; code?: string | undefined };
  retry?: () => void;
}) {
  const { t } = useTranslation();
  // What the role does not see is no fault: one calm sentence, and what to do when it is needed.
  if (error.code === "FORBIDDEN") return <EmptyNote title={t("error.forbidden")}>{t("error.forbiddenHint")}</EmptyNote>;
  return (
    <div className="note error" role="alert">
      <strong>{error.message}</strong>
      {error.hint && <span>{error.hint}</span>}
      <span>{t("error.safe")}</span>
      {retry && (
        <div>
          <button type="button" className="button" onClick={retry}>
            {t("error.retry")}
          </button>
        </div>
      )}
    </div>
  );
}

/** The place of something that is being read. */
export function Skeleton() {
  const { t } = useTranslation();
  return (
    <div className="skeleton" role="status">
      <span className="sr-only">{t("state.loading")}</span>
    </div>
  );
}
