import { type ExportFormat, type ExportKind, exportOf } from "../../../../data/exporters/registry.ts";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../../../../data/model/incident.ts";
import type { Filters } from "../../../app/view-state.ts";

/** What a file of the desk is to hold. */
export interface DeskExport {
  readonly kind: ExportKind;
  readonly format: ExportFormat;
  readonly county: string;
  /** Code of the area on screen. */
  readonly area: string;
  /** Level of the areas listed; undefined = all of them. */
  readonly level?: string | undefined;
  readonly filters: Filters;
}

const iso = (seconds: number, ms = 0): string => new Date(seconds * 1000 + ms).toISOString();
const named = (list: readonly number[] | undefined, names: readonly string[]): string | undefined =>
  list?.map((index) => names[index]).join(",");

/** Address of the file: cut to the area, the filters and the date that the screen shows. */
export function exportAddress({ kind, format, county, area, level, filters }: DeskExport): string {
  const { time } = exportOf(kind);
  // The screen's window is half-open, the file's holds both ends.
  const end = filters.to === undefined ? undefined : iso(filters.to, -1);
  const query: Record<string, string | undefined> = {
    county,
    format,
    area,
    level: kind === "areas" ? level : undefined,
    ...(time === "valid" ? { asOf: end } : {}),
    ...(kind === "incidents"
      ? {
          from: filters.from === undefined ? undefined : iso(filters.from),
          to: end,
          class: filters.classes?.join(","),
          state: named(filters.states, INCIDENT_STATES),
          severity: named(filters.severities, INCIDENT_SEVERITIES),
          source: named(filters.sources, INCIDENT_SOURCES),
          late: filters.late === undefined ? undefined : String(filters.late),
        }
      : {}),
  };
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `/export/${kind}?${new URLSearchParams(given)}`;
}
