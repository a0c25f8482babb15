import { arrange } from "../coverage/noding/arrangement.ts";
import { dissolve, NOBODY } from "../coverage/noding/dissolve.ts";
import { codePath } from "../model/codes.ts";
import type { MultiPolygonRings } from "../model/geometry.ts";
import { type AfterCell, afterPlan, touchedCells } from "./after-plan.ts";
import type { BaseCell, PlanChange } from "./plan.ts";
import { cellsAround } from "./referee.ts";

/** An area above cells, with its ground. */
export interface ParentArea {
  readonly code: string;
  readonly geometry: MultiPolygonRings;
}

/**
 * Areas above cells whose ground a plan changes, with what they have afterwards: an area has what its cells have, and keeps
 * what it had beside them. Ground that goes from one community to another changes both; what stays within one changes none.
 *
 * @param parents areas inside the plan's area that cells lie in, as they are
 */
export function changedParents(
  parents: readonly ParentArea[],
  base: readonly BaseCell[],
  changes: readonly PlanChange[],
): ParentArea[] {
  const after = afterPlan(base, changes);
  const old = touchedCells(base, changes);
  const codes = new Set([...old, ...after.filter(({ changed }) => changed)].flatMap(({ code }) => codePath(code)));
  const around = cellsAround(after, old);
  return parents
    .filter(({ code }) => codes.has(code))
    .flatMap((parent) => {
      const geometry = groundAfter(parent, around);
      return geometry === undefined ? [] : [{ code: parent.code, geometry }];
    });
}

/** Undefined where the parent keeps its ground exactly. */
function groundAfter(parent: ParentArea, around: readonly AfterCell[]): MultiPolygonRings | undefined {
  const arrangement = arrange([parent.geometry, ...around.map(({ geometry }) => geometry)]);
  let moved = false;
  const ownerOf = Int32Array.from(arrangement.owners, (owners) => {
    const had = owners.includes(0);
    const cells = owners.filter((owner) => owner > 0).map((owner) => (around[owner - 1] as AfterCell).code);
    const has = cells.length === 0 ? had : cells.some((code) => code.startsWith(parent.code));
    moved ||= had !== has;
    return has ? 0 : NOBODY;
  });
  if (!moved) return undefined;
  return dissolve(arrangement, ownerOf, 1)[0];
}
