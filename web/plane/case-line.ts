import { NULL_TIME } from "../../data/columns/format.ts";
import { type IncidentColumns, NO_GRID } from "../../data/columns/incident-columns.ts";
import { type IncidentStatus, statusOfRow } from "../../data/columns/status.ts";
import type { LonLat } from "../../data/model/geometry.ts";
import { LATTICE_PER_DEGREE } from "../../data/model/geometry.ts";
import { INCIDENT_STATES, type IncidentState } from "../../data/model/incident.ts";
import { type ClockState, clockState } from "../panels/clock-state.ts";

/** One case as lists and cards show it. Times are epoch seconds. */
export interface CaseLine {
  /** Number of the case, stable per county. */
  readonly ref: number;
  readonly opened: number;
  readonly due: number | undefined;
  /** Five-digit code. */
  readonly classCode: string;
  readonly state: IncidentState;
  /** Undefined once the case has ended. */
  readonly clock: ClockState | undefined;
  readonly status: IncidentStatus;
  /** Code of the deepest area; undefined outside every area. */
  readonly areaCode: string | undefined;
  /** WGS 84 lon, lat in degrees. */
  readonly point: LonLat;
}

/** Reads row `row` of the columns. @param asOf instant to judge lateness at, epoch seconds */
export function caseLine(columns: IncidentColumns, row: number, asOf: number): CaseLine {
  const grid = columns.grid[row] as number;
  const due = columns.due[row] as number;
  return {
    ref: columns.ref[row] as number,
    opened: columns.opened[row] as number,
    due: due === NULL_TIME ? undefined : due,
    classCode: columns.classes[columns.classIndex[row] as number] ?? "",
    state: INCIDENT_STATES[columns.state[row] as number] as IncidentState,
    clock: clockState(columns, row, asOf),
    status: statusOfRow(columns, row, asOf),
    areaCode: grid === NO_GRID ? undefined : columns.grids[grid],
    point: [(columns.lon[row] as number) / LATTICE_PER_DEGREE, (columns.lat[row] as number) / LATTICE_PER_DEGREE],
  };
}
