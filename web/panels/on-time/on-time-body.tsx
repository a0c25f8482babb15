import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { PanelOnTimeDocument } from "../../gql/generated.ts";
import { useFormat } from "../../ui/format.ts";
import { EmptyNote, Skeleton } from "../../ui/notes.tsx";
import { LiveFailed } from "../live-note.tsx";
import type { LivePanelProps } from "../live-types.ts";
import { useChartStyle } from "../use-chart-style.ts";
import { useLiveQuery } from "../use-live-query.ts";
import { onTimeView } from "./on-time.options.ts";

const Chart = lazy(() => import("../chart.tsx"));

/** How many matters met their deadline; what is open and overdue counts as late, what is paused as neither. */
export function OnTimeBody({ inside, from }: LivePanelProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const style = useChartStyle();
  const { data, error } = useLiveQuery(PanelOnTimeDocument, { inside, from });
  const view = useMemo(
    () =>
      data &&
      onTimeView(
        data.onTime,
        { t: (key, values) => t(key, values ?? {}), number: format.number, percent: format.percent },
        style,
      ),
    [data, t, format, style],
  );
  if (error && !data) return <LiveFailed />;
  if (!view) return <Skeleton />;
  if (view.empty) return <EmptyNote title={t("panel.onTime.empty")}>{t("panel.onTime.emptyHint")}</EmptyNote>;
  return (
    <Suspense fallback={<Skeleton />}>
      <Chart option={view.option} label={view.summary} />
    </Suspense>
  );
}
