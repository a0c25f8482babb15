import type { IncidentColumns } from "../../data/columns/incident-columns.ts";
import type { Zone } from "./zone.ts";

/** What figures are computed from, in the plane's worker: columns and the rows that area and filters leave. */
export interface FigureInput {
  readonly columns: IncidentColumns;
  /** In order of `opened`. */
  readonly rows: Uint32Array;
  /** Epoch seconds that lateness is judged at. */
  readonly asOf: number;
  /** Start and end of the time filter, epoch seconds. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly zone: Zone;
}
