import { touchedCells } from "../../../data/planning/after-plan.ts";
import {
  type CellImpact,
  type ImpactCounts,
  type PlanImpact,
  type PlanMove,
  planImpact,
} from "../../../data/planning/impact.ts";
import { cellsAround } from "../../../data/planning/referee.ts";
import { isSmallCount, readsSmallHomes } from "../../../data/policy/small-households.ts";
import { cellsOfVersions, LATEST, planBuildings, planCells } from "../../../db/repositories/plan-base-repository.ts";
import { pointsInAreas, staffOfAreas, unitsOfAreas } from "../../../db/repositories/plan-impact-repository.ts";
import { baseOfPlan, changesOfPlans, type PlanRow } from "../../../db/repositories/plan-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import { baseCells } from "./referee-plan.ts";

/** What a plan changes, with who is concerned; households of a handful are null for whom they are not for. */
export interface PlanImpactModel {
  readonly county: string;
  readonly impact: PlanImpact;
  readonly unitIds: readonly string[];
  /** Members of staff by changed area; every one whose work moves. */
  readonly staff: readonly { readonly areaId: string; readonly staffId: string }[];
  /** A count as the viewer is told it; null where no building is known, too. */
  readonly told: (counts: ImpactCounts | null) => number | null;
}
export type PlanMoveModel = PlanMove & Pick<PlanImpactModel, "told">;
export type PlanCellImpactModel = CellImpact & Pick<PlanImpactModel, "told" | "staff">;

/** What a plan changes against the latest boundaries, as far as the viewer sees the things. */
export async function impactOf(
  context: RequestContext,
  { county, scopeCode, id, state }: PlanRow,
): Promise<PlanImpactModel> {
  const now = nowIso(context);
  const exact = context.viewer !== null && readsSmallHomes(context.viewer.role);
  return inCounty(context, county, async (tx) => {
    // A published plan is held against what it was drawn on: the latest boundaries are its own.
    const base = baseCells(
      state === "published"
        ? await cellsOfVersions(
            tx,
            county,
            (await baseOfPlan(tx, county, id)).map(([, version]) => version),
          )
        : await planCells(tx, county, scopeCode, LATEST),
    );
    const changes = (await changesOfPlans(tx, county, [id])).get(id) ?? [];
    const old = touchedCells(base, changes);
    // A point on the outer border may go to a cell beside: those are looked at as well.
    const around = cellsAround(
      base.map((cell) => ({ ...cell, cell: cell.id, changed: old.includes(cell) })),
      old,
    );
    const codes = [...new Set([...around, ...changes].map(({ code }) => code))];
    const ids = old.map((cell) => cell.id);
    const [buildings, openIncidents, cameras, boards, unitIds, staff] = await Promise.all([
      planBuildings(tx, county, scopeCode),
      pointsInAreas(tx, county, "openIncidents", codes),
      pointsInAreas(tx, county, "cameras", codes),
      pointsInAreas(tx, county, "boards", codes),
      unitsOfAreas(tx, county, ids, now),
      staffOfAreas(tx, county, ids, now),
    ]);
    const impact = planImpact(base, changes, {
      buildings: buildings.map(({ lon, lat, households, exact: counted }) => ({
        point: [lon, lat],
        households,
        exact: counted,
      })),
      openIncidents,
      cameras,
      boards,
    });
    const told = (counts: ImpactCounts | null): number | null =>
      counts === null || buildings.length === 0 || (!exact && isSmallCount(counts.households))
        ? null
        : counts.households;
    return { county, impact, unitIds, staff, told };
  });
}
