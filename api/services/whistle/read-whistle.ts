import { callStanding } from "../../../data/evaluation/whistle-points.ts";
import { notFound } from "../../../data/model/errors.ts";
import type { WhistleItemDefinition } from "../../../data/workflow/process.ts";
import { listWhistles, type WhistleRow, whistlesById } from "../../../db/repositories/whistle-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import type { CountyModel, WhistleCallModel } from "../../mappers.ts";
import { workflowsOf } from "../flow/workflows-of.ts";
import { kioskPointsFrom } from "../kiosk.ts";
import { callsOfWhistle, countyOf } from "../loaders.ts";
import { pageSize } from "../page.ts";
import { requireInside } from "../require.ts";
import { requirePeriod } from "../require-period.ts";
import { required } from "../required.ts";

/** A whistle as its viewer sees it now. */
export async function readWhistle(context: RequestContext, { county }: CountyModel, id: string): Promise<WhistleRow> {
  const found = await inCounty(context, county, (tx) => whistlesById(tx, county, [id]));
  const whistle = found.get(id);
  if (whistle) return whistle;
  throw notFound("there is no such whistle", { at: "input" });
}

/** Whistles of an area, newest first. */
export async function whistlesInside(
  context: RequestContext,
  inside: string,
  period: { readonly from?: string | null | undefined; readonly to?: string | null | undefined },
  open: boolean | null | undefined,
  first: number | null | undefined,
): Promise<WhistleRow[]> {
  const size = pageSize(first);
  requirePeriod(period.from, period.to);
  const county = await requireInside(context, inside, nowIso(context), "incident", "inside");
  const filter = { inside, ...period, open, casesFrom: kioskPointsFrom(context.viewer, county) };
  return inCounty(context, county.county, (tx) => listWhistles(tx, county.county, filter, size));
}

/**
 * The item of a whistle in the county's words; of one that is no longer listed, what the whistle itself tells.
 */
export async function itemOfWhistle(context: RequestContext, whistle: WhistleRow): Promise<WhistleItemDefinition> {
  const county = required(await countyOf(context, whistle.county), `county ${whistle.county}`);
  const { process } = await workflowsOf(context, county);
  const listed = process.whistleItems.find(({ key }) => key === whistle.item);
  if (listed) return listed;
  const [call] = (await callsOfWhistle(context, whistle.county).load(whistle.id)) ?? [];
  const allowedMs = call ? Date.parse(call.arriveBy) - Date.parse(whistle.blownAt) : 0;
  return {
    key: whistle.item,
    class: whistle.class,
    name: whistle.item,
    nameEn: whistle.item,
    arriveMinutes: Math.round(allowedMs / 60_000),
  };
}

/** The calls of a whistle, each as it stands at the county's as-of instant. */
export async function callsOf(context: RequestContext, whistle: WhistleRow): Promise<WhistleCallModel[]> {
  const county = required(await countyOf(context, whistle.county), `county ${whistle.county}`);
  const asOf = Date.parse(county.asOf);
  const endedAt = whistle.endedAt === null ? null : Date.parse(whistle.endedAt);
  const calls = (await callsOfWhistle(context, whistle.county).load(whistle.id)) ?? [];
  return calls.map((call) => ({
    ...call,
    ...callStanding(
      {
        arriveBy: Date.parse(call.arriveBy),
        arrivedAt: call.arrivedAt === null ? null : Date.parse(call.arrivedAt),
        endedAt,
      },
      asOf,
    ),
  }));
}
