import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RESOURCES, VISITOR_RESOURCES } from "../../../data/policy/policy.ts";
import { useSession } from "../../../web/app/session.ts";
import { useView, type ViewState } from "../../../web/app/view-state.ts";
import { loadCounty, useCountyData } from "../../../web/data/county-store.ts";
import { usePublishedCube } from "../../../web/data/cube-store.ts";
import { drawStats } from "../../../web/map/debug/draw-stats.ts";
import { theEngine } from "../../../web/map/engine-instance.ts";
import { LayerSwitcher } from "../../../web/map/layer-switcher.tsx";
import { Legend } from "../../../web/map/legend.tsx";
import { setLiveWindow } from "../../../web/map/live-window.ts";
import { useMapState } from "../../../web/map/map-state.ts";
import { MapStatus } from "../../../web/map/map-status.tsx";
import { MapView } from "../../../web/map/map-view.tsx";
import type { MapSeat } from "../../../web/map/scene.ts";
import { setPlaneZone } from "../../../web/plane/asking.ts";
import { changedCases } from "../../../web/plane/plane.ts";
import { useAnswers, usePlane } from "../../../web/plane/use-plane.ts";
import "../../../web/theme/tokens.css";
import { TimeSlider } from "../../../web/map/time-slider.tsx";

/** What a test asks the page to show; `#` part of the address, JSON. */
export interface HarnessRequest {
  readonly seat: MapSeat;
  readonly rem: number;
  readonly view: Partial<ViewState> & { readonly county: string };
  /** Pixels drawn per CSS pixel at most; below 1 large screens are drawn as coarsely as they are compared. */
  readonly pixelRatio?: number;
  /** Legend, switcher, slider and scale bar over the map. */
  readonly widgets?: boolean;
}

declare global {
  interface Window {
    /** True when every part is loaded and nothing is left to draw. */
    __jingweiIdle: () => boolean;
    __jingweiView: typeof useView;
    /** Visitor mode, with a published cube made of the communities that are there; or back. */
    __jingweiVisit: (on: boolean) => void;
    /** What benchmarks look at and turn: no test of what people see needs it. */
    __jingweiBench: {
      readonly stats: typeof drawStats;
      readonly plane: typeof usePlane;
      readonly answers: typeof useAnswers;
      readonly live: typeof setLiveWindow;
      readonly changed: typeof changedCases;
      /** Graphics contexts lost since the page began. */
      readonly lost: () => number;
      readonly engine: () => ReturnType<typeof theEngine>;
      /** What the map's layers were last made for. */
      readonly scene: () => ReturnType<typeof useMapState.getState>["scene"];
    };
    /** Texts of the names that are drawn, and pairs that cover one point of a fine lattice. */
    __jingweiNames: () => { names: string[]; clashes: string[] };
  }
}

const request = JSON.parse(decodeURIComponent(location.hash.slice(1))) as HarnessRequest;
document.documentElement.style.fontSize = `${request.rem}px`;
document.documentElement.dataset["theme"] = request.view.theme ?? "dark";
// Somebody who may see all that a map can show.
const somebody = (visitor: boolean): void =>
  useSession.setState({
    state: "ready",
    viewer: {
      kind: "account",
      id: "Account:000000:harness",
      name: "harness",
      login: "harness",
      role: "admin",
      county: "000000",
      areaCode: "000000",
      areaName: "",
      visitor,
      pointDays: null,
      mustChangePassword: false,
      demo: false,
      grants: [],
      resources: visitor ? VISITOR_RESOURCES : RESOURCES,
      actions: [],
    },
  });
somebody(false);
window.__jingweiVisit = (on) => {
  somebody(on);
  const communities = useCountyData.getState().areas.filter(({ level }) => level === "community");
  usePublishedCube.setState({
    month: "2026-01",
    state: "ready",
    cells: communities.map(({ code }, i) => ({
      areaCode: code,
      level: "COMMUNITY",
      major: "06",
      sensitive: false,
      month: "2026-01",
      count: (i * 17) % 60,
      mark: "EXACT",
    })),
  });
  // The layers are chosen anew when the view changes, as they are when a seat is made anew for another viewer.
  useView.getState().set({ layers: [] });
};
useView.getState().set(request.view);
// The county that the harness serves keeps China's time.
setPlaneZone("Asia/Shanghai");
loadCounty(request.view.county);
window.__jingweiView = useView;
window.__jingweiBench = {
  stats: drawStats,
  plane: usePlane,
  answers: useAnswers,
  live: setLiveWindow,
  changed: changedCases,
  lost: () => useMapState.getState().generation,
  engine: () => theEngine(useMapState.getState().generation, 2),
  scene: () => useMapState.getState().scene,
};
window.__jingweiIdle = () =>
  useMapState.getState().idle &&
  !useAnswers.getState().waiting &&
  useCountyData.getState().areas.some((area) => area.level === "grid") &&
  Object.values(useCountyData.getState().states).every((state) => state !== "loading");

/** Distance of the lattice's points, CSS pixels: half the height of the smallest name. */
const LATTICE_PX = 6;
window.__jingweiNames = () => {
  const { map } = theEngine(useMapState.getState().generation, 2);
  const layers = ["labels", "ownership-names", "staff-names"].filter((id) => map.getLayer(id));
  const text = ({ properties }: { properties: Record<string, unknown> }): string =>
    `${properties["text"]} ${properties["second"]}`;
  const names = new Set<string>();
  const clashes = new Set<string>();
  for (let y = 0; y < innerHeight; y += LATTICE_PX) {
    for (let x = 0; x < innerWidth; x += LATTICE_PX) {
      const here = map.queryRenderedFeatures([x, y], { layers });
      for (const one of here) names.add(text(one));
      if (here.length > 1) clashes.add(here.map(text).join(" × "));
    }
  }
  return { names: [...names], clashes: [...clashes] };
};

const float = { position: "absolute", zIndex: 2 } as const;
function Harness() {
  return (
    <>
      <MapView
        seat={request.seat}
        maxPixelRatio={request.pixelRatio ?? 2}
        timezone="Asia/Shanghai"
        describeClass={(code) => code}
      />
      {request.widgets ? (
        <>
          <div style={{ ...float, top: "1rem", left: "1rem" }}>
            <LayerSwitcher />
          </div>
          <div style={{ ...float, top: "1rem", right: "1rem" }}>
            <Legend />
          </div>
          <div style={{ ...float, bottom: "6.5rem", right: "1rem" }}>
            <MapStatus />
          </div>
          <div style={{ ...float, bottom: "1rem", left: "1rem", right: "1rem" }}>
            <TimeSlider timezone="Asia/Shanghai" />
          </div>
        </>
      ) : null}
    </>
  );
}

const root = document.getElementById("root");
if (!root) throw new Error("no #root");
createRoot(root).render(
  <StrictMode>
    <Harness />
  </StrictMode>,
);
