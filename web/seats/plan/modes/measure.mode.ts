import { create } from "zustand";
import { type LatticePoint, toLonLat } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import { areaM2, distanceM } from "../../../../data/geo/measure.ts";
import type { LonLat } from "../../../../data/model/geometry.ts";
import { lineMode } from "./line-mode.ts";

/** What the drawn line measures; null before there is one. */
export interface Measured {
  readonly lengthM: number;
  /** Of the ring that the line would close to; 0 for fewer than three points. */
  readonly areaM2: number;
}

export const useMeasured = create<{ readonly measured: Measured | null }>(() => ({ measured: null }));

/** Geodesic length of a line, and area of the ring that it would close to. */
export function measure(points: readonly LatticePoint[]): Measured {
  const path = points.map(toLonLat);
  let lengthM = 0;
  for (let i = 1; i < path.length; i++) lengthM += distanceM(path[i - 1] as LonLat, path[i] as LonLat);
  const [first] = path;
  return { lengthM, areaM2: first && path.length > 2 ? areaM2([[[...path, first]]]) : 0 };
}

const show = (points: readonly LatticePoint[]): void =>
  useMeasured.setState({ measured: points.length > 1 ? measure(points) : null });

/** Measures along a line, and the ground in it; changes nothing. */
export const measureMode = lineMode({
  id: "measure",
  key: "m",
  closed: false,
  snaps: true,
  harmless: true,
  onChange: show,
  onDone: show,
});
