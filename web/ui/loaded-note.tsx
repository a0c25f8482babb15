import { useTranslation } from "react-i18next";
import { useSeesCases } from "../app/viewer.ts";
import { usePlane } from "../plane/use-plane.ts";
import { useFormat } from "./format.ts";

/**
 * Says from when on cases are here, as long as these are not all: older ones are still on their way, or there are more
 * than a page holds. Nothing where all are here.
 */
export function LoadedNote() {
  const { t } = useTranslation();
  const format = useFormat();
  const sees = useSeesCases();
  const from = usePlane((plane) => plane.loadedFrom);
  const loaded = usePlane((plane) => plane.loaded);
  const total = usePlane((plane) => plane.total);
  const more = usePlane((plane) => plane.more);
  if (!sees || from === undefined) return null;
  return (
    <span className="badge tone-soon" data-sign="◔" role="note" data-testid="loaded-note">
      {t(more ? "loaded.more" : "loaded.part", {
        date: format.date(from),
        loaded: format.number(loaded),
        total: format.number(total),
      })}
    </span>
  );
}
