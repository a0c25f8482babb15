import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { loadCountyInfo, useCountyInfo } from "../../app/county-info.ts";
import { ErrorBoundary } from "../../app/error-boundary.tsx";
import { useCountyLoading, useFigures, usePanelInput } from "../../app/scene.ts";
import { useView } from "../../app/view-state.ts";
import { may, useSeesCases } from "../../app/viewer.ts";
import { usePublishedCubeLoading } from "../../data/cube-store.ts";
import { useMapState } from "../../map/map-state.ts";
import { CubePanelCard } from "../../panels/cube-panel-card.tsx";
import { LivePanelCard } from "../../panels/live-panel-card.tsx";
import { LIVE_PANEL_IDS, type LivePanelId } from "../../panels/live-registry.ts";
import { PanelCard } from "../../panels/panel-card.tsx";
import { CUBE_PANEL_IDS, type CubePanelId, type PanelId } from "../../panels/registry.ts";
import { AlarmBar } from "../../ui/alarms/alarm-bar.tsx";
import { useAlarms } from "../../ui/alarms/use-alarms.ts";
import { Breadcrumb } from "../../ui/breadcrumb.tsx";
import { ConnectionBanner, Freshness } from "../../ui/connection.tsx";
import { LoadedNote } from "../../ui/loaded-note.tsx";
import { Legend, SeatMap } from "../../ui/map-parts.tsx";
import { Clock, DemoMark, HistoricBanner } from "../../ui/marks.tsx";
import { EmptyNote, ErrorNote, Skeleton } from "../../ui/notes.tsx";
import { TotalsCard } from "../../ui/totals.tsx";
import { VisitorBanner } from "../../ui/visitor-mode.tsx";
import { useSoundFor } from "./alarm-sound.ts";
import { KpiStrip } from "./kpi-strip.tsx";
import { StoryCard } from "./story-card.tsx";
import { Ticker } from "./ticker.tsx";
import { useIdle } from "./use-idle.ts";
import { useStory } from "./use-story.ts";
import { useWide } from "./use-wide.ts";
import { WallControls } from "./wall-controls.tsx";
import "./wall.css";
import "./wall-narrow.css";

type Slot = PanelId | CubePanelId | LivePanelId | "story" | "totals";
type Columns = readonly [left: readonly (readonly Slot[])[], right: readonly (readonly Slot[])[]];

const isCube = (slot: Slot): slot is CubePanelId => (CUBE_PANEL_IDS as readonly Slot[]).includes(slot);

const isLive = (slot: Slot): slot is LivePanelId => (LIVE_PANEL_IDS as readonly Slot[]).includes(slot);

/**
 * Columns of cards from left to right; the map stands between the halves. One 16 : 9 screen has room for seven: what
 * happens, how far orders come, what is on show, and what is late next. States, sources, clocks, ownership and the ranking
 * need a second screen; the desk has them all.
 */
const NORMAL: Columns = [[["trend", "classes", "funnel", "rhythm"]], [["story", "onTime", "breach"]]];
/** From 2.6 : 1 (two screens side by side) the map keeps its height and the panels take a second column on each side. */
const WIDE: Columns = [
  [
    ["trend", "classes", "rhythm"],
    ["states", "sources", "funnel"],
  ],
  [
    ["onTime", "clocks", "ownership", "ranking"],
    ["story", "breach"],
  ],
];

/** Where no case is shown one by one (visitors, places of others): published totals beside the map. */
const TOTALS: Columns = [[["totals"]], [["published", "sensitive"]]];

/** Who does not see cases of sensitive classes gets their published counts in the place of the hours of the week. */
const withPublished = ([left, right]: Columns): Columns => [
  left.map((slots) => slots.map((slot) => (slot === "rhythm" ? "sensitive" : slot))),
  right,
];

/** The command centre's screen: shows its own story, says how old its data is, and needs nobody at the keyboard. */
export function Wall() {
  const { t } = useTranslation();
  useCountyLoading();
  const error = useCountyInfo((state) => state.error);
  const ready = useCountyInfo((state) => state.ready);
  const counties = useCountyInfo((state) => state.counties);
  const input = usePanelInput();
  const figures = useFigures(input);
  const story = useStory(input);
  const idle = useIdle();
  const alarms = useAlarms();
  useSoundFor(alarms.waiting);
  const wide = useWide();
  const plain = useMapState((map) => map.plain);
  const drillTo = useView((view) => view.drillTo);
  const sees = useSeesCases();
  const columns = wide ? WIDE : NORMAL;
  const published = may("statistic") && !may("incident_sensitive");
  const [left, right] = !sees ? TOTALS : published ? withPublished(columns) : columns;
  const county = useView((view) => view.county);
  usePublishedCubeLoading(published || !sees ? county : undefined);
  if (!ready && error) return <ErrorNote error={error} retry={() => void loadCountyInfo()} />;
  if (ready && counties.length === 0)
    return <EmptyNote title={t("empty.counties")}>{t("empty.countiesHint")}</EmptyNote>;
  const card = (slot: Slot) =>
    slot === "totals" ? (
      <TotalsCard key={slot} />
    ) : isCube(slot) ? (
      <CubePanelCard key={slot} id={slot} />
    ) : isLive(slot) ? (
      <LivePanelCard key={slot} id={slot} />
    ) : slot === "story" ? (
      <StoryCard key={slot} story={story} ready={!!input} staffShown={wide ? 9 : 4} />
    ) : (
      <PanelCard key={slot} id={slot} input={input} onPick={slot === "ranking" ? drillTo : undefined} />
    );
  return (
    <div className="wall" data-idle={idle} data-wide={wide} data-totals={!sees || undefined}>
      <header className="wall-head">
        <div className="wall-title">
          <h1>{t("wall.title")}</h1>
          <Breadcrumb />
        </div>
        <KpiStrip figures={figures} />
        <div className="wall-now">
          <Clock />
          <Freshness />
          <LoadedNote />
        </div>
        <DemoMark />
      </header>
      <div className="wall-banners">
        <VisitorBanner />
        <HistoricBanner />
        <AlarmBar
          alarms={alarms}
          shown={wide ? 6 : 3}
          onPick={(incidentRef) => useView.getState().set({ incidentRef, camera: undefined })}
        />
      </div>
      <main className="wall-main">
        {left.map((slots) => (
          <div className="wall-column" key={slots.join()}>
            {slots.map(card)}
          </div>
        ))}
        <section className="wall-map" aria-label={t("map.title")}>
          {plain && (
            <div className="wall-missing" role="alert">
              <strong>{t("webgl.title")}</strong>
              <span>{t("webgl.hint")}</span>
            </div>
          )}
          <ErrorBoundary what={t("map.title")}>
            <Suspense fallback={<Skeleton />}>
              <div className="wall-canvas">
                <SeatMap seat="wall" />
              </div>
              <div className="wall-legend">
                <Legend />
              </div>
            </Suspense>
          </ErrorBoundary>
          <WallControls hidden={idle} />
          <ConnectionBanner />
        </section>
        {right.map((slots) => (
          <div className="wall-column" key={slots.join()}>
            {slots.map(card)}
          </div>
        ))}
      </main>
      {sees && <Ticker input={input} />}
    </div>
  );
}
