import { AppError } from "../../../data/model/errors.ts";
import { afterPlan, dividedCells, touchedCells } from "../../../data/planning/after-plan.ts";
import { groundPieces } from "../../../data/planning/moved-ground.ts";
import { nodedCells } from "../../../data/planning/noded-cells.ts";
import type { BaseCell, PlanChange } from "../../../data/planning/plan.ts";
import { cellsAround, type PlanIssue, refereePlan } from "../../../data/planning/referee.ts";
import type { Transaction } from "../../../db/driver.ts";
import {
  areasAbove,
  type CellRow,
  LATEST,
  planBuildings,
  planCells,
  planScope,
  retiredHolders,
} from "../../../db/repositories/plan-base-repository.ts";
import { databaseFindings } from "../../../db/repositories/plan-check-repository.ts";
import { baseOfPlan, changesOfPlans, type PlanRow } from "../../../db/repositories/plan-repository.ts";
import { required } from "../required.ts";

/** A plan with everything that it is judged by. */
export interface JudgedPlan {
  /** Cells of its area as they are at the instant. */
  readonly rows: readonly CellRow[];
  readonly base: readonly BaseCell[];
  readonly changes: readonly PlanChange[];
  /** Areas inside its area that cells lie in, those that it divides into their first cells included. */
  readonly parents: Awaited<ReturnType<typeof areasAbove>>;
  readonly issues: readonly PlanIssue[];
}

export const baseCells = (rows: readonly CellRow[]): BaseCell[] =>
  rows.map(({ id, versionId, code, kind, name, geometry }) => ({
    id,
    versionId,
    code,
    kind,
    name,
    geometry: geometry.coordinates,
  }));

/**
 * Judges a plan against the latest boundaries, published ones to come included: by the exact core, and, where that finds no error, by PostGIS as well.
 *
 * @param tx a transaction that may read areas and buildings
 */
export async function judgePlan(tx: Transaction, plan: PlanRow): Promise<JudgedPlan> {
  const at = LATEST;
  const { county, scopeCode, id } = plan;
  const [rows, drawnOn, changeMap, buildings, retired, above, scope] = await Promise.all([
    planCells(tx, county, scopeCode, at),
    baseOfPlan(tx, county, id),
    changesOfPlans(tx, county, [id]),
    planBuildings(tx, county, scopeCode),
    retiredHolders(tx, county, scopeCode, at),
    areasAbove(tx, county, scopeCode, at),
    planScope(tx, county, scopeCode, at),
  ]);
  const base = baseCells(rows);
  const changes = changeMap.get(id) ?? [];
  const divided = dividedCells(base, changes);
  const parents = [...above, ...rows.filter((row) => divided.has(row.id))];
  const moved = movedBase(drawnOn, base);
  const issues = refereePlan({
    base,
    changes,
    scope: { code: scopeCode, geometry: required(scope, `area ${scopeCode}`).coordinates },
    retired: new Map(retired.map(({ code, areas }) => [code, new Set(areas)])),
    parents: new Set(parents.map(({ code }) => code)),
    buildings: buildings.map(({ lon, lat, households, exact }) => ({ point: [lon, lat], households, exact })),
  });
  if (moved.length > 0)
    issues.unshift({
      kind: "base_changed",
      severity: "error",
      cells: moved,
      where: null,
      message: "Boundaries that this plan was drawn on have changed since: rebase it",
      value: null,
    });
  if (!issues.some(({ severity }) => severity === "error")) issues.push(...(await databaseIssues(tx, base, changes)));
  return { rows, base, changes, parents, issues };
}

/** Cells that are not as they were when the plan was drawn. */
export function movedBase(drawnOn: readonly (readonly [string, string])[], base: readonly BaseCell[]): string[] {
  const now = new Map(base.map(({ id, versionId }) => [id, versionId]));
  const gone = drawnOn.filter(([area, version]) => now.get(area) !== version).map(([area]) => area);
  const known = new Set(drawnOn.map(([area]) => area));
  return [...gone, ...base.filter(({ id }) => !known.has(id)).map(({ id }) => id)];
}

async function databaseIssues(
  tx: Transaction,
  base: readonly BaseCell[],
  changes: readonly PlanChange[],
): Promise<PlanIssue[]> {
  const old = touchedCells(base, changes);
  const around = cellsAround(afterPlan(base, changes), old).sort((a, b) => Number(b.changed) - Number(a.changed));
  const drawn = around.filter(({ changed }) => changed).length;
  const findings = await databaseFindings(
    tx,
    around.map(({ geometry }) => geometry),
    drawn,
    old.map(({ geometry }) => geometry),
    groundPieces(old, changes).some(({ from }) => from === null),
    nodedCells(around.map(({ geometry }) => geometry)),
  );
  return findings.map(({ what, cells, point, detail }) => ({
    kind: "database",
    severity: "error",
    cells: cells.map((n) => required(around[n], "cell of the finding").cell),
    where: point,
    message: `${what}: ${detail}`,
    value: null,
  }));
}

/** @throws CONFLICT that lists the errors, where there are some; the base that changed comes first */
export function refuseErrors({ issues }: JudgedPlan, at: string): void {
  const errors = issues.filter(({ severity }) => severity === "error");
  const [first] = errors;
  if (!first) return;
  const stale = first.kind === "base_changed";
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  throw new AppError("USER", `${first.kind}: ${first.message}${more}`, {
    code: stale ? "CONFLICT" : "BAD_USER_INPUT",
    at,
    hint: stale
      ? "Mutation.rebasePlan takes it over to the boundaries of now; what you drew elsewhere stays."
      : "Plan.issues lists every error with its place.",
  });
}
