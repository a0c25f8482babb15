import { useTranslation } from "react-i18next";
import { signInDemo } from "../../app/session.ts";
import type { DemoAccount } from "../../app/session-answer.ts";
import { useSubmit } from "../../ui/use-submit.ts";

/** One card per demo account: seat, role, area, and what one sees there. Only where the server has demo accounts. */
export function DemoCards({ accounts }: { accounts: readonly DemoAccount[] }) {
  const { t } = useTranslation();
  const { busy, error, run } = useSubmit();
  return (
    <section className="demo-cards" aria-labelledby="demo-title">
      <h2 id="demo-title">
        {t("signIn.demoTitle")} <span className="demo-badge">{t("signIn.demoBadge")}</span>
      </h2>
      <p className="tone-muted">{t("signIn.demoHint")}</p>
      <div role="alert" className="form-error">
        {error}
      </div>
      <ul>
        {accounts.map((account) => (
          <li key={account.login}>
            <button
              type="button"
              className="demo-card"
              disabled={busy}
              data-login={account.login}
              onClick={() => void run(() => signInDemo(account.login))}
            >
              <span className="demo-card-head">
                <strong>{t(`role.${account.role}`)}</strong>
                <span className="demo-badge">{t("signIn.demoBadge")}</span>
              </span>
              <span className="demo-card-area">{account.areaName}</span>
              <span className="tone-muted">{t(`roleSees.${account.role}`)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
