import type { AreaKind } from "../model/area.ts";
import type { LonLat, MultiPolygonRings } from "../model/geometry.ts";

/** How a plan stands (DESIGN section 6). */
export const PLAN_STATES = ["draft", "submitted", "changes_requested", "approved", "published", "withdrawn"] as const;
export type PlanState = (typeof PLAN_STATES)[number];

/** Steps of a plan, beside comments. `revert` makes a new plan and leaves this one as it is. */
export const PLAN_STEPS = [
  "save",
  "rebase",
  "submit",
  "request_changes",
  "approve",
  "publish",
  "withdraw",
  "revert",
] as const;
export type PlanStep = (typeof PLAN_STEPS)[number];

/** A cell that a plan changes: whole, as it will be. Cells are the lowest areas: nothing lies inside them. */
export interface PlanChange {
  /** Name within the plan: the area's id, or `new:<n>` for an area that there is not yet. */
  readonly cell: string;
  /** The area that it is now; null for a new one. */
  readonly areaId: string | null;
  /** Code that it will have. */
  readonly code: string;
  readonly kind: AreaKind;
  readonly name: string;
  /** WGS 84 lon/lat on the 1e-7 degree lattice; null when the area ends, or goes on above the cells that it is divided into. */
  readonly geometry: MultiPolygonRings | null;
}

/** A cell as the base has it. */
export interface BaseCell {
  /** Area's id. */
  readonly id: string;
  readonly versionId: string;
  readonly code: string;
  readonly kind: AreaKind;
  readonly name: string;
  readonly geometry: MultiPolygonRings;
}

/** Where a comment is pinned: to a cell, to the border of two, or to a place. */
export interface PlanAnchor {
  readonly cells: readonly string[];
  /** WGS 84 lon/lat. */
  readonly point: LonLat | null;
}

/** Entries of a plan's log. */
export const PLAN_EVENT_KINDS = [
  "created",
  "submitted",
  "changes_requested",
  "approved",
  "published",
  "withdrawn",
  "rebased",
  "reverted",
  "comment",
] as const;
export type PlanEventKind = (typeof PLAN_EVENT_KINDS)[number];

const NEW_CELL = /^new:[1-9]\d{0,5}$/;

/** Whether a cell's name is that of an area that there is not yet. */
export const isNewCell = (cell: string): boolean => NEW_CELL.test(cell);
