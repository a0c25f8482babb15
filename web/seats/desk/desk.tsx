import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { loadCountyInfo, useCountyInfo } from "../../app/county-info.ts";
import { ErrorBoundary } from "../../app/error-boundary.tsx";
import { useCountyLoading, usePanelInput } from "../../app/scene.ts";
import { useView } from "../../app/view-state.ts";
import { mayDo, useSeesCases } from "../../app/viewer.ts";
import { useCountyData } from "../../data/county-store.ts";
import { usePublishedCubeLoading } from "../../data/cube-store.ts";
import { CubePanelCard } from "../../panels/cube-panel-card.tsx";
import { usePlane } from "../../plane/use-plane.ts";
import { AlarmBar } from "../../ui/alarms/alarm-bar.tsx";
import { UndecidedBar } from "../../ui/alarms/undecided-bar.tsx";
import { useAlarms } from "../../ui/alarms/use-alarms.ts";
import { BoundaryBar } from "../../ui/boundaries/boundary-bar.tsx";
import { RetiredNote } from "../../ui/boundaries/retired-note.tsx";
import { Breadcrumb } from "../../ui/breadcrumb.tsx";
import { CountySelect, LanguageButton, ThemeButton } from "../../ui/choices.tsx";
import { ConnectionBanner, Freshness } from "../../ui/connection.tsx";
import { LoadedNote } from "../../ui/loaded-note.tsx";
import { LayerSwitcher, Legend, MapStatus, SeatMap, TimeSlider } from "../../ui/map-parts.tsx";
import { DemoMark, HistoricBanner } from "../../ui/marks.tsx";
import { EmptyNote, ErrorNote, Skeleton } from "../../ui/notes.tsx";
import { SeatLink } from "../../ui/seat-link.tsx";
import { TotalsCard } from "../../ui/totals.tsx";
import { ViewerMenu } from "../../ui/viewer-menu.tsx";
import { VisitorBanner } from "../../ui/visitor-mode.tsx";
import { DeskFigures } from "./desk-figures.tsx";
import { DeskLists } from "./desk-lists.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { SearchBox } from "./search-box.tsx";
import { selectCase } from "./select-case.ts";
import { Splitter } from "./splitter.tsx";
import { useListNotes } from "./use-list-notes.ts";
import "./desk.css";
import "./desk-lists.css";
import "./print.css";
import type { PanelInput } from "../../panels/types.ts";

/** What a printed list carries at its head. */
function PrintHead({ input }: { input: PanelInput }) {
  const { t } = useTranslation();
  const notes = useListNotes(input);
  return (
    <div className="print-only">
      <h1>{t("wall.title")}</h1>
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </div>
  );
}

/** The desk of a town leader or dispatcher: map left, lists right, each driving the other. */
export function Desk() {
  const { t } = useTranslation();
  useCountyLoading();
  const error = useCountyInfo((state) => state.error);
  const ready = useCountyInfo((state) => state.ready);
  const counties = useCountyInfo((state) => state.counties);
  const dataError = useCountyData((data) => data.error);
  const hasIncidents = usePlane((plane) => !!plane.columns);
  const county = useView((view) => view.county);
  const area = useView((view) => view.area);
  const input = usePanelInput();
  const sees = useSeesCases();
  usePublishedCubeLoading(sees ? undefined : county);
  const alarms = useAlarms();
  const [share, setShare] = useState(48);
  if (!ready && error) return <ErrorNote error={error} retry={() => void loadCountyInfo()} />;
  if (ready && counties.length === 0)
    return <EmptyNote title={t("empty.counties")}>{t("empty.countiesHint")}</EmptyNote>;
  return (
    <div className="desk">
      <a className="skip" href="#desk-list">
        {t("desk.skip")}
      </a>
      <header className="desk-head">
        <h1>{t("app.name")}</h1>
        <Breadcrumb />
        <SearchBox />
        <DemoMark />
        <CountySelect />
        <LanguageButton />
        <ThemeButton />
        <SeatLink to="/wall">{t("seat.wall")}</SeatLink>
        {mayDo("plan") && <SeatLink to="/plan">{t("seat.plan")}</SeatLink>}
        <ViewerMenu />
      </header>
      {sees && (
        <div className="desk-bar">
          <FilterBar />
          <DeskFigures input={input} />
        </div>
      )}
      <VisitorBanner />
      <RetiredNote />
      <BoundaryBar inside={area || county} />
      <HistoricBanner />
      <AlarmBar alarms={alarms} shown={2} onPick={selectCase} />
      <UndecidedBar shown={2} />
      <ConnectionBanner />
      <main className="desk-main" style={{ "--split": `${share}%` } as React.CSSProperties}>
        <section className="desk-map" aria-label={t("map.title")}>
          <ErrorBoundary what={t("map.title")}>
            <Suspense fallback={<Skeleton />}>
              <div className="desk-canvas">
                <SeatMap seat="desk" />
                <details className="desk-layers">
                  <summary className="button">{t("map.layers")}</summary>
                  <LayerSwitcher />
                </details>
                <div className="desk-legend">
                  <Legend />
                </div>
              </div>
              {sees && <TimeSlider />}
              <MapStatus />
            </Suspense>
          </ErrorBoundary>
        </section>
        <Splitter value={share} onChange={setShare} />
        <ErrorBoundary what={t("desk.lists")}>
          {input && <PrintHead input={input} />}
          {!sees ? (
            <div className="desk-side">
              <TotalsCard />
              <CubePanelCard id="published" />
              <CubePanelCard id="sensitive" />
            </div>
          ) : !hasIncidents && dataError ? (
            <ErrorNote error={new Error(dataError)} />
          ) : (
            <DeskLists input={input} />
          )}
        </ErrorBoundary>
      </main>
      <footer className="desk-foot">
        <Freshness /> <LoadedNote />
      </footer>
    </div>
  );
}
