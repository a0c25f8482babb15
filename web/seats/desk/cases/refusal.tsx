import { useTranslation } from "react-i18next";
import { may } from "../../../app/viewer.ts";
import { CaseNewsDocument, type CaseRowFragment } from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { useCaseWords } from "../../../ui/cases/use-case-words.ts";
import { useFormat } from "../../../ui/format.ts";

/** Why a write was refused, as the server codes it. */
export interface Refusal {
  readonly code: string | null | undefined;
  readonly message: string | null | undefined;
  readonly hint?: string | undefined;
}

/** Codes that have words of their own; the server's sentence says more for the others. */
const WORDED = new Set(["CONFLICT", "FORBIDDEN", "NOT_FOUND"]);

export function RefusalText({ refusal: { code, message, hint } }: { refusal: Refusal }) {
  const { t } = useTranslation();
  return (
    <>
      {code && WORDED.has(code) ? t(`refusal.${code.toLowerCase()}`) : message}
      {hint && !(code && WORDED.has(code)) && ` ${hint}`}
    </>
  );
}

/** Entries that are shown of a long quarrel. */
const MOST_ENTRIES = 4;

/**
 * What somebody else did to a case while it was looked at: who (the role), when, what, and where it stands now.
 *
 * @param seen version that was on screen
 * @param onNow what to do with the case as it is now: the form that was refused goes on with it
 */
export function ConflictNote({
  id,
  seen,
  onNow,
  fits,
}: {
  id: string;
  seen: number;
  onNow?: ((row: CaseRowFragment) => void) | undefined;
  /** Whether the form still fits the case as it is now. */
  fits?: ((row: CaseRowFragment) => boolean) | undefined;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useCaseWords();
  const { data } = useQuery(CaseNewsDocument, { id, acts: may("incident_text") });
  const now = data?.incident;
  if (!now) return <p role="status">{data ? t("refusal.gone") : t("refusal.reading")}</p>;
  const changes = Math.max(1, (now.version ?? seen + 1) - seen);
  const entries = now.events.slice(-Math.min(changes, MOST_ENTRIES));
  return (
    <div className="conflict" data-testid="conflict">
      <p>{t("refusal.meanwhile")}</p>
      <ol className="steps">
        {entries.map((event) => (
          <li key={`${event.at} ${event.kind} ${event.toState}`}>
            <time>{format.instant(Date.parse(event.at) / 1000)}</time>
            <strong>{words.actor(event.actor) ?? t("caseEvent.somebody")}</strong>
            <span>
              {t(`caseEvent.${event.kind.toLowerCase()}`)}
              {event.step && ` · ${words.named(event.step)}`}
            </span>
          </li>
        ))}
      </ol>
      <p>
        {t("refusal.now", { step: words.named(now.step), owner: words.owner(now) })}{" "}
        {fits && !fits(now) ? (
          <strong>{t("refusal.noLonger")}</strong>
        ) : (
          onNow && (
            <button type="button" className="button" onClick={() => onNow(now)}>
              {t("refusal.goOn")}
            </button>
          )
        )}
      </p>
    </div>
  );
}
