import { useView } from "../../app/view-state.ts";

/** Opens the card of a case and brings the map to it. */
export function selectCase(ref: number): void {
  useView.getState().set({
    incidentRef: ref,
    cameraId: undefined,
    // Without a camera of its own the map goes to the case and its posts.
    camera: undefined,
  });
}
