import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { useView, type ViewState } from "../../../web/app/view-state.ts";
import { loadCounty, useCountyData } from "../../../web/data/county-store.ts";
import { LayerSwitcher } from "../../../web/map/layer-switcher.tsx";
import { Legend } from "../../../web/map/legend.tsx";
import { useMapState } from "../../../web/map/map-state.ts";
import { MapStatus } from "../../../web/map/map-status.tsx";
import { MapView } from "../../../web/map/map-view.tsx";
import type { MapSeat } from "../../../web/map/scene.ts";
import "../../../web/theme/tokens.css";
import { TimeSlider } from "../../../web/map/time-slider.tsx";

/** What a test asks the page to show; `#` part of the address, JSON. */
export interface HarnessRequest {
  readonly seat: MapSeat;
  readonly rem: number;
  readonly view: Partial<ViewState> & { readonly county: string };
  /** Legend, switcher, slider and scale bar over the map. */
  readonly widgets?: boolean;
}

declare global {
  interface Window {
    /** True when every part is loaded and nothing is left to draw. */
    __jingweiIdle: () => boolean;
    __jingweiView: typeof useView;
  }
}

const request = JSON.parse(decodeURIComponent(location.hash.slice(1))) as HarnessRequest;
document.documentElement.style.fontSize = `${request.rem}px`;
document.documentElement.dataset["theme"] = request.view.theme ?? "dark";
useView.getState().set(request.view);
loadCounty(request.view.county);
window.__jingweiView = useView;
window.__jingweiIdle = () =>
  useMapState.getState().idle &&
  useCountyData.getState().areas.some((area) => area.level === "grid") &&
  Object.values(useCountyData.getState().states).every((state) => state !== "loading");

const float = { position: "absolute", zIndex: 2 } as const;
function Harness() {
  return (
    <>
      <MapView seat={request.seat} />
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
            <TimeSlider />
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
