import type { LonLat } from "../../../../data/model/geometry.ts";
import { useView } from "../../../app/view-state.ts";

/** How near the map goes to an issue, a comment or a conflict. */
const NEAR_ZOOM = 16.5;

/** Takes the map to a place. */
export const flyTo = ([lon, lat]: LonLat): void => useView.getState().set({ camera: { lon, lat, zoom: NEAR_ZOOM } });
