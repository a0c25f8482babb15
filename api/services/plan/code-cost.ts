import { grantsOnAreas } from "../../../db/repositories/grant-repository.ts";
import { boardsOfVersions, openCasesOfVersions } from "../../../db/repositories/plan-impact-repository.ts";
import { baseOfPlan, type PlanRow } from "../../../db/repositories/plan-repository.ts";
import { inCounty, type RequestContext } from "../../context.ts";

/** What hangs on codes. */
export interface PlanCodeCostModel {
  readonly boards: number;
  readonly grants: number;
  readonly openIncidents: number;
}

/**
 * What hangs on the codes of cells of a plan. Grants are counted under the scope of accounts: who has them is nobody's business here, how many
 * is.
 */
export async function codeCostOf(
  context: RequestContext,
  { county, id }: PlanRow,
  cells: readonly string[],
): Promise<PlanCodeCostModel> {
  const wanted = new Set(cells);
  const { areas, boards, openIncidents } = await inCounty(context, county, async (tx) => {
    const base = (await baseOfPlan(tx, county, id)).filter(([area]) => wanted.has(area));
    const versions = base.map(([, version]) => version);
    return {
      areas: base.map(([area]) => area),
      boards: await boardsOfVersions(tx, county, versions),
      openIncidents: await openCasesOfVersions(tx, county, versions),
    };
  });
  const grants = await context.database.transaction({ kind: "accounts", county }, (tx) =>
    grantsOnAreas(tx, county, areas),
  );
  return { boards, grants, openIncidents };
}
