import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { selectRows } from "../../data/columns/select.ts";
import { loadCounty, revalidateCounty, useCountyData } from "../data/county-store.ts";
import { columnFilter } from "../data/selection.ts";
import { type IncidentFigures, incidentFigures } from "../panels/figures.ts";
import type { PanelInput } from "../panels/types.ts";
import { zoneOf } from "../panels/zone.ts";
import { useFormat } from "../ui/format.ts";
import { loadClasses, loadCountyInfo, startHeartbeat, useCurrentCounty } from "./county-info.ts";
import { useView } from "./view-state.ts";
import { useSeesCases } from "./viewer.ts";

/** Loads what the page shows and keeps it current; one per page. */
export function useCountyLoading(): void {
  const code = useCurrentCounty()?.code;
  useEffect(() => {
    void loadCountyInfo();
  }, []);
  useEffect(() => {
    if (!code) return;
    loadCounty(code);
    void loadClasses(code);
    return startHeartbeat(code, () => {
      void revalidateCounty();
      void loadClasses(code);
    });
  }, [code]);
}

/**
 * What panels and lists are computed from; undefined until the incidents of the county are there.
 * Cases on default points are in every count, whatever the switch for the map says: a figure must not depend on where
 * a case could be drawn. Undefined also where the viewer sees no cases of the area.
 */
export function usePanelInput(): PanelInput | undefined {
  const columns = useCountyData((data) => data.incidents);
  const areas = useCountyData((data) => data.areas);
  const area = useView((view) => view.area);
  const filters = useView((view) => view.filters);
  const timezone = useCurrentCounty()?.timezone;
  const { t } = useTranslation();
  const format = useFormat();
  const sees = useSeesCases();
  const ready = sees && !!columns && !!timezone && columns.county === area.slice(0, 6);
  const rows = useMemo(
    () =>
      ready
        ? selectRows(columns, { ...columnFilter(filters, area), withoutSuspicious: false }, columns.asOf)
        : new Uint32Array(0),
    [ready, columns, filters, area],
  );
  return useMemo(
    () =>
      ready
        ? {
            columns,
            rows,
            asOf: columns.asOf,
            from: filters.from,
            to: filters.to,
            zone: zoneOf(timezone),
            area,
            areas,
            t: (key, values) => t(key, values ?? {}),
            className: format.className,
            number: format.number,
          }
        : undefined,
    [ready, columns, rows, filters, timezone, area, areas, t, format],
  );
}

/** Figures of the area and the filters on screen. */
export function useFigures(input: PanelInput | undefined): IncidentFigures | undefined {
  return useMemo(() => input && incidentFigures(input), [input]);
}
