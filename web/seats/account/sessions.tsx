import { useTranslation } from "react-i18next";
import { signOut } from "../../app/session.ts";
import { MySessionsDocument } from "../../gql/generated.ts";
import { useQuery } from "../../gql/use-query.ts";
import { useFormat } from "../../ui/format.ts";
import { ErrorNote, Skeleton } from "../../ui/notes.tsx";
import { useSubmit } from "../../ui/use-submit.ts";

/** Where the account is signed in, and the way out of all of it. */
export function Sessions() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, retry } = useQuery(MySessionsDocument, {});
  const { busy, error: refused, run } = useSubmit();
  const at = (iso: string) => format.instant(Date.parse(iso) / 1000);
  return (
    <section className="page-card" aria-labelledby="sessions-title">
      <h2 id="sessions-title">{t("account.sessions")}</h2>
      {error && !data ? (
        <ErrorNote error={error} retry={retry} />
      ) : !data ? (
        <Skeleton />
      ) : (
        <ul className="session-list" data-testid="sessions">
          {data.mySessions.map((session) => (
            <li key={session.id}>
              <strong>{session.agent || t("account.unknownAgent")}</strong>
              {session.current && <span className="tone-good">{t("account.thisSession")}</span>}
              <span className="tone-muted">
                {t("account.sessionText", {
                  address: session.address,
                  opened: at(session.createdAt),
                  seen: at(session.seenAt),
                })}
              </span>
            </li>
          ))}
        </ul>
      )}
      <div role="alert" className="form-error">
        {refused}
      </div>
      <div className="page-tools">
        <button type="button" className="button" disabled={busy} onClick={() => void run(() => signOut())}>
          {t("viewer.signOut")}
        </button>
        <button type="button" className="button" disabled={busy} onClick={() => void run(() => signOut(true))}>
          {t("account.signOutEverywhere")}
        </button>
      </div>
      <p className="tone-muted">{t("account.everywhereHint")}</p>
    </section>
  );
}
