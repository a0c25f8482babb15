import { useEffect } from "react";
import { navigate, onMoved } from "./router.tsx";
import { formatView, parseView } from "./url-state.ts";
import { useView, type ViewState } from "./view-state.ts";

/** A change of place or choice is a step that "back" undoes; sliders, layers, theme and the map's position are not. */
const isStep = (before: ViewState, after: ViewState): boolean =>
  before.county !== after.county ||
  before.area !== after.area ||
  before.incidentRef !== after.incidentRef ||
  before.casePage !== after.casePage ||
  before.plan !== after.plan ||
  before.intake !== after.intake ||
  before.cameraId !== after.cameraId ||
  before.organisationId !== after.organisationId;

/**
 * Keeps the address and the view equal in both directions.
 *
 * @param steps false on the wall, which changes by itself and must not fill the history
 */
export function useUrlSync(steps: boolean): void {
  useEffect(() => {
    // A seat that is reached from a page without a view (sign-in, account) starts with what its address says.
    if (location.search !== formatView(useView.getState())) useView.getState().set(parseView(location.search));
    // The first county chosen by the page itself completes the address; it is no step of the user's.
    const stopView = useView.subscribe((view, before) =>
      navigate(
        location.pathname + formatView(view),
        steps && before.county !== "" && isStep(before, view) ? "push" : "replace",
      ),
    );
    const stopMoved = onMoved(() => {
      if (location.search !== formatView(useView.getState())) useView.getState().set(parseView(location.search));
    });
    return () => {
      stopView();
      stopMoved();
    };
  }, [steps]);
}
