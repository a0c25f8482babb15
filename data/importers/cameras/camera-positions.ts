import type { LonLat } from "../../model/geometry.ts";
import { toLattice } from "../../model/geometry.ts";
import { pilesOf } from "../point-piles.ts";
import type { RawGeometry } from "../raw-layer.ts";
import type { ImportLog } from "../report.ts";
import { pointOf } from "../stand-in.ts";
import type { CameraDraft, PositionFault } from "./camera-draft.ts";

/** The place of a camera, or why what stands there is none. */
export function cameraPlace(geometry: RawGeometry | null): {
  readonly point: LonLat | null;
  readonly fault: PositionFault | null;
} {
  if (geometry === null) return { point: null, fault: null };
  const point = pointOf(geometry);
  if (!point) return { point: null, fault: "bad_position" };
  // A longitude or latitude of zero is what devices send that know none; no county lies there.
  return toLattice(point[0]) === 0 || toLattice(point[1]) === 0
    ? { point: null, fault: "zero_position" }
    : { point, fault: null };
}

/** Takes their places from cameras that share one spot in such a number that it must be a default. */
export function withoutPiles(drafts: readonly CameraDraft[], log: ImportLog): CameraDraft[] {
  const points = drafts.flatMap(({ point }) => (point ? [point] : []));
  const piles = new Set(pilesOf(points).map(({ lon, lat }) => `${toLattice(lon)},${toLattice(lat)}`));
  if (piles.size === 0) return [...drafts];
  return drafts.map((draft) => {
    if (!draft.point || !piles.has(`${toLattice(draft.point[0])},${toLattice(draft.point[1])}`)) return draft;
    log.flag("default_points", `cameras that share one default point were not placed there, first ${draft.at}`);
    return { ...draft, point: null, fault: "default_point" };
  });
}
