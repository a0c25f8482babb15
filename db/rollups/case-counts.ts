import type { ColumnArray } from "../../data/columns/format.ts";
import type { AreaLevel } from "../../data/model/codes.ts";
import type { Versions } from "../../data/model/data-version.ts";
import {
  INCIDENT_STATES,
  type IncidentSeverity,
  type IncidentSource,
  type IncidentState,
} from "../../data/model/incident.ts";
import { CELL_EDGES } from "./rollup-sql.ts";
import { type StateGroup, stateGroupOf } from "./state-groups.ts";

/** Conditions on the cases that are counted; all must hold. */
export interface CaseConditions {
  /** Code of an area; the county's six digits hold what lies outside every area too. */
  readonly inside: string;
  /** Two-digit majors or five-digit classes. */
  readonly classes?: readonly string[] | undefined;
  readonly states?: readonly IncidentState[] | undefined;
  readonly severities?: readonly IncidentSeverity[] | undefined;
  readonly sources?: readonly IncidentSource[] | undefined;
  readonly late?: boolean | undefined;
  readonly withoutSuspicious?: boolean | undefined;
}

/** Squares of the lattice of 1e-7 degree: `floor(coordinate / edge)`; first and last column and row, both included. */
export interface CellBox {
  readonly edge: number;
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** What cases are counted by: squares, days and classes, areas of a level. */
export type CountBy =
  | { readonly kind: "heat"; readonly box: CellBox }
  | { readonly kind: "trend"; readonly by: "class" | "major" }
  | { readonly kind: "ranking"; readonly level: Exclude<AreaLevel, "county"> };

/** Part of a window of time. Epoch seconds, half-open; absent = no bound. */
export interface TimeWindow {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** From which table which part of a window is counted. */
export interface CountParts {
  /** Days of the county's calendar, yyyy-mm-dd, half-open; for a heat they are first days of months. */
  readonly rollup?: { readonly from?: string | undefined; readonly to?: string | undefined } | undefined;
  readonly cases: readonly TimeWindow[];
}

/** Counts by key, keys without a case left out: `x`, `y` or `name`, `day` or `name`, and `count`. */
export interface CountedCases {
  /** What the county was at when they were counted. */
  readonly versions: Versions;
  readonly rows: number;
  readonly columns: Readonly<Record<string, ColumnArray>>;
  /** What `name` indexes, sorted: classes, majors or codes of areas. */
  readonly names: readonly string[];
}

/** The groups that some states make up; undefined where one of them is in only in part. */
export function groupsOfStates(states: readonly IncidentState[]): StateGroup[] | undefined {
  const groups = [...new Set(states.map(stateGroupOf))];
  const whole = INCIDENT_STATES.every((state) => states.includes(state) === groups.includes(stateGroupOf(state)));
  return whole ? groups : undefined;
}

/** Whether the roll-ups can say it: they do not tell apart what else may be asked. */
export function rollupsCanCount(by: CountBy, on: CaseConditions): boolean {
  if (on.severities || on.sources || on.late !== undefined || on.inside.length > 9) return false;
  if (by.kind === "trend") return !on.withoutSuspicious;
  if (by.kind === "ranking") return !on.withoutSuspicious && by.level === "town";
  if (!on.withoutSuspicious || by.box.edge % CELL_EDGES.fine !== 0) return false;
  return !on.classes?.some((code) => code.length > 2) && (!on.states || groupsOfStates(on.states) !== undefined);
}
