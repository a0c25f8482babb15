import { useTranslation } from "react-i18next";
import { homeOf, wayBack, withLook } from "../../app/destination.ts";
import { Link, navigate } from "../../app/router.tsx";
import { useViewer } from "../../app/viewer.ts";
import { LanguageButton, ThemeButton } from "../../ui/choices.tsx";
import { EmptyNote } from "../../ui/notes.tsx";
import { Grants } from "./grants.tsx";
import { PasswordForm } from "./password-form.tsx";
import { Sessions } from "./sessions.tsx";
import "../page.css";
import "./account.css";

/** One's own account: password, grants, open sessions. At the first sign-in only the password. */
export function Account() {
  const { t } = useTranslation();
  const viewer = useViewer();
  if (!viewer) return null;
  if (viewer.kind !== "account")
    return <EmptyNote title={t("account.noAccount")}>{t("account.noAccountHint")}</EmptyNote>;
  const first = viewer.mustChangePassword;
  // Where GET /auth/first leads (docs/need-to-know.md, HTTP); a first password that was handed over leads here without it.
  const byLink = first && new URLSearchParams(location.search).has("first");
  const back = withLook(wayBack(location.search, location.origin) ?? homeOf(viewer.role));
  const { login } = viewer;
  return (
    <div className="page account" data-first={first}>
      <header className="account-head">
        <div>
          <h1>
            {viewer.name} {viewer.demo && <span className="demo-badge">{t("signIn.demoBadge")}</span>}
          </h1>
          <p className="tone-muted">
            {[
              login && t("account.login", { login }),
              viewer.role ? `${t(`role.${viewer.role}`)} · ${viewer.areaName}` : t("viewer.noGrant"),
            ]
              .filter(Boolean)
              .join(" · ")}
          </p>
        </div>
        <div className="page-tools">
          <LanguageButton />
          <ThemeButton />
          {!first && viewer.role && (
            <Link className="button" to={back}>
              {t("account.back")}
            </Link>
          )}
        </div>
      </header>
      <main>
        <section className="page-card" aria-labelledby="password-title">
          <h2 id="password-title">{t(first ? "password.firstTitle" : "password.title")}</h2>
          {first && <p>{t(byLink ? "password.linkHint" : "password.firstHint")}</p>}
          {viewer.demo ? (
            <p className="tone-muted">{t("account.demoPassword")}</p>
          ) : login === null ? (
            <p className="tone-muted">{t("account.noPassword")}</p>
          ) : (
            <PasswordForm login={login} first={first} byLink={byLink} onChanged={() => first && navigate(back)} />
          )}
        </section>
        {!first && (
          <div className="account-side">
            <Grants viewer={viewer} />
            <Sessions />
          </div>
        )}
      </main>
    </div>
  );
}
