import { useTranslation } from "react-i18next";
import type { DutyContactFragment } from "../../gql/generated.ts";
import { useFormat } from "../../ui/format.ts";
import { DutyBadge } from "../../ui/status.tsx";

/** Who answers, with the work phone; the first one to call stands first and large. */
export function DutyList({ duties }: { duties: readonly DutyContactFragment[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!duties.length)
    return (
      <p className="tone-late" role="note">
        {t("duty.nobody")}
      </p>
    );
  return (
    <ul className="duty-list" data-testid="duty-list">
      {duties.map((duty, index) => (
        <li key={duty.post.id} data-first={index === 0 || undefined}>
          <span className="tone-muted">
            {t(`post.${duty.post.kind.toLowerCase()}`)}
            {duty.slot && ` ${duty.slot}`}
          </span>
          <strong>{duty.staff?.name ?? "–"}</strong>
          <DutyBadge onDuty={duty.onDuty} nobody={!duty.staff} />
          {duty.staff?.workPhone ? (
            <a className="phone" href={`tel:${duty.staff.workPhone}`}>
              {duty.staff.workPhone}
            </a>
          ) : (
            <span />
          )}
          <span className="tone-muted duty-place" title={t("duty.place", { place: duty.post.place })}>
            {t("duty.place", { place: duty.post.place })}
            {duty.until && ` · ${t("duty.until", { time: format.instant(Date.parse(duty.until) / 1000) })}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
