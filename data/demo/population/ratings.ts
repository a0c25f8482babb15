import { CLASS_CODES } from "../../model/class-codes.ts";
import type { RatingRecord } from "../../model/whistle.ts";
import { countyWorkflows } from "../../workflow/county-workflows.ts";
import { processOfDemo } from "../../workflow/processes/registry.ts";
import type { DemoContext } from "./demo-context.ts";
import type { Caseload } from "./incidents.ts";

const SENSITIVE = new Set(CLASS_CODES.filter(({ sensitive }) => sensitive).map(({ code }) => code));

/**
 * Residents' ratings of their orders, where a county publishes how many and how content they are (Zuoyun: 650 and 98 %,
 * domain.md ZY13): so many of the rated orders of ordinary classes, the published share of them with 4 or 5. Empty
 * elsewhere.
 */
export function makeRatings({ profile, prng: seeded }: DemoContext, caseload: Caseload): RatingRecord[] {
  const figure = (key: string) => profile.profile.figures.find((one) => one.key === key)?.value;
  const orders = figure("orders");
  const share = figure("order_satisfaction");
  if (orders === undefined || share === undefined) return [];
  const prng = seeded.fork("ratings");
  const workflows = countyWorkflows(processOfDemo(profile.slug));
  const finished = caseload.incidents.filter(
    (one) =>
      one.source === "app" &&
      one.state === "evaluated" &&
      !SENSITIVE.has(one.classCode) &&
      workflows.choose(one).key === "five-orders",
  );
  const ratedAt = new Map(
    caseload.incidentEvents.flatMap(({ incidentId, toState, at }) =>
      toState === "evaluated" ? [[incidentId, at] as const] : [],
    ),
  );
  const rated = prng.shuffle(finished).slice(0, orders);
  const satisfied = Math.round(rated.length * share);
  return rated.flatMap(({ id }, n) => {
    const rating = n < satisfied ? 4 + prng.weighted([3, 7]) : 1 + prng.weighted([1, 3, 9]);
    const at = ratedAt.get(id);
    return at === undefined ? [] : [{ incidentId: id, rating, at }];
  });
}
