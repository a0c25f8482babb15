import type { IncidentColumns } from "../../../data/columns/incident-columns.ts";
import { fromLattice } from "../../../data/model/geometry.ts";
import { useView } from "../../app/view-state.ts";

/** Near enough to see the grid and its neighbours. */
const CASE_ZOOM = 15;

/** Opens the card of a case and brings the map to it. */
export function selectCase(columns: IncidentColumns, row: number): void {
  useView.getState().set({
    incidentRef: columns.ref[row] as number,
    cameraId: undefined,
    camera: {
      lon: fromLattice(columns.lon[row] as number),
      lat: fromLattice(columns.lat[row] as number),
      zoom: CASE_ZOOM,
    },
  });
}
