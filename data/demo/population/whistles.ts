import { bugError } from "../../model/errors.ts";
import type { Uuid } from "../../model/ids.ts";
import { INVALID_STATES, type IncidentEventRecord, type IncidentRecord, SOLVED_STATES } from "../../model/incident.ts";
import type { WhistleCallRecord, WhistleRecord } from "../../model/whistle.ts";
import { countyWorkflows } from "../../workflow/county-workflows.ts";
import { processOfDemo } from "../../workflow/processes/registry.ts";
import { startStep, stepOf } from "../../workflow/walk.ts";
import { WHISTLED_STEP } from "../../workflow/whistled-step.ts";
import type { Prng } from "../prng.ts";
import { type DemoContext, isoOf, MINUTE_MS, nextId } from "./demo-context.ts";
import type { Caseload } from "./incidents.ts";
import type { Organisations } from "./organisations.ts";
import { itemOfClass } from "./whistled-classes.ts";

export interface Whistles {
  readonly whistles: readonly WhistleRecord[];
  readonly whistleCalls: readonly WhistleCallRecord[];
}

/** Departments called beside the one that has the case: none, one or two. */
const MORE_CALLED = { routine: [1, 0, 0], urgent: [8, 2, 0], joint: [2, 5, 3] } as const;
/** Of those beside the first, so many never come. */
const NEVER_SHARE = 0.03;
/** Weights of ratings 1 … 5 of an ended whistle whose case was solved in time, and of a late one. */
const RATING_WEIGHTS = { inTime: [0, 1, 8, 41, 50], late: [3, 12, 35, 36, 14] } as const;

/**
 * The whistles of a county whose workflow has them, one for each valid case that came so far: blown when its log reaches the
 * step 吹哨 (where every case begins with it: when the community answers), the unit that has the case first among the called
 * ones and there when the log says 报到. Empty where the county's process lists no items.
 */
export function makeWhistles(context: DemoContext, organisations: Organisations, caseload: Caseload): Whistles {
  const { profile, prng: seeded } = context;
  const process = processOfDemo(profile.slug);
  const whistles: WhistleRecord[] = [];
  const whistleCalls: WhistleCallRecord[] = [];
  if (process.whistleItems.length === 0) return { whistles, whistleCalls };
  const prng = seeded.fork("whistles");
  const workflows = countyWorkflows(process);
  const items = new Map(process.whistleItems.map((item) => [item.key, item]));
  const departments = [...organisations.byDepartment.values()];
  const logs = logsOf(caseload);
  for (const incident of caseload.incidents) {
    if (INVALID_STATES.includes(incident.state)) continue;
    const workflow = workflows.choose(incident);
    const whistled = stepOf(workflow, WHISTLED_STEP);
    const log = logs.get(incident.id) ?? [];
    const starts = startStep(workflow).key === WHISTLED_STEP;
    const blown = starts ? log[1] : log.find(({ toState }) => toState === whistled?.state);
    if (!whistled || !blown) continue;
    const item = items.get(itemOfClass(incident.classCode));
    if (!item) throw bugError(`no item is listed for class ${incident.classCode}`, { at: profile.slug });
    const first = incident.organisationId ?? officeOf(incident, organisations);
    const blownMs = Date.parse(blown.at);
    const arriveMs = blownMs + item.arriveMinutes * MINUTE_MS;
    const arrived = msOf(log.find(({ toState }) => toState === "arrived"));
    const ended = msOf(log.find(({ toState }) => SOLVED_STATES.includes(toState)));
    const id = nextId(prng, blownMs);
    const late = arrived === null || arrived > arriveMs;
    whistles.push({
      id,
      incidentId: incident.id,
      areaCode: (incident.scopeCode ?? profile.profile.county).slice(0, 12),
      item: item.key,
      class: item.class,
      note: null,
      blownAt: isoOf(blownMs),
      endedAt: ended === null ? null : isoOf(ended),
      outcome: ended === null ? null : "已到场办理并反馈",
      rating: ended === null ? null : prng.weighted(RATING_WEIGHTS[late ? "late" : "inTime"]) + 1,
    });
    const called = [
      first,
      ...others(
        departments.map((unit) => unit.id),
        first,
        prng.weighted(MORE_CALLED[item.class]),
        prng,
      ),
    ];
    called.forEach((organisationId, n) => {
      const at = n === 0 ? arrived : arrivalBeside(arrived, blownMs, ended ?? context.anchorMs, prng);
      whistleCalls.push({
        id: nextId(prng, blownMs),
        whistleId: id,
        organisationId,
        arriveBy: isoOf(arriveMs),
        arrivedAt: at === null ? null : isoOf(at),
      });
    });
  }
  return { whistles, whistleCalls };
}

/** Entries of each case, oldest first, as the caseload has them. */
function logsOf({ incidentEvents }: Caseload): Map<Uuid, IncidentEventRecord[]> {
  const logs = new Map<Uuid, IncidentEventRecord[]>();
  for (const entry of incidentEvents) {
    const log = logs.get(entry.incidentId);
    if (log) log.push(entry);
    else logs.set(entry.incidentId, [entry]);
  }
  return logs;
}

const msOf = (entry: IncidentEventRecord | undefined): number | null => (entry ? Date.parse(entry.at) : null);

/** The office of the place, where no unit has the case yet. */
function officeOf({ scopeCode }: IncidentRecord, { placeOffices, townOffices, court }: Organisations): Uuid {
  const code = scopeCode ?? "";
  return (placeOffices.get(code.slice(0, 12)) ?? townOffices.get(code.slice(0, 9)) ?? court).id;
}

/** Some of the departments, none of them the first. */
function others(departments: readonly Uuid[], first: Uuid, count: number, prng: Prng): Uuid[] {
  if (count === 0) return [];
  return prng.shuffle(departments.filter((id) => id !== first)).slice(0, count);
}

/** When a department beside the first arrives: about as fast; null when it never comes, or has not come yet. */
function arrivalBeside(first: number | null, blownMs: number, untilMs: number, prng: Prng): number | null {
  const never = prng.chance(NEVER_SHARE);
  const factor = prng.range(0.5, 1.5);
  if (first === null || never) return null;
  const at = blownMs + Math.max(1000, Math.floor(((first - blownMs) * factor) / 1000) * 1000);
  return at <= untilMs ? at : null;
}
