import { useTranslation } from "react-i18next";
import { mayIn } from "../../app/viewer.ts";
import type { DutyContactFragment } from "../../gql/generated.ts";
import { useFormat } from "../../ui/format.ts";
import { DutyBadge } from "../../ui/status.tsx";
import { Withheld } from "../../ui/withheld.tsx";

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
          ) : duty.staff && !mayIn("staff_contact", duty.areaCode) ? (
            <Withheld resource="staff_contact" />
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
