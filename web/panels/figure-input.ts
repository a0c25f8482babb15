import type { IncidentColumns } from "../../data/columns/incident-columns.ts";
import type { Sweep } from "../plane/sweep.ts";
import type { Zone } from "./zone.ts";

/** What figures are computed from, in the plane's worker. */
export interface FigureInput {
  readonly columns: IncidentColumns;
  /** What area and filters leave, in order of `opened`. */
  readonly rows: Uint32Array;
  /** What one pass over these rows found. */
  readonly sweep: Sweep;
  /** Epoch seconds that lateness is judged at. */
  readonly asOf: number;
  /** Start and end of the time filter, epoch seconds. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly zone: Zone;
}
