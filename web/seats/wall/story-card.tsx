import { useTranslation } from "react-i18next";
import { useCurrentCounty } from "../../app/county-info.ts";
import { useView } from "../../app/view-state.ts";
import { WallStoryDocument } from "../../gql/generated.ts";
import { useQuery } from "../../gql/use-query.ts";
import { Card } from "../../ui/card.tsx";
import { useFormat } from "../../ui/format.ts";
import { linkedStaff } from "../../ui/linked-staff.ts";
import { EmptyNote, ErrorNote, Skeleton } from "../../ui/notes.tsx";
import { shortPath } from "../../ui/short-path.ts";
import { Badge, DutyBadge } from "../../ui/status.tsx";
import type { Story } from "./use-story.ts";

interface Props {
  readonly story: Story;
  readonly ready: boolean;
  /** As many as fit; those who answer now come first from the server. */
  readonly staffShown: number;
}

/** The case on show with who answers for it: role, name and duty, and the responsible unit large. */
export function StoryCard({ story, ready, staffShown }: Props) {
  const { t } = useTranslation();
  const county = useCurrentCounty();
  const reason = story.pick?.reason ?? "chosen";
  return (
    <Card
      id="story"
      className="story"
      title={t(`story.${reason}`)}
      basis={t("basis.story")}
      aside={
        story.count > 1 && (
          <span className="tone-muted" aria-hidden="true">
            {story.index + 1} / {story.count}
          </span>
        )
      }
    >
      {county && story.ref !== undefined ? (
        <StoryBody county={county.code} incident={story.ref} asOf={Date.parse(county.asOf)} staffShown={staffShown} />
      ) : ready ? (
        <EmptyNote title={t("story.none")}>{t("story.noneHint")}</EmptyNote>
      ) : (
        <Skeleton />
      )}
    </Card>
  );
}

function StoryBody({
  county,
  incident,
  asOf,
  staffShown,
}: {
  county: string;
  incident: number;
  asOf: number;
  staffShown: number;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useView((view) => view.language);
  const { data, error, retry } = useQuery(WallStoryDocument, { county, ref: incident });
  if (error && !data) return <ErrorNote error={error} retry={retry} />;
  if (!data) return <Skeleton />;
  const found = data.incidentByRef;
  if (!found) return <EmptyNote title={t("story.gone")} />;
  const place = found.area
    ? [...found.area.ancestors.filter((area) => area.level !== "COUNTY").map((area) => area.name), found.area.name]
    : [];
  const over =
    found.dueAt && !["CLOSED", "EVALUATED"].includes(found.state) ? asOf - Date.parse(found.dueAt) : undefined;
  const staff = linkedStaff(found);
  const unit = found.responsible?.organisation.name ?? found.organisation?.name;
  return (
    <article className="story-body" aria-live="polite">
      <p className="story-line">
        <Badge
          tone={found.severity === "CRITICAL" || found.severity === "SERIOUS" ? "severe" : "muted"}
          sign={found.severity === "CRITICAL" || found.severity === "SERIOUS" ? "■" : "□"}
        >
          {t(`severity.${found.severity.toLowerCase()}`)}
        </Badge>
        <strong>{language === "en" ? found.class.nameEn : found.class.name}</strong>
        <span>{t(`incidentState.${found.state.toLowerCase()}`)}</span>
      </p>
      <p className="story-line">
        {over === undefined ? (
          <span className="tone-muted">{t("clock.none")}</span>
        ) : over > 0 ? (
          <Badge tone="late" sign="▲">
            {t("clock.overBy", { time: format.duration(over / 1000) })}
          </Badge>
        ) : (
          <Badge tone="good" sign="●">
            {t("clock.left", { time: format.duration(over / 1000) })}
          </Badge>
        )}
        <span className="tone-muted">
          {t("story.opened", { time: format.instant(Date.parse(found.openedAt) / 1000) })}
        </span>
      </p>
      <p className="story-place">{shortPath(place).join(" › ") || t("story.noPlace")}</p>
      <div className="story-unit">
        <span className="tone-muted">{t("story.unit")}</span>
        <strong data-testid="responsible">
          {unit ?? t("ownership.unowned")}
          {found.responsible?.expired && <em className="tone-soon"> {t("ownership.expired")}</em>}
        </strong>
      </div>
      <p className="story-line story-staff-head">
        <span>{t("story.staff")}</span>
        {staff.length > staffShown && (
          <span className="tone-muted">{t("story.more", { count: staff.length - staffShown })}</span>
        )}
      </p>
      <ul className="story-staff" aria-label={t("story.staff")} data-testid="linked-staff">
        {staff.slice(0, staffShown).map((duty) => (
          <li key={duty.post.id}>
            <span className="tone-muted">{t(`post.${duty.post.kind.toLowerCase()}`)}</span>
            <strong>{duty.staff?.name ?? "–"}</strong>
            <DutyBadge onDuty={duty.onDuty} nobody={!duty.staff} />
          </li>
        ))}
        {staff.length === 0 && <li className="tone-late">{t("duty.nobody")}</li>}
      </ul>
    </article>
  );
}
