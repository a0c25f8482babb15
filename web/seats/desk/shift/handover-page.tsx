import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useLiveRefetch } from "../../../app/use-live.ts";
import { useView } from "../../../app/view-state.ts";
import { type HandoverCaseFragment, HandoverDocument } from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { casePlace } from "../../../ui/case-place.ts";
import { useFormat } from "../../../ui/format.ts";
import { ErrorNote, Skeleton } from "../../../ui/notes.tsx";
import { selectCase } from "../select-case.ts";
import { DutyLines } from "./duty-lines.tsx";
import { EntryForm } from "./entry-form.tsx";

/** What one sheet of A4 holds beside heads and signatures; what is more is counted. */
const SHOWN = { alarms: 5, overdue: 8, soon: 8, entries: 5 } as const;
const SHOWN_THERE = { kinds: ["INCIDENT", "DUTY"] } as const;

interface Row {
  readonly incident: HandoverCaseFragment;
  /** What is said of its time. */
  readonly time: string;
}

function Cases({ id, rows, total, shown }: { id: string; rows: readonly Row[]; total: number; shown: number }) {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  const named = rows.slice(0, shown);
  return (
    <section data-handover={id}>
      <h3>
        {t(`shift.${id}`)} <span className="handover-count">{total}</span>
      </h3>
      {named.length === 0 ? (
        <p className="tone-muted">{t("shift.none")}</p>
      ) : (
        <table>
          <tbody>
            {named.map(({ incident, time }) => (
              <tr key={incident.id}>
                <td>
                  <button type="button" className="link" onClick={() => selectCase(incident.ref)}>
                    {incident.ref}
                  </button>
                </td>
                <td>{language === "en" ? incident.class.nameEn : incident.class.name}</td>
                <td>{casePlace(incident.area) || t("story.noPlace")}</td>
                <td>{incident.organisation?.name ?? t("shift.noUnit")}</td>
                <td>{t(`incidentState.${incident.state.toLowerCase()}`)}</td>
                <td>{time}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {total > named.length && <p className="tone-muted">{t("shift.more", { count: total - named.length })}</p>}
    </section>
  );
}

const Signature = ({ label }: { label: string }): ReactNode => (
  <p>
    {label} <span className="signature-line" />
  </p>
);

/** What the next shift must know, on one page; written and printed from here. */
export function HandoverPage({ area, onWritten }: { readonly area: string; readonly onWritten: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, retry } = useQuery(HandoverDocument, { area });
  useLiveRefetch(SHOWN_THERE, retry);
  // The sheet is printed alone: lists and cards around it step back.
  useEffect(() => {
    document.documentElement.dataset["print"] = "handover";
    return () => {
      delete document.documentElement.dataset["print"];
    };
  }, []);
  if (error && !data) return <ErrorNote error={error} retry={retry} />;
  if (!data) return <Skeleton />;
  const { handover } = data;
  const seconds = (iso: string): number => Date.parse(iso) / 1000;
  const at = seconds(handover.at);
  const until = (incident: HandoverCaseFragment): Row => ({
    incident,
    time: incident.dueAt
      ? t(seconds(incident.dueAt) < at ? "clock.overBy" : "clock.left", {
          time: format.duration(at - seconds(incident.dueAt)),
        })
      : t("clock.none"),
  });
  const alarms = handover.alarms.map(({ incident, raisedAt }) => ({
    incident,
    time: format.instant(seconds(raisedAt)),
  }));
  const overdue = handover.area.incidentSummary?.overdueOpen ?? handover.overdue.length;
  const latest = handover.entries.slice(-SHOWN.entries);
  return (
    <article className="handover" data-testid="handover">
      <header>
        <h2>{t("shift.handoverOf", { area: handover.area.name })}</h2>
        <button type="button" className="button" onClick={() => print()}>
          {t("shift.print")}
        </button>
      </header>
      <p className="handover-facts">
        <span>{t("card.asOf", { time: format.instant(at) })}</span>
        <span>
          {handover.lastHandoverAt
            ? t("shift.last", { time: format.instant(seconds(handover.lastHandoverAt)) })
            : t("shift.first")}
        </span>
        <strong>{t("shift.open", { count: handover.open })}</strong>
      </p>
      <Cases id="alarms" rows={alarms} total={alarms.length} shown={SHOWN.alarms} />
      <Cases
        id="overdue"
        rows={handover.overdue.map(until)}
        total={Math.max(overdue, handover.overdue.length)}
        shown={SHOWN.overdue}
      />
      <Cases id="soon" rows={handover.soon.map(until)} total={handover.soon.length} shown={SHOWN.soon} />
      <section data-handover="entries">
        <h3>
          {t("shift.entries")} <span className="handover-count">{handover.entries.length}</span>
        </h3>
        {latest.length === 0 ? <p className="tone-muted">{t("shift.noEntries")}</p> : <DutyLines entries={latest} />}
        {handover.entries.length > latest.length && (
          <p className="tone-muted">{t("shift.moreEntries", { count: handover.entries.length - latest.length })}</p>
        )}
      </section>
      <footer className="signatures">
        <Signature label={t("shift.givenBy")} />
        <Signature label={t("shift.takenBy")} />
      </footer>
      <EntryForm
        area={area}
        kinds={["HANDOVER", "TAKEOVER"]}
        onWritten={() => {
          retry();
          onWritten();
        }}
      />
    </article>
  );
}
