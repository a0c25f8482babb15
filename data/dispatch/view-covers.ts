import { geodesic } from "../geo/measure.ts";
import type { LonLat } from "../model/geometry.ts";

/** The nominal view of a camera, as its inventory states it: a wedge, or a disc for domes. */
export interface NominalView {
  readonly point: LonLat;
  /** Centre of the view, degrees clockwise from north; null for all-round. */
  readonly azimuthDeg: number | null;
  /** Opening angle, degrees; null for all-round. */
  readonly angleDeg: number | null;
  /** Range, metres; null where nobody stated it: then nothing is said to be covered. */
  readonly rangeM: number | null;
}

/** Where a point stands as seen from a camera. */
export interface Sight {
  readonly distanceM: number;
  /** Degrees clockwise from north, 0 ≤ bearing < 360. */
  readonly bearingDeg: number;
}

/**
 * Whether the nominal view of a camera holds a point: within its range and, unless it looks all around, within half its
 * angle of its azimuth, edges included. Walls, trees, terrain and where the camera is turned right now are not known:
 * whoever shows this says "nominal, sight lines not checked".
 *
 * @returns where the point stands from the camera; undefined when the view does not hold it
 */
export function viewCovers(view: NominalView, point: LonLat): Sight | undefined {
  if (view.rangeM === null) return undefined;
  const sight = geodesic(view.point, point);
  if (sight.distanceM > view.rangeM) return undefined;
  if (view.azimuthDeg === null || view.angleDeg === null || view.angleDeg >= 360 || sight.distanceM === 0) return sight;
  const turn = Math.abs(sight.bearingDeg - view.azimuthDeg) % 360;
  return Math.min(turn, 360 - turn) <= view.angleDeg / 2 ? sight : undefined;
}
