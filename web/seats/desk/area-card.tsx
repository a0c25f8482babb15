import { useTranslation } from "react-i18next";
import { DeskAreaDocument } from "../../gql/generated.ts";
import { useQuery } from "../../gql/use-query.ts";
import { useFormat } from "../../ui/format.ts";
import { ErrorNote, Skeleton } from "../../ui/notes.tsx";
import { DetailCard } from "./detail-card.tsx";
import { DutyList } from "./duty-list.tsx";

const DUTY_POLL_MS = 60_000;

/** A grid (or micro-grid): who owns it, who serves it and how to reach them. */
export function AreaCard({ code }: { code: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, retry } = useQuery(DeskAreaDocument, { area: code }, DUTY_POLL_MS);
  const area = data?.area;
  if (error && !data) return <ErrorNote error={error} retry={retry} />;
  if (!area)
    return (
      <DetailCard title={t("grid.title")}>
        <Skeleton />
      </DetailCard>
    );
  const { responsible, counts } = area;
  const unit = responsible?.organisation;
  return (
    <DetailCard title={`${area.name} · ${area.code}`}>
      <div className="detail" data-testid="area-card">
        <dl className="facts">
          <dt>{t("ownership.unit")}</dt>
          <dd>
            {unit ? (
              <>
                <strong>{unit.name}</strong>
                {responsible?.expired && <span className="tone-soon"> {t("ownership.expired")}</span>}
                {unit.dutyPhone && <a href={`tel:${unit.dutyPhone}`}> {unit.dutyPhone}</a>}
              </>
            ) : area.staffLinks === null ? (
              "—"
            ) : (
              <span className="tone-late">{t("ownership.unowned")}</span>
            )}
          </dd>
          {responsible && (
            <>
              <dt>{t("grid.contract")}</dt>
              <dd>
                {[
                  responsible.contractNo,
                  `${format.date(Date.parse(responsible.from) / 1000)} – ${
                    responsible.to ? format.date(Date.parse(responsible.to) / 1000) : t("grid.openEnded")
                  }`,
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </dd>
            </>
          )}
          <dt>{t("figure.households")}</dt>
          <dd>{area.households === null ? "–" : format.count(area.households, area.householdsExact ?? true)}</dd>
          <dt>{t("grid.area")}</dt>
          <dd>{t("grid.hectares", { value: format.number(Math.round(area.areaM2 / 1000) / 10) })}</dd>
          <dt>{t("grid.things")}</dt>
          <dd>
            {t("grid.thingsText", {
              buildings: counts.buildings === null ? "—" : format.number(counts.buildings),
              cameras: counts.cameras === null ? "—" : format.number(counts.cameras),
              online: counts.camerasOnline === null ? "—" : format.number(counts.camerasOnline),
            })}
          </dd>
        </dl>
        <h3>{t("grid.staff")}</h3>
        <DutyList duties={area.staffLinks ?? []} />
      </div>
    </DetailCard>
  );
}
