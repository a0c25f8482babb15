import "maplibre-gl/dist/maplibre-gl.css";
import "./map.css";
import type { PickingInfo } from "@deck.gl/core";
import { type KeyboardEvent, lazy, type ReactNode, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { parentCode } from "../../data/model/codes.ts";
import type { LonLat } from "../../data/model/geometry.ts";
import { useView } from "../app/view-state.ts";
import type { CameraMark } from "../layers/cameras/camera-views.ts";
import { pointOfDot } from "../layers/incidents/dots/dots.ts";
import type { IncidentCluster, IncidentPoint } from "../layers/incidents/incident-marks.ts";
import { useTexts } from "../layers/use-texts.ts";
import { useDebug } from "./debug/use-debug.ts";
import { canDrawMap, theEngine } from "./engine-instance.ts";
import { FlashCanvas } from "./flash/flash-canvas.tsx";
import { HoverCard, type HoverCardProps } from "./hover-card.tsx";
import { MapCredit } from "./map-credit.tsx";
import type { FitPadding, MapEngine } from "./map-engine.ts";
import { type Hovered, useMapState } from "./map-state.ts";
import { useMapTool } from "./map-tool.ts";
import { areaAt } from "./pick-area.ts";
import { pickPoint, usePickPoint } from "./pick-point.ts";
import { usePointMarker } from "./point-marker.ts";
import type { MapSeat, Scene } from "./scene.ts";
import { SvgMap } from "./svg-map.tsx";
import { MAP_TEXTS } from "./texts.ts";
import { useCamera } from "./use-camera.ts";
import { useScene } from "./use-scene.ts";
import { useToolPointer } from "./use-tool-pointer.ts";

export interface MapViewProps extends HoverCardProps {
  readonly seat: MapSeat;
  /** Room that panels over the map take, CSS pixels: the area is fitted into what is left. */
  readonly padding?: Partial<FitPadding>;
  /** What stands in for the map without WebGL 2; a plain SVG map by default. */
  readonly fallback?: ReactNode;
  /** Device pixels per CSS pixel at most: an 8K wall need not draw four times as much. */
  readonly maxPixelRatio?: number;
}

const DEFAULT_PADDING = 28;
const DEFAULT_PIXEL_RATIO = 2;
/** How much nearer a click on a cluster goes. */
const CLUSTER_ZOOM = 2;

const DebugOverlay = lazy(() =>
  import("./debug/debug-overlay.tsx").then((module) => ({ default: module.DebugOverlay })),
);

function hoveredOf(picked: PickingInfo | undefined, scene: Scene, at: LonLat): Hovered | undefined {
  if (picked?.layer?.id === "incident-dots") {
    const point = pointOfDot(picked.index);
    if (point) return { kind: "incident", point };
  }
  if (picked?.object && picked.layer) {
    if (picked.layer.id === "incident-points") return { kind: "incident", point: picked.object as IncidentPoint };
    if (picked.layer.id === "incident-clusters") return { kind: "cluster", cluster: picked.object as IncidentCluster };
    if (picked.layer.id === "camera-points") return { kind: "camera", camera: picked.object as CameraMark };
  }
  const area = areaAt(scene.index, at, scene.view.area);
  return area ? { kind: "area", area } : undefined;
}

function act(engine: MapEngine, what: Hovered | undefined): void {
  const view = useView.getState();
  if (what?.kind === "incident") view.set({ incidentRef: what.point.ref, cameraId: undefined });
  else if (what?.kind === "camera") view.set({ cameraId: what.camera.id, incidentRef: undefined });
  else if (what?.kind === "cluster") engine.zoomTo(what.cluster.position, CLUSTER_ZOOM);
  else if (what && what.area.code !== view.area) view.drillTo(what.area.code);
}

/** Escape: first lets go of what is chosen, then goes up one level. */
function stepBack(): void {
  const { incidentRef, cameraId, organisationId, area, county, set, drillTo } = useView.getState();
  if (incidentRef !== undefined || cameraId !== undefined || organisationId !== undefined)
    set({ incidentRef: undefined, cameraId: undefined, organisationId: undefined, casePage: undefined });
  else {
    const parent = parentCode(area);
    if (parent && parent.length >= county.length) drillTo(parent);
  }
}

function LiveMap({ seat, padding, maxPixelRatio, describeClass, timezone }: Omit<MapViewProps, "fallback">) {
  const host = useRef<HTMLDivElement>(null);
  const generation = useMapState((map) => map.generation);
  const [engine, setEngine] = useState<MapEngine>();
  const scene = useScene(seat);
  const latest = useRef(scene);
  latest.current = scene;
  const ratio = maxPixelRatio ?? DEFAULT_PIXEL_RATIO;
  const room = useMemo(
    (): FitPadding => ({
      top: padding?.top ?? DEFAULT_PADDING,
      right: padding?.right ?? DEFAULT_PADDING,
      bottom: padding?.bottom ?? DEFAULT_PADDING,
      left: padding?.left ?? DEFAULT_PADDING,
    }),
    [padding?.top, padding?.right, padding?.bottom, padding?.left],
  );
  const t = useTexts(MAP_TEXTS);
  const debug = useDebug();

  useEffect(() => {
    const made = theEngine(generation, ratio);
    host.current?.append(made.element);
    made.resize(ratio);
    made.events = {
      onUserMove: (camera) => useView.getState().set({ camera }),
      onLeave: () => {
        made.hoverArea(undefined);
        useMapState.setState({ hover: undefined, pointer: undefined });
      },
      onPointer: (at, x, y, picked) => {
        if (useMapTool.getState().tool) return;
        const what = hoveredOf(picked, latest.current, at);
        made.hoverArea(what?.kind === "area" ? what.area.code : undefined);
        made.map.getCanvas().style.cursor = usePickPoint.getState().on ? "crosshair" : what ? "pointer" : "";
        useMapState.setState({ pointer: at, hover: what && { x, y, what } });
      },
      onClick: (at, picked) =>
        useMapTool.getState().tool || pickPoint(at) || act(made, hoveredOf(picked, latest.current, at)),
    };
    setEngine(made);
    const observer = new ResizeObserver(() => made.resize(ratio));
    if (host.current) observer.observe(host.current);
    return () => {
      observer.disconnect();
      made.events = undefined;
      made.element.remove();
      useMapState.setState({ hover: undefined, pointer: undefined });
    };
  }, [generation, ratio]);

  useCamera(engine, scene, room);
  usePointMarker(engine);
  useToolPointer(engine);
  useEffect(() => {
    useMapState.setState({ scene });
    engine?.draw(scene);
  }, [engine, scene]);
  useEffect(() => {
    engine?.map.getCanvas().setAttribute("aria-label", t.map);
  }, [engine, t]);

  const onKeyDown = (event: KeyboardEvent): void => {
    // A tool lets go of what it holds first; that is its own business.
    if (event.key !== "Escape" || useMapTool.getState().tool) return;
    event.stopPropagation();
    stepBack();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the focusable canvas inside takes the keys; Escape bubbles up
    <div className="map-view" data-seat={seat} ref={host} onKeyDown={onKeyDown}>
      {debug ? (
        <Suspense fallback={null}>
          <DebugOverlay />
        </Suspense>
      ) : null}
      {seat === "wall" && engine ? <FlashCanvas engine={engine} palette={scene.palette} scale={scene.scale} /> : null}
      <MapCredit />
      <HoverCard describeClass={describeClass} timezone={timezone} />
      {scene.data.areas.length === 0 && scene.data.states.areas !== "error" ? (
        <p className="map-note" role="status">
          {t.loading}
        </p>
      ) : null}
    </div>
  );
}

/** The map of a seat: everything it shows comes from the view and the county's data. */
export function MapView({ fallback, ...props }: MapViewProps) {
  const t = useTexts(MAP_TEXTS);
  const [drawn] = useState(() =>
    canDrawMap(useMapState.getState().generation, props.maxPixelRatio ?? DEFAULT_PIXEL_RATIO),
  );
  useEffect(() => useMapState.setState({ plain: !drawn }), [drawn]);
  if (drawn) return <LiveMap {...props} />;
  return (
    <div className="map-view map-plain" data-seat={props.seat}>
      {fallback ?? <SvgMap />}
      <MapCredit />
      <p className="map-note" role="status">
        <strong>{t.noWebGl}</strong> {t.noWebGlHint}
      </p>
    </div>
  );
}
