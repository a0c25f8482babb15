import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../app/view-state.ts";
import { ownArea, useViewer } from "../app/viewer.ts";
import { useCountyData } from "../data/county-store.ts";
import { AreaTotalsDocument, type TotalsOfFragment } from "../gql/generated.ts";
import { useQuery } from "../gql/use-query.ts";
import { Card } from "./card.tsx";
import { DataTable } from "./data-table.tsx";
import { useFormat } from "./format.ts";
import { ErrorNote, Skeleton } from "./notes.tsx";
import type { TableModel } from "./table-model.ts";
import { Withheld } from "./withheld.tsx";
import "./totals.css";

/** Roll-ups are refreshed daily and after each load. */
const TOTALS_POLL_MS = 300_000;

/** Says that the place on screen is another's, with the way back; nothing for visitors, whose banner says enough. */
function OutsideNote({ name }: { name: string }) {
  const { t } = useTranslation();
  const viewer = useViewer();
  const county = useView((view) => view.county);
  const drillTo = useView((view) => view.drillTo);
  const own = ownArea(county);
  if (!viewer || viewer.visitor || own === undefined || own === county) return null;
  return (
    <p className="totals-note" role="note" data-testid="outside-note">
      <span>{t("aggregate.outside", { place: name })}</span>{" "}
      <button type="button" className="link" onClick={() => drillTo(own)}>
        {t("aggregate.toOwn", { place: viewer.areaName })}
      </button>
    </p>
  );
}

const FIGURES = ["communities", "grids", "households", "staff", "cameras"] as const;
type Figure = (typeof FIGURES)[number];

/** Null = not published. */
const figureOf = (counts: TotalsOfFragment, figure: Figure): number | null => {
  if (figure === "communities") return counts.communities + counts.villages;
  if (figure === "grids") return counts.microGrids || counts.grids;
  if (figure === "staff") return counts.staff?.reduce((sum, entry) => sum + entry.count, 0) ?? null;
  return counts[figure];
};

/** Published totals of the area on screen and of the places in it: all that is shown of what lies outside one's own. */
export function TotalsCard() {
  const { t } = useTranslation();
  const format = useFormat();
  const area = useView((view) => view.area);
  const drillTo = useView((view) => view.drillTo);
  const areas = useCountyData((data) => data.areas);
  const levels = useMemo(() => {
    const inside = areas.filter((entry) => entry.code !== area && entry.code.startsWith(area));
    const nearest = Math.min(...inside.map((entry) => entry.code.length));
    const found = inside.filter((entry) => entry.code.length === nearest).map(({ level }) => level);
    return [...new Set(found)].map((level) => level.toUpperCase() as Uppercase<typeof level>);
  }, [areas, area]);
  const { data, error, retry } = useQuery(
    AreaTotalsDocument,
    area && areas.length ? { area, levels: levels.length ? levels : ["MICRO"] } : undefined,
    TOTALS_POLL_MS,
  );
  const name = areas.find((entry) => entry.code === area)?.name ?? area;
  const title = t("aggregate.title", { place: name });
  const own = data?.area?.counts;
  const nodes = [...(data?.areas.nodes ?? [])].sort((a, b) => (a.code < b.code ? -1 : 1));
  // A column of nothing (communities of communities) is left out.
  const parts = nodes.length ? nodes.map(({ counts }) => counts) : own ? [own] : [];
  const shown = FIGURES.filter((figure) => parts.some((counts) => figureOf(counts, figure) !== 0));
  const places = [...(data?.area ? [data.area] : []), ...nodes];
  const model: TableModel = {
    title,
    notes: [],
    columns: [
      { key: "name", title: t("list.place") },
      ...shown.map((figure) => ({ key: figure, title: t(`aggregate.${figure}`), align: "end" as const })),
    ],
    rows: places.map((node) => ({
      key: node.code,
      name: node.code === area ? t("aggregate.all") : node.name,
      ...Object.fromEntries(shown.map((figure) => [figure, figureOf(node.counts, figure) ?? "—"])),
    })),
  };
  return (
    <Card id="totals" title={title} basis={t("basis.totals")}>
      <OutsideNote name={name} />
      {error && !data ? (
        <ErrorNote error={error} retry={retry} />
      ) : !data ? (
        <Skeleton />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard (WCAG 2.1.1)
        <section className="totals-list" tabIndex={0} aria-label={title}>
          <DataTable
            testId="totals"
            model={model}
            show={{
              name: (value, index) =>
                index === 0 ? (
                  <strong>{value}</strong>
                ) : (
                  <button type="button" className="link" onClick={() => drillTo(String(model.rows[index]?.["key"]))}>
                    {value}
                  </button>
                ),
              ...Object.fromEntries(
                shown.map((figure) => [
                  figure,
                  (value: string | number, index: number) =>
                    value === "—" ? (
                      <Withheld resource="household" />
                    ) : (
                      format.count(Number(value), figure !== "households" || (places[index]?.householdsExact ?? true))
                    ),
                ]),
              ),
            }}
          />
        </section>
      )}
    </Card>
  );
}
