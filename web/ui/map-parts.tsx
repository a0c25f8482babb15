import { type ComponentProps, lazy } from "react";
import { useCurrentCounty } from "../app/county-info.ts";
import { useFormat } from "./format.ts";

// The map's libraries are by far the largest part of the page: they load beside the figures, never before them.
const LazyMap = lazy(() => import("../map/map-view.tsx").then((module) => ({ default: module.MapView })));
const LazyTime = lazy(() => import("../map/time-slider.tsx").then((module) => ({ default: module.TimeSlider })));
export const Legend = lazy(() => import("../map/legend.tsx").then((module) => ({ default: module.Legend })));
export const LayerSwitcher = lazy(() =>
  import("../map/layer-switcher.tsx").then((module) => ({ default: module.LayerSwitcher })),
);
export const MapStatus = lazy(() => import("../map/map-status.tsx").then((module) => ({ default: module.MapStatus })));

const DEFAULT_ZONE = "Asia/Shanghai";

/** The map with the county's words for classes and its time zone. */
export function SeatMap(props: Pick<ComponentProps<typeof LazyMap>, "seat" | "padding">) {
  const format = useFormat();
  const timezone = useCurrentCounty()?.timezone ?? DEFAULT_ZONE;
  return <LazyMap {...props} describeClass={format.className} timezone={timezone} />;
}

/** The time window of the map and all panels, in the county's zone. */
export function TimeSlider() {
  return <LazyTime timezone={useCurrentCounty()?.timezone ?? DEFAULT_ZONE} />;
}
