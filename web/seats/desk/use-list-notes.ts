import { useTranslation } from "react-i18next";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../../../data/model/incident.ts";
import { useCurrentCounty } from "../../app/county-info.ts";
import { useView } from "../../app/view-state.ts";
import { areaPath } from "../../panels/area-tree.ts";
import type { PanelInput } from "../../panels/types.ts";
import { useFormat } from "../../ui/format.ts";

/** What a printed or exported list must say of itself: place, filters, as of, source. */
export function useListNotes(input: PanelInput): string[] {
  const { t } = useTranslation();
  const format = useFormat();
  const county = useCurrentCounty();
  const filters = useView((view) => view.filters);
  const comma = t("mark.comma");
  const parts = [
    filters.from !== undefined && t("filter.fromText", { time: format.instant(filters.from) }),
    filters.to !== undefined && t("filter.toText", { time: format.instant(filters.to) }),
    filters.classes && `${t("filter.classes")} ${filters.classes.map(format.className).join(comma)}`,
    filters.states &&
      `${t("filter.states")} ${filters.states.map((state) => t(`incidentState.${INCIDENT_STATES[state]}`)).join(comma)}`,
    filters.severities &&
      `${t("filter.severities")} ${filters.severities.map((severity) => t(`severity.${INCIDENT_SEVERITIES[severity]}`)).join(comma)}`,
    filters.sources &&
      `${t("filter.sources")} ${filters.sources.map((source) => t(`source.${INCIDENT_SOURCES[source]}`)).join(comma)}`,
    filters.late !== undefined && t(filters.late ? "filter.lateOnly" : "filter.lateNone"),
  ].filter((part) => typeof part === "string");
  return [
    areaPath(input.areas, input.area)
      .map((area) => area.name)
      .join(" › "),
    parts.length ? t("filter.some", { list: parts.join("；") }) : t("filter.none"),
    t("card.asOf", { time: format.instant(input.asOf) }),
    t("card.source", { source: county?.demo ? t("demo.mark") : county?.source || t("card.imported") }),
  ];
}
