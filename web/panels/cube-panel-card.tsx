import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { ErrorBoundary } from "../app/error-boundary.tsx";
import { useView } from "../app/view-state.ts";
import { useCountyData } from "../data/county-store.ts";
import { usePublishedCube } from "../data/cube-store.ts";
import { Card } from "../ui/card.tsx";
import { useFormat } from "../ui/format.ts";
import { EmptyNote, Skeleton } from "../ui/notes.tsx";
import type { CubePanelInput } from "./cube-types.ts";
import { CUBE_PANELS, type CubePanelId } from "./registry.ts";
import { useChartStyle } from "./use-chart-style.ts";

const Chart = lazy(() => import("./chart.tsx"));

function CubeChart({ id, input }: { readonly id: CubePanelId; readonly input: CubePanelInput }) {
  const { t } = useTranslation();
  const style = useChartStyle();
  const view = useMemo(() => CUBE_PANELS[id].build(input, style), [id, input, style]);
  if (view.empty) return <EmptyNote title={t("cube.nothing")}>{t("cube.nothingHint")}</EmptyNote>;
  return (
    <Suspense fallback={<Skeleton />}>
      <Chart option={view.option} label={view.summary} />
    </Suspense>
  );
}

/** One panel of published numbers as a card: the month in its head, the last day that is counted in its foot. */
export function CubePanelCard({ id }: { readonly id: CubePanelId }) {
  const { t } = useTranslation();
  const { month, cells, through, state } = usePublishedCube();
  const area = useView((view) => view.area);
  const areas = useCountyData((data) => data.areas);
  const format = useFormat();
  const input = useMemo(
    (): CubePanelInput | undefined =>
      state === "loading" && !month
        ? undefined
        : {
            month: month ?? "",
            cells,
            area,
            areas,
            t: (key, values) => t(key, values ?? {}),
            className: format.className,
            number: format.number,
          },
    [state, month, cells, area, areas, t, format],
  );
  const { title, basis } = CUBE_PANELS[id];
  // The instant is the first moment of the day after.
  const lastDay = through && format.date(Date.parse(through) / 1000 - 1);
  return (
    <Card
      id={id}
      title={t(title)}
      aside={month && <span className="tone-muted">{month}</span>}
      basis={t(basis)}
      asOf={lastDay}
      className="panel"
    >
      <ErrorBoundary what={t(title)}>{input ? <CubeChart id={id} input={input} /> : <Skeleton />}</ErrorBoundary>
    </Card>
  );
}
