import { useEffect, useRef } from "react";
import { fromPlane, localPlane, toPlane } from "../../data/columns/local-plane.ts";
import type { Bbox, LonLat } from "../../data/model/geometry.ts";
import { type LayerId, useView } from "../app/view-state.ts";
import { closestKnown } from "./area-index.ts";
import type { FitPadding, MapEngine } from "./map-engine.ts";
import type { Scene } from "./scene.ts";

/** Half the width of the box around a chosen case or camera, metres. */
const CLOSE_UP_M = 350;
/** Room for the names beside posts at the edge, CSS pixels at scale 1. */
const NAME_ROOM_PX = 250;
/** Posts further than this from where the lines start are not zoomed out to; the line shows the way. */
const FAR_POST_M = 3000;

const around = (at: LonLat, metres: number): Bbox => {
  const plane = localPlane(at);
  const [west, south] = fromPlane(plane, -metres, -metres);
  const [east, north] = fromPlane(plane, metres, metres);
  return [west, south, east, north];
};

const grow = (box: Bbox, [lon, lat]: LonLat): Bbox => [
  Math.min(box[0], lon),
  Math.min(box[1], lat),
  Math.max(box[2], lon),
  Math.max(box[3], lat),
];

/** Heat is looked at as a whole: close to one case it is one flat colour. Linked staff are worth going near for. */
const followsCase = (layers: readonly LayerId[]): boolean => !layers.includes("heat") || layers.includes("staff");

/** The box that the page wants to show when the user has not moved the map: the chosen case, or the area. */
export function boxToShow(scene: Scene): Bbox | undefined {
  const { index, view, cases, staff } = scene;
  const area = closestKnown(index, view.area || view.county);
  let box: Bbox | undefined = area && index.bboxes.get(area.code);
  if (cases.chosen && followsCase(view.layers)) box = around(cases.chosen.point, CLOSE_UP_M);
  if (box && staff) {
    const plane = localPlane(staff.from);
    for (const { point } of staff.links) {
      const [x, y] = toPlane(plane, point[0], point[1]);
      if (Math.hypot(x, y) <= FAR_POST_M) box = grow(box, point);
    }
  }
  return box;
}

/**
 * Keeps the map where the page says: a camera of the address is jumped to; without one the map is fitted to the area
 * (or case) and stays fitted when the window or the data change, until the user moves it.
 */
export function useCamera(engine: MapEngine | undefined, scene: Scene, padding: FitPadding): void {
  const camera = useView((view) => view.camera);
  const box = boxToShow(scene);
  const key = box?.map((degrees) => degrees.toFixed(6)).join(",");
  const latestBox = useRef(box);
  latestBox.current = box;
  const fitted = useRef<string | undefined>(undefined);
  const names = scene.staff ? NAME_ROOM_PX * scene.scale : 0;
  const { top, bottom } = padding;
  const left = padding.left + names;
  const right = padding.right + names;
  useEffect(() => {
    if (!engine) return;
    if (camera) {
      const { lng, lat } = engine.map.getCenter();
      const near = Math.abs(lng - camera.lon) < 2e-6 && Math.abs(lat - camera.lat) < 2e-6;
      if (!near || Math.abs(engine.map.getZoom() - camera.zoom) > 0.011) engine.jumpTo(camera);
      fitted.current = undefined;
      return;
    }
    const show = (animate: boolean): void => {
      const wanted = latestBox.current;
      if (wanted) engine.fit(wanted, { top, right, bottom, left }, animate);
    };
    if (key === undefined) return;
    // The first picture stands still; later ones fly, so that the eye keeps its bearings.
    show(fitted.current !== undefined);
    fitted.current = key;
    const again = (): void => show(false);
    engine.map.on("resize", again);
    return () => {
      engine.map.off("resize", again);
    };
  }, [engine, camera, key, top, right, bottom, left]);
}
