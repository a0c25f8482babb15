import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../../app/view-state.ts";
import { PanelFunnelDocument } from "../../gql/generated.ts";
import { useFormat } from "../../ui/format.ts";
import { EmptyNote, Skeleton } from "../../ui/notes.tsx";
import { LiveFailed } from "../live-note.tsx";
import type { LivePanelProps } from "../live-types.ts";
import { useChartStyle } from "../use-chart-style.ts";
import { useLiveQuery } from "../use-live-query.ts";
import { funnelView } from "./funnel.options.ts";

const Chart = lazy(() => import("../chart.tsx"));

/** 点、派、落、查、评: how far the orders of the period came, and how content those were who rated theirs. */
export function FunnelBody({ inside, from }: LivePanelProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const style = useChartStyle();
  const english = useView((view) => view.language === "en");
  const { data, error } = useLiveQuery(PanelFunnelDocument, { inside, from });
  const figures = data?.orderFunnel;
  const view = useMemo(
    () =>
      figures &&
      funnelView(figures, { t: (key, values) => t(key, values ?? {}), number: format.number, english }, style),
    [figures, t, format, english, style],
  );
  if (error && !data) return <LiveFailed />;
  if (!figures || !view) return <Skeleton />;
  if (view.empty) return <EmptyNote title={t("panel.funnel.empty")}>{t("panel.funnel.emptyHint")}</EmptyNote>;
  const { rated, satisfied, satisfaction } = figures;
  return (
    <div className="funnel">
      <p className="funnel-rating">
        {typeof satisfaction === "number"
          ? t("panel.funnel.satisfaction", {
              share: format.percent(satisfaction),
              satisfied: format.number(satisfied),
              rated: format.number(rated),
            })
          : t("panel.funnel.unrated")}
      </p>
      <div className="funnel-chart">
        <Suspense fallback={<Skeleton />}>
          <Chart option={view.option} label={view.summary} />
        </Suspense>
      </div>
    </div>
  );
}
