import type { MultiPolygonRings } from "../model/geometry.ts";
import type { BaseCell, PlanChange } from "./plan.ts";

/** A cell as it is after a plan. */
export interface AfterCell {
  /** Area's id, or `new:<n>`. */
  readonly cell: string;
  readonly code: string;
  readonly geometry: MultiPolygonRings;
  readonly changed: boolean;
}

/** The cells of a base after a plan, by code: what it leaves alone as it is, what it changes as it will be. */
export function afterPlan(base: readonly BaseCell[], changes: readonly PlanChange[]): AfterCell[] {
  const changed = new Set(changes.map(({ cell }) => cell));
  const kept = base
    .filter(({ id }) => !changed.has(id))
    .map(({ id, code, geometry }) => ({ cell: id, code, geometry, changed: false }));
  const drawn = changes.flatMap(({ cell, code, geometry }) =>
    geometry === null ? [] : [{ cell, code, geometry, changed: true }],
  );
  return [...kept, ...drawn].sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
}

/** Cells of the base that a plan changes or ends. */
export function touchedCells(base: readonly BaseCell[], changes: readonly PlanChange[]): BaseCell[] {
  const changed = new Set(changes.map(({ cell }) => cell));
  return base.filter(({ id }) => changed.has(id));
}
