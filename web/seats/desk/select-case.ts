import { useView } from "../../app/view-state.ts";

/** What a chosen case is on the screen. */
const chosen = (ref: number) => ({
  incidentRef: ref,
  cameraId: undefined,
  // Without a camera of its own the map goes to the case and its posts.
  camera: undefined,
});

/** Opens the card of a case and brings the map to it. */
export const selectCase = (ref: number): void => useView.getState().set(chosen(ref));

/** Opens the page of a case, with all that can be done about it, and brings the map to it. */
export const openCase = (ref: number): void =>
  useView.getState().set({ ...chosen(ref), casePage: true, intake: undefined });

/** Leaves a case for the lists. */
export const closeCase = (): void => useView.getState().set({ incidentRef: undefined, casePage: undefined });
