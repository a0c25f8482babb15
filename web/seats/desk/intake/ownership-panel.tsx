import { useTranslation } from "react-i18next";
import type { LonLat } from "../../../../data/model/geometry.ts";
import { useView } from "../../../app/view-state.ts";
import { may } from "../../../app/viewer.ts";
import { CaseOwnershipDocument, type CaseRowFragment } from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { CaseLine } from "../../../ui/cases/case-line.tsx";
import { useNow } from "../../../ui/cases/use-now.ts";
import { useFormat } from "../../../ui/format.ts";
import { EmptyNote, ErrorNote, Skeleton } from "../../../ui/notes.tsx";
import { shortPath } from "../../../ui/short-path.ts";
import { DutyList } from "../duty-list.tsx";

const CLOCK_MS = 60_000;

/**
 * Whose a matter at a point would be: the unit, its leader, who is on duty, the departments that the class is admitted for.
 * Near a border every candidate is shown and none is guessed. What may be the same matter is offered before it is sent.
 *
 * @param joined the case that the new one is to become part of
 */
export function OwnershipPanel({
  point,
  code,
  joined,
  onJoin,
}: {
  point: LonLat;
  code: string | undefined;
  joined: string | undefined;
  onJoin: (row: CaseRowFragment | undefined) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(CLOCK_MS);
  const county = useView((view) => view.county);
  const { data, error, retry } = useQuery(CaseOwnershipDocument, {
    county,
    lon: point[0],
    lat: point[1],
    class: code,
    acts: may("incident_text"),
  });
  if (error) return <ErrorNote error={error} retry={retry} />;
  const found = data?.ownership;
  if (!found) return <Skeleton />;
  return (
    <section className="ownership" aria-label={t("intake.owner")} data-testid="ownership">
      <h3>{t("intake.owner")}</h3>
      {found.nearBorder && (
        <p className="tone-soon" role="note">
          {t("intake.nearBorder", { count: found.candidates.length })}
        </p>
      )}
      {found.candidates.length === 0 && <EmptyNote title={t("intake.nobody")}>{t("intake.nobodyHint")}</EmptyNote>}
      {found.candidates.map(({ area, distanceM, responsible, leader, onDuty }) => (
        <div key={area.code} className="owner-candidate">
          <p>
            <strong>
              {shortPath([
                ...area.ancestors.filter(({ level }) => level !== "COUNTY").map(({ name }) => name),
                area.name,
              ]).join(" › ")}
            </strong>
            {distanceM > 0 && (
              <span className="tone-muted"> {t("advice.metres", { value: format.number(Math.round(distanceM)) })}</span>
            )}
          </p>
          <p>
            {responsible ? responsible.organisation.name : <span className="tone-late">{t("ownership.unowned")}</span>}
            {responsible?.expired && <span className="tone-soon"> {t("ownership.expired")}</span>}
            {responsible?.organisation.dutyPhone && (
              <a href={`tel:${responsible.organisation.dutyPhone}`}> {responsible.organisation.dutyPhone}</a>
            )}
            {leader && ` · ${t("intake.leader", { name: leader.name })}`}
          </p>
          <DutyList duties={onDuty} />
        </div>
      ))}
      {found.admitted.length > 0 && (
        <ul className="admitted">
          {found.admitted.map((item) => (
            <li key={item.id}>
              <strong>{item.department}</strong> {t(`admission.${item.kind.toLowerCase()}`)} · {item.item}
            </li>
          ))}
        </ul>
      )}
      {found.refused.map((item) => (
        <p key={item.id} className="refused-item" role="note">
          <strong className="tone-late">{t(`admission.${item.kind.toLowerCase()}`)}</strong> {item.department}：
          {item.item}
        </p>
      ))}
      {(found.similar?.length ?? 0) > 0 && (
        <div data-testid="duplicates">
          <h3>{t("intake.same")}</h3>
          <ul className="similar">
            {found.similar?.map(({ incident, distanceM, score }) => (
              <li key={incident.id} className="duplicate">
                <div>
                  <CaseLine row={incident} now={now} />
                  <span className="tone-muted field-note">
                    {t("advice.metres", { value: format.number(Math.round(distanceM)) })} ·{" "}
                    {t("caseFile.alike", { score: Math.round(score * 100) })}
                  </span>
                </div>
                <button
                  type="button"
                  className="button"
                  aria-pressed={joined === incident.id}
                  onClick={() => onJoin(joined === incident.id ? undefined : incident)}
                >
                  {t("intake.join")}
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
