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

/**
 * Cells of the base that a plan divides: their ground goes to new cells inside them, and they go on as the areas above these.
 * A community without grids stands for itself until a plan gives all of its ground to grids of its own.
 */
export function dividedCells(
  base: readonly Pick<BaseCell, "id" | "code">[],
  changes: readonly PlanChange[],
): ReadonlySet<string> {
  const codeBefore = new Map(base.map(({ id, code }) => [id, code]));
  const inside = changes.flatMap(({ geometry, code }) => (geometry === null ? [] : [code]));
  return new Set(
    changes.flatMap(({ cell, geometry }) => {
      const code = codeBefore.get(cell);
      const goesOn = code !== undefined && inside.some((one) => one.length > code.length && one.startsWith(code));
      return geometry === null && goesOn ? [cell] : [];
    }),
  );
}

/** Cells of the base that a plan changes or ends. */
export function touchedCells(base: readonly BaseCell[], changes: readonly PlanChange[]): BaseCell[] {
  const changed = new Set(changes.map(({ cell }) => cell));
  return base.filter(({ id }) => changed.has(id));
}
