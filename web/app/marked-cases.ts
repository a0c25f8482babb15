import { create } from "zustand";
import type { LonLat } from "../../data/model/geometry.ts";

/**
 * Places of cases whose alarm nobody has acknowledged: set by whoever lists them, drawn by the map. Lon, lat in degrees
 * WGS 84.
 */
export const useMarkedCases = create<{ readonly places: readonly LonLat[] }>(() => ({ places: [] }));
