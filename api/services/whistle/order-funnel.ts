import { satisfaction } from "../../../data/evaluation/satisfaction.ts";
import { orderGroups } from "../../../db/repositories/order-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import type { OrderFunnelModel } from "../../mappers.ts";
import { workflowsOf } from "../flow/workflows-of.ts";
import { laterOf } from "../incident-filter.ts";
import { kioskPointsFrom } from "../kiosk.ts";
import { readingOf } from "../loaders.ts";
import { requireInside } from "../require.ts";
import { requirePeriod } from "../require-period.ts";

/**
 * The five orders of an area: cases that residents sent in and that walk the county's workflow for such (of a county without
 * one of its own, the usual one). A case came as far as the furthest main step of its log, also where it stands aside now.
 */
export async function orderFunnel(
  context: RequestContext,
  inside: string,
  from: string | null | undefined,
  to: string | null | undefined,
): Promise<OrderFunnelModel> {
  requirePeriod(from, to);
  const county = await requireInside(context, inside, nowIso(context), "incident", "inside");
  const workflows = await workflowsOf(context, county);
  const orders = workflows.choose({ classCode: "", source: "app" });
  const steps = orders.steps.filter(({ side }) => !side);
  const points = kioskPointsFrom(context.viewer, county);
  const groups = await inCounty(context, county.county, (tx) =>
    orderGroups(tx, readingOf(context, county), {
      inside,
      from: points === undefined ? from : laterOf(from, points),
      to,
    }),
  );
  const reached = steps.map(() => 0);
  const now = steps.map(() => 0);
  let rated = 0;
  let satisfied = 0;
  for (const group of groups) {
    const place = workflows.place(group);
    if (place.workflow.key !== orders.key) continue;
    rated += group.rated;
    satisfied += group.satisfied;
    const here = steps.findIndex(({ key }) => key === place.step.key);
    if (here >= 0) now[here] = (now[here] ?? 0) + group.count;
    // Every order came to the first step.
    const furthest = Math.max(
      0,
      here,
      ...(group.states ?? []).map((state) => steps.findIndex((step) => step.state === state)),
    );
    for (let n = 0; n <= furthest; n++) reached[n] = (reached[n] ?? 0) + group.count;
  }
  return {
    stages: steps.map((step, n) => ({ step, reached: reached[n] ?? 0, now: now[n] ?? 0 })),
    rated,
    satisfied,
    satisfaction: satisfaction(satisfied, rated),
  };
}
