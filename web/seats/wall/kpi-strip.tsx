import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useCurrentCounty } from "../../app/county-info.ts";
import { useView } from "../../app/view-state.ts";
import { useSeesCases } from "../../app/viewer.ts";
import { WallAreaDocument } from "../../gql/generated.ts";
import { useQuery } from "../../gql/use-query.ts";
import { type IncidentFigures, onTimeShare } from "../../panels/figures.ts";
import { useFormat } from "../../ui/format.ts";
import type { Tone } from "../../ui/status.tsx";

interface Kpi {
  readonly id: string;
  readonly label: string;
  readonly value: string | undefined;
  readonly tone?: Tone;
}

/** The county in ten figures: what it holds on the left, how it fares today on the right. */
export function KpiStrip({ figures }: { figures: IncidentFigures | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const area = useView((view) => view.area);
  const sees = useSeesCases();
  const county = useCurrentCounty();
  const { data, retry } = useQuery(WallAreaDocument, area ? { area } : undefined);
  // What an area holds changes with loads.
  const version = useRef(county?.contentVersion);
  useEffect(() => {
    if (version.current !== undefined && version.current !== county?.contentVersion) retry();
    version.current = county?.contentVersion;
  }, [county?.contentVersion, retry]);
  const counts = data?.area?.counts;
  const staff = counts?.staff?.reduce((sum, entry) => sum + entry.count, 0);
  // Null is what this viewer may not know, undefined what has not come yet.
  const number = (value: number | null | undefined, exact = true): string | undefined =>
    value === undefined ? undefined : value === null ? "—" : format.count(value, exact);
  const share = figures && onTimeShare(figures);
  const micro = !!counts?.microGrids;
  const lowest =
    county?.gridTerm && county.gridTerm !== "网格" && county.gridTerm !== "微网格" ? county.gridTerm : undefined;
  const caseKpis: Kpi[] = [
    {
      id: "today",
      label: t(county?.historic ? "figure.lastDay" : "figure.today"),
      value: number(figures?.todayReported),
    },
    { id: "open", label: t("figure.open"), value: number(figures?.open) },
    {
      id: "overdueOpen",
      label: t("figure.overdueOpen"),
      value: number(figures?.clocks.overdueOpen),
      tone: figures?.clocks.overdueOpen ? "late" : "good",
    },
    { id: "late", label: t("figure.lateAll"), value: number(figures?.late) },
    { id: "solved", label: t("figure.solvedAll"), value: number(figures?.solved) },
    {
      id: "onTime",
      label: t("figure.onTimeRate"),
      value: figures && (share === undefined ? "–" : format.percent(share)),
    },
  ];
  const kpis: Kpi[] = [
    counts && !counts.communities && counts.villages
      ? { id: "villages", label: t("level.village"), value: number(counts.villages) }
      : { id: "communities", label: t("level.communityUrban"), value: number(counts?.communities) },
    { id: "compounds", label: t("level.compound"), value: number(counts?.compounds) },
    { id: "grids", label: lowest && !micro ? lowest : t("level.grid"), value: number(counts?.grids) },
    ...(micro ? [{ id: "micro", label: t("level.micro"), value: number(counts.microGrids) }] : []),
    {
      id: "households",
      label: t("figure.households"),
      value: number(counts?.households, data?.area?.householdsExact ?? true),
    },
    {
      id: "staff",
      label: t(sees ? "figure.staff" : "aggregate.staff"),
      value: counts && [...(sees ? [number(data?.area?.onDuty ?? null)] : []), number(staff ?? null)].join("/"),
    },
    ...(sees ? caseKpis : []),
  ];
  return (
    <dl className="kpis" aria-label={t("figure.strip")}>
      {kpis.map(({ id, label, value, tone }) => (
        <div key={id} data-kpi={id}>
          <dt>{label}</dt>
          <dd className={tone ? `tone-${tone}` : undefined}>{value ?? "…"}</dd>
        </div>
      ))}
    </dl>
  );
}
