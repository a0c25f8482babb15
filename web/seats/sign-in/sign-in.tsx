import { useState } from "react";
import { useTranslation } from "react-i18next";
import { wayBack, withLook } from "../../app/destination.ts";
import { serverNow } from "../../app/server-clock.ts";
import { signIn, useSession } from "../../app/session.ts";
import { LanguageButton, ThemeButton } from "../../ui/choices.tsx";
import { Field, PasswordField } from "../../ui/field.tsx";
import { useSubmit } from "../../ui/use-submit.ts";
import { DemoCards } from "./demo-cards.tsx";
import "../page.css";
import "./sign-in.css";

/** The single sign-on of the place, when the server has one; comes back to where one was going. */
function SingleSignOn({ name }: { name: string }) {
  const { t } = useTranslation();
  const next = withLook(wayBack(location.search, location.origin) ?? "/");
  return (
    <a className="button sign-in-oidc" href={`/auth/oidc?to=${encodeURIComponent(next)}`}>
      {t("signIn.oidc", { name })}
    </a>
  );
}

function PasswordForm() {
  const { t } = useTranslation();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const { busy, error, onSubmit } = useSubmit();
  return (
    <form
      className="sign-in-form"
      onSubmit={onSubmit(async () => {
        try {
          await signIn(login.trim(), password);
        } catch (cause) {
          // The login stays: it is mostly the password that was wrong.
          setPassword("");
          throw cause;
        }
      })}
    >
      <Field
        label={t("signIn.login")}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        autoFocus
        value={login}
        onValue={setLogin}
      />
      <PasswordField
        label={t("password.label")}
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onValue={setPassword}
      />
      <div role="alert" className="form-error">
        {error}
      </div>
      <button type="submit" className="button primary" disabled={busy}>
        {t(busy ? "signIn.busy" : "signIn.submit")}
      </button>
      <p className="tone-muted">{t("signIn.forgotten")}</p>
    </form>
  );
}

/** A clock that is further off misleads people, ms. */
const CLOCK_OFF_MS = 120_000;

/** Says that this computer's clock is wrong: certificates are judged by it, and people read it. */
function ClockNote() {
  const { t } = useTranslation();
  const off = Math.abs(Date.now() - serverNow());
  if (off < CLOCK_OFF_MS) return null;
  return (
    <p role="status" className="tone-soon">
      {t("signIn.clock", { minutes: Math.round(off / 60_000) })}
    </p>
  );
}

/** Who are you? Password, single sign-on, or one of the demo accounts; or why nobody can sign in here. */
export function SignIn() {
  const { t } = useTranslation();
  const { methods, refusal, ended } = useSession();
  return (
    <div className="page sign-in" data-demo={methods.demo.length > 0}>
      <header className="sign-in-brand">
        <h1>
          <span className="brand-name">{t("app.name")}</span>
          <span>{t("wall.title")}</span>
        </h1>
        <p>{t("signIn.what")}</p>
        <div className="page-tools">
          <LanguageButton />
          <ThemeButton />
        </div>
      </header>
      <main>
        <section className="page-card sign-in-card" aria-labelledby="sign-in-title">
          <h2 id="sign-in-title">{t("signIn.title")}</h2>
          {ended && (
            <p role="status" className="tone-soon">
              {t("signIn.ended")}
            </p>
          )}
          <ClockNote />
          {refusal === null ? (
            <>
              {methods.oidc && <SingleSignOn name={methods.oidc.name} />}
              {methods.password && <PasswordForm />}
            </>
          ) : (
            <div role="alert" className="sign-in-refusal">
              <strong>{t("signIn.refused")}</strong>
              <p>{refusal}</p>
            </div>
          )}
        </section>
        {refusal === null && methods.demo.length > 0 && <DemoCards accounts={methods.demo} />}
      </main>
      <footer className="tone-muted">{t("signIn.rules")}</footer>
    </div>
  );
}
