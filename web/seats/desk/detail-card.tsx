import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** A card about one thing that can be closed. */
export function DetailCard({ title, onClose, children }: { title: string; onClose?: () => void; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <section className="card detail-card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {onClose && (
          <button type="button" className="button" onClick={onClose}>
            {t("action.close")}
          </button>
        )}
      </header>
      {/* A scrolling box must be reachable by keyboard (WCAG 2.1.1). */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section className="body" tabIndex={0} aria-label={t("desk.details")}>
        {children}
      </section>
    </section>
  );
}
