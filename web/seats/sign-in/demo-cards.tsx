import { useTranslation } from "react-i18next";
import { ROLES } from "../../../data/policy/roles.ts";
import { signInDemo } from "../../app/session.ts";
import type { DemoAccount } from "../../app/session-answer.ts";
import { useSubmit } from "../../ui/use-submit.ts";

/** Accounts of each demo county, in the order of the roles; their logins differ from it by the role at their end. */
function byCounty(accounts: readonly DemoAccount[]): DemoAccount[][] {
  const counties = new Map<string, DemoAccount[]>();
  for (const account of accounts) {
    const county = account.login.slice(0, -account.role.length);
    counties.set(county, [...(counties.get(county) ?? []), account]);
  }
  return [...counties.values()].map((group) => group.sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role)));
}

/** One card per demo account: seat, role, area, and what one sees there. Only where the server has demo accounts. */
export function DemoCards({ accounts }: { accounts: readonly DemoAccount[] }) {
  const { t } = useTranslation();
  const { busy, error, run } = useSubmit();
  const counties = byCounty(accounts);
  return (
    <section className="demo-cards" aria-labelledby="demo-title">
      <h2 id="demo-title">
        {t("signIn.demoTitle")} <span className="demo-badge">{t("signIn.demoBadge")}</span>
      </h2>
      <p className="tone-muted">{t("signIn.demoHint")}</p>
      <div role="alert" className="form-error">
        {error}
      </div>
      {counties.map((group) => (
        <div key={group[0]?.login} className="demo-county">
          {counties.length > 1 && <h3>{group.find(({ role }) => role === "wall")?.areaName}</h3>}
          <ul>
            {group.map((account) => (
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
        </div>
      ))}
    </section>
  );
}
