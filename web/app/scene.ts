import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { loadCounty, revalidateCounty, useCountyData } from "../data/county-store.ts";
import type { IncidentFigures } from "../panels/figures.ts";
import type { PanelInput } from "../panels/types.ts";
import { setPlaneZone } from "../plane/asking.ts";
import { followChanges } from "../plane/live.ts";
import { movePlaneAsOf, refreshPlane } from "../plane/plane.ts";
import { usePlaneAnswer } from "../plane/use-answer.ts";
import { usePlane } from "../plane/use-plane.ts";
import { useFormat } from "../ui/format.ts";
import { loadClasses, loadCountyInfo, startHeartbeat, useCurrentCounty } from "./county-info.ts";
import { useLive } from "./live-bus.ts";
import { useView } from "./view-state.ts";
import { useSeesCases } from "./viewer.ts";

/** Loads what the page shows and keeps it current; one per page. */
export function useCountyLoading(): void {
  const county = useCurrentCounty();
  const code = county?.code;
  const timezone = county?.timezone;
  const asOf = county?.asOf;
  useEffect(() => {
    if (timezone) setPlaneZone(timezone);
  }, [timezone]);
  useEffect(() => {
    void loadCountyInfo();
  }, []);
  useEffect(() => {
    if (!code) return;
    loadCounty(code);
    void loadClasses(code);
    const stopChanges = followChanges(code);
    const stopHeartbeat = startHeartbeat(code, (what) => {
      // Single cases come by themselves while the connection for them stands.
      if (what === "cases") {
        if (!useLive.getState().connected) refreshPlane();
        return;
      }
      void revalidateCounty();
      void loadClasses(code);
    });
    return () => {
      stopChanges();
      stopHeartbeat();
    };
  }, [code]);
  useEffect(() => {
    if (asOf) movePlaneAsOf(Date.parse(asOf) / 1000);
  }, [asOf]);
}

/**
 * What panels and lists are drawn with; undefined until cases of the county are there, and where the viewer sees no cases
 * of the area. Cases on default points are in every count, whatever the switch for the map says: a figure must not depend
 * on where a case could be drawn.
 */
export function usePanelInput(): PanelInput | undefined {
  const county = usePlane((plane) => (plane.columns ? plane.county : undefined));
  const asOf = usePlane((plane) => plane.asOf);
  const areas = useCountyData((data) => data.areas);
  const area = useView((view) => view.area);
  const zoned = useCurrentCounty()?.timezone !== undefined;
  const { t } = useTranslation();
  const format = useFormat();
  const sees = useSeesCases();
  const ready = sees && zoned && county !== undefined && county === area.slice(0, 6);
  return useMemo(
    () =>
      ready
        ? {
            asOf,
            area,
            areas,
            t: (key, values) => t(key, values ?? {}),
            className: format.className,
            number: format.number,
          }
        : undefined,
    [ready, asOf, area, areas, t, format],
  );
}

/** Figures of the area and the filters on screen. */
export function useFigures(input: PanelInput | undefined): IncidentFigures | undefined {
  const answer = usePlaneAnswer(input && { kind: "figures" });
  const more = usePlane((plane) => plane.more);
  const revision = usePlane((plane) => plane.revision);
  const whole = useRef<number | undefined>(undefined);
  if (more) whole.current = undefined;
  else whole.current ??= revision;
  return answer && whole.current !== undefined && answer.columnsRevision >= whole.current ? answer.value : undefined;
}
