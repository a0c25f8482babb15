import { useEffect, useMemo, useState } from "react";
import { useShallow } from "zustand/react/shallow";
import type { Bbox } from "../../data/model/geometry.ts";
import { type LayerId, useView } from "../app/view-state.ts";
import { needParts, useCountyData } from "../data/county-store.ts";
import { usePublishedCube } from "../data/cube-store.ts";
import { partsOf, shownLayers } from "../layers/registry.ts";
import { useStaffLinks } from "../layers/staff/use-staff-links.ts";
import { useWhistles } from "../layers/whistles/use-whistles.ts";
import { areaIndex } from "./area-index.ts";
import { useMapState } from "./map-state.ts";
import { PALETTES } from "./palette.ts";
import type { MapSeat, Scene, SceneData } from "./scene.ts";
import { useSceneCases } from "./use-scene-cases.ts";

/** CSS pixels of 1rem at scale 1. */
const REM_AT_SCALE_1 = 16;

/** How large text and signs are on this screen: the page's rem over 16. */
function useScale(): number {
  const [scale, setScale] = useState(readScale);
  useEffect(() => {
    const update = (): void => setScale(readScale());
    const observer = new ResizeObserver(update);
    observer.observe(document.documentElement);
    addEventListener("resize", update);
    update();
    return () => {
      observer.disconnect();
      removeEventListener("resize", update);
    };
  }, []);
  return scale;
}

const readScale = (): number => {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / REM_AT_SCALE_1;
  return Number.isFinite(rem) && rem > 0 ? Math.round(rem * 100) / 100 : 1;
};

/** Zoom at scale 1 in halves: layers are built anew only when a step is crossed. */
const useZoomStep = (scale: number): number => useMapState((map) => Math.floor((map.zoom - Math.log2(scale)) * 2) / 2);

/**
 * The window with half a window around it, snapped to quarters of a window, so that panning builds layers anew only now
 * and then; degrees.
 */
function useBounds(): Bbox {
  const key = useMapState(({ centre, metresPerPixel }) => {
    const widthM = Math.max(innerWidth, innerHeight) * metresPerPixel;
    const lat = widthM / 111_195;
    const lon = lat / Math.max(0.2, Math.cos((centre[1] * Math.PI) / 180));
    const snap = (value: number, size: number): number => Math.round(value / (size / 4)) * (size / 4);
    // A power of two keeps the step equal while zooming a little.
    const size = 2 ** Math.ceil(Math.log2(Math.max(1e-6, lat)));
    const [x, y] = [snap(centre[0], size), snap(centre[1], size)];
    return [x - lon * 1.5 - size / 4, y - size * 1.5, x + lon * 1.5 + size / 4, y + size * 1.5]
      .map((degrees) => degrees.toFixed(4))
      .join(",");
  });
  return useMemo(() => key.split(",").map(Number) as unknown as Bbox, [key]);
}

/** What lies under a plan: the ground and today's borders. The plan draws and names its grids itself. */
const PLAN_LAYERS: readonly LayerId[] = ["context", "outlines"];

/** Puts together all that the layers look at, and fetches what they need and lack. */
export function useScene(seat: MapSeat): Scene {
  const view = useView(useShallow(({ filters: _filters, ...rest }): Scene["view"] => rest));
  const data = useCountyData(useShallow(({ error: _error, ...rest }): SceneData => rest));
  const scale = useScale();
  const zoom = useZoomStep(scale);
  const bounds = useBounds();
  const index = areaIndex(data.areas);
  const cases = useSceneCases(view, data, index, zoom, bounds);
  const staff = useStaffLinks(seat);
  const whistles = useWhistles();
  const cube = usePublishedCube();
  const scene = useMemo(
    (): Scene => ({
      seat,
      view: { ...view, layers: seat === "plan" ? PLAN_LAYERS : shownLayers(view.layers, view.area) },
      index,
      data,
      cases,
      palette: PALETTES[view.theme],
      scale,
      zoom,
      bounds,
      staff,
      whistles,
      cube,
    }),
    [seat, view, index, data, cases, scale, zoom, bounds, staff, whistles, cube],
  );
  useEffect(() => {
    if (data.county) needParts(partsOf(scene));
  }, [scene, data.county]);
  return scene;
}
