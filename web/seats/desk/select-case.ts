import type { IncidentColumns } from "../../../data/columns/incident-columns.ts";
import { useView } from "../../app/view-state.ts";

/** Opens the card of a case and brings the map to it. */
export function selectCase(columns: IncidentColumns, row: number): void {
  useView.getState().set({
    incidentRef: columns.ref[row] as number,
    cameraId: undefined,
    // Without a camera of its own the map goes to the case and its posts.
    camera: undefined,
  });
}
