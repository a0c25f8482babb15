import { type DepartmentPoints, departmentPoints, type WhistleEntry } from "../../../data/evaluation/whistle-points.ts";
import { userError } from "../../../data/model/errors.ts";
import { ZoneClock } from "../../../data/model/zoned-time.ts";
import { areaWithin } from "../../../data/policy/viewer.ts";
import { type ScoredCallRow, scoredCalls } from "../../../db/repositories/whistle-repository.ts";
import { inCounty, type RequestContext } from "../../context.ts";
import type { DepartmentScoreModel } from "../../mappers.ts";
import { workflowsOf } from "../flow/workflows-of.ts";
import { kioskPointsFrom } from "../kiosk.ts";
import { requireCounty, requireRole } from "../require.ts";

/** The log of whistles that the rows of calls tell. */
export function logOf(calls: readonly ScoredCallRow[]): WhistleEntry[] {
  return calls.flatMap((row): WhistleEntry[] => [
    {
      kind: "called",
      at: Date.parse(row.blownAt),
      whistle: row.whistleId,
      call: row.callId,
      organisation: row.organisationId,
      arriveBy: Date.parse(row.arriveBy),
    },
    ...(row.arrivedAt === null ? [] : [{ kind: "arrived" as const, at: Date.parse(row.arrivedAt), call: row.callId }]),
    ...(row.endedAt === null || row.rating === null
      ? []
      : [{ kind: "ended" as const, at: Date.parse(row.endedAt), whistle: row.whistleId, rating: row.rating }]),
  ]);
}

/**
 * Departments by their points of a calendar year of the county, from the whistles of the viewer's own area: a town's leader
 * gets what the own communities give.
 */
export async function departmentScores(
  context: RequestContext,
  code: string,
  year: number,
): Promise<DepartmentScoreModel[]> {
  if (!Number.isInteger(year) || year < 2000 || year > 2100)
    throw userError(`there are no scores of the year ${year}`, { at: "year", hint: "A year from 2000 to 2100." });
  requireRole(context, "incident", "Query.departmentScores");
  const county = await requireCounty(context, code);
  const clock = new ZoneClock(county.timezone);
  const start = (of: number): string => new Date(clock.fromLocal(Date.UTC(of, 0, 1)).epochMs).toISOString();
  const inside = (context.viewer && areaWithin(context.viewer, code)) ?? code;
  const filter = {
    inside,
    from: start(year),
    to: start(year + 1),
    casesFrom: kioskPointsFrom(context.viewer, county),
  };
  const { process } = await workflowsOf(context, county);
  const calls = await inCounty(context, code, (tx) => scoredCalls(tx, code, filter));
  const scores = departmentPoints(logOf(calls), Date.parse(county.asOf), process.communityShare);
  return scores.map((score: DepartmentPoints) => ({ ...score, county: code, organisationId: score.organisation }));
}
