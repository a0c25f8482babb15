import { userError } from "../../../data/model/errors.ts";
import { CLOCK_TARGETS } from "../../../data/workflow/definition.ts";
import { countClocks, nextDueCases } from "../../../db/repositories/clock-repository.ts";
import { incidentsById } from "../../../db/repositories/incident-repository.ts";
import { inCounty, type RequestContext } from "../../context.ts";
import type { OnTime, QueryOnTimeArgs } from "../../generated/resolvers-types.ts";
import type { IncidentRow } from "../../mappers.ts";
import { checkIncidentFilter } from "../incident-filter.ts";

/**
 * How the clocks of an area stand, per target. What is open and past due counts as late; a paused clock counts as neither, and
 * one that was dropped not at all.
 */
export async function onTime(context: RequestContext, { inside, from, to }: QueryOnTimeArgs): Promise<OnTime[]> {
  const { county, filter } = await checkIncidentFilter(context, { inside, from: from ?? null, to: to ?? null });
  const period = { from: filter.from ?? null, to: filter.to ?? null };
  const rows = await inCounty(context, county.county, (tx) =>
    countClocks(tx, county.county, inside, period, county.asOf),
  );
  return CLOCK_TARGETS.flatMap((target) => {
    const row = rows.find((one) => one.target === target);
    if (!row) return [];
    const judged = row.met + row.missed + row.late;
    return [{ ...row, rate: judged === 0 ? null : row.met / judged }];
  });
}

const MOST_NEXT = 100;

/** Cases of an area that are in time still, in the order in which their running clocks are due. */
export async function nextToBreach(context: RequestContext, inside: string, first: number): Promise<IncidentRow[]> {
  if (!Number.isInteger(first) || first < 1 || first > MOST_NEXT)
    throw userError(`${first} is not a number of cases`, { at: "first", hint: `Between 1 and ${MOST_NEXT}.` });
  const { county, reading, filter } = await checkIncidentFilter(context, { inside });
  return inCounty(context, county.county, async (tx) => {
    const ids = await nextDueCases(tx, reading, filter, first);
    const cases = await incidentsById(tx, reading, ids);
    return ids.flatMap((id) => cases.get(id) ?? []);
  });
}
