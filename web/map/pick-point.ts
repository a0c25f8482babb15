import { create } from "zustand";
import type { LonLat } from "../../data/model/geometry.ts";

interface PickPoint {
  /** Whether a click on the map names a point instead of choosing what lies there. */
  readonly on: boolean;
  /** The point that was named: drawn on the map while picking is on. */
  readonly at: LonLat | undefined;
}

/** The point that a form asks the map for (a new case, later a whistle). The map draws it and tells clicks; forms read it. */
export const usePickPoint = create<PickPoint>(() => ({ on: false, at: undefined }));

/** Names a point; false = nobody asks for one, the click means what it always does. */
export function pickPoint(at: LonLat): boolean {
  if (!usePickPoint.getState().on) return false;
  usePickPoint.setState({ at });
  return true;
}
