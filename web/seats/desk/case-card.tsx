import { useTranslation } from "react-i18next";
import { useCurrentCounty } from "../../app/county-info.ts";
import { useView } from "../../app/view-state.ts";
import { DeskIncidentDocument } from "../../gql/generated.ts";
import { useQuery } from "../../gql/use-query.ts";
import { useFormat } from "../../ui/format.ts";
import { linkedStaff } from "../../ui/linked-staff.ts";
import { EmptyNote, ErrorNote, Skeleton } from "../../ui/notes.tsx";
import { Badge } from "../../ui/status.tsx";
import { Withheld } from "../../ui/withheld.tsx";
import { CasePlaceFacts } from "./cases/case-place.tsx";
import { DetailCard } from "./detail-card.tsx";
import { DutyList } from "./duty-list.tsx";
import { openCase } from "./select-case.ts";

/** The case chosen: what, where, how late, whom to call, and its steps so far. */
export function CaseCard({ incident }: { incident: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useView((view) => view.language);
  const set = useView((view) => view.set);
  const county = useCurrentCounty();
  const { data, error, loading, retry } = useQuery(
    DeskIncidentDocument,
    county && { county: county.code, ref: incident },
  );
  const found = data?.incidentByRef;
  const close = () => set({ incidentRef: undefined });
  if (error && !data)
    return (
      <DetailCard title={t("case.title")} onClose={close}>
        <ErrorNote error={error} retry={retry} />
      </DetailCard>
    );
  if (!found)
    return (
      <DetailCard title={t("case.title")} onClose={close}>
        {loading || !data ? <Skeleton /> : <EmptyNote title={t("story.gone")} />}
      </DetailCard>
    );
  const seconds = (iso: string): number => Date.parse(iso) / 1000;
  const over = found.dueAt && county && !found.closedAt ? seconds(county.asOf) - seconds(found.dueAt) : undefined;
  return (
    <DetailCard title={`${language === "en" ? found.class.nameEn : found.class.name} · ${found.ref}`} onClose={close}>
      <div data-testid="case-card" className="detail">
        <p className="detail-line">
          <Badge
            tone={["CRITICAL", "SERIOUS"].includes(found.severity) ? "severe" : "muted"}
            sign={["CRITICAL", "SERIOUS"].includes(found.severity) ? "■" : "□"}
          >
            {t(`severity.${found.severity.toLowerCase()}`)}
          </Badge>
          <span>{t(`incidentState.${found.state.toLowerCase()}`)}</span>
          {over !== undefined && (
            <Badge tone={over > 0 ? "late" : "good"} sign={over > 0 ? "▲" : "●"}>
              {t(over > 0 ? "clock.overBy" : "clock.left", { time: format.duration(over) })}
            </Badge>
          )}
          {over === undefined && found.late && (
            <Badge tone="late" sign="▲">
              {t("clock.late")}
            </Badge>
          )}
          <span className="tone-muted">{t(`source.${found.source.toLowerCase()}`)}</span>
          <button type="button" className="button primary" onClick={() => openCase(found.ref)}>
            {t("caseFile.open")}
          </button>
        </p>
        <h3>{t("case.call")}</h3>
        <DutyList duties={linkedStaff(found)} />
        <dl className="facts">
          <CasePlaceFacts place={found} />
          <dt>{t("list.opened")}</dt>
          <dd>{format.instant(seconds(found.openedAt))}</dd>
          <dt>{t("case.due")}</dt>
          <dd>{found.dueAt ? format.instant(seconds(found.dueAt)) : t("clock.none")}</dd>
          <dt>{t("case.what")}</dt>
          <dd>{found.title ?? <Withheld resource="incident_text" />}</dd>
        </dl>
        {found.suspicious && <p className="tone-soon">{t("case.suspicious")}</p>}
        <h3>{t("case.steps")}</h3>
        <ol className="steps">
          {found.events.map((event, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps are append-only, their number is their identity
            <li key={index}>
              <time>{format.instant(seconds(event.at))}</time>
              <strong>{t(`incidentState.${event.toState.toLowerCase()}`)}</strong>
              <span className="tone-muted">{[event.actor, event.note].filter(Boolean).join(" · ")}</span>
            </li>
          ))}
        </ol>
      </div>
    </DetailCard>
  );
}
