import { useTranslation } from "react-i18next";
import { switchGrant } from "../../app/session.ts";
import type { ClientViewer } from "../../app/session-answer.ts";
import { useSubmit } from "../../ui/use-submit.ts";
import { isCurrent } from "../../ui/viewer-menu.tsx";

/** What the account may be, and what it is now. */
export function Grants({ viewer }: { viewer: ClientViewer }) {
  const { t } = useTranslation();
  const { busy, error, run } = useSubmit();
  return (
    <section className="page-card" aria-labelledby="grants-title">
      <h2 id="grants-title">{t("account.grants")}</h2>
      {viewer.grants.length === 0 && <p>{t("viewer.noGrant")}</p>}
      <ul className="grant-list" data-testid="grants">
        {viewer.grants.map((grant) => (
          <li key={grant.id} data-current={isCurrent(grant, viewer)}>
            <div>
              <strong>{t(`role.${grant.role}`)}</strong> <span>{grant.areaName}</span>
              <p className="tone-muted">{t(`roleSees.${grant.role}`)}</p>
            </div>
            {isCurrent(grant, viewer) ? (
              <span className="tone-good">{t("account.current")}</span>
            ) : (
              <button
                type="button"
                className="button"
                disabled={busy}
                onClick={() => void run(() => switchGrant(grant.id))}
              >
                {t("account.actUnder")}
              </button>
            )}
          </li>
        ))}
      </ul>
      <div role="alert" className="form-error">
        {error}
      </div>
    </section>
  );
}
