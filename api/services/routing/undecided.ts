import { userError } from "../../../data/model/errors.ts";
import { listUndecided, type UndecidedRow } from "../../../db/repositories/candidate-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import { kioskPointsFrom } from "../kiosk.ts";
import { requireInside } from "../require.ts";

const MOST = 500;

/** Open cases whose owner is undecided, for every candidate inside an area, newest first. */
export async function undecidedCases(context: RequestContext, inside: string, first: number): Promise<UndecidedRow[]> {
  if (!(first >= 1 && first <= MOST))
    throw userError(`${first} cases cannot be listed`, { at: "first", hint: `From 1 to ${MOST}.` });
  const county = await requireInside(context, inside, nowIso(context), "incident", "inside");
  const from = kioskPointsFrom(context.viewer, county);
  const opened = from === undefined ? undefined : new Date(from * 1000).toISOString();
  return inCounty(context, county.county, (tx) => listUndecided(tx, county.county, inside, opened, first));
}
