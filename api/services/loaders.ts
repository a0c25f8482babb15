import type { ClassCode } from "../../data/model/class-code.ts";
import { codePath } from "../../data/model/codes.ts";
import { type DutyPost, dutyAssignments, standsFor } from "../../data/model/duty.ts";
import type { Transaction } from "../../db/driver.ts";
import { areaStaffCounts, type CountedPart, visibleAreaCounts } from "../../db/repositories/area-counts-repository.ts";
import {
  areaGeometries,
  areasByCode,
  areasById,
  areasOnceCoded,
  childAreas,
  countChildAreas,
  neighbourAreas,
} from "../../db/repositories/area-repository.ts";
import { handlingOfCases } from "../../db/repositories/case-repository.ts";
import { extraClassCodes, listClassCodes } from "../../db/repositories/class-code-repository.ts";
import { clocksOfCases } from "../../db/repositories/clock-repository.ts";
import {
  compoundGeometries,
  compoundShares,
  compoundsOfAreas,
  countCompoundsOfAreas,
} from "../../db/repositories/compound-repository.ts";
import { findCounty } from "../../db/repositories/county-repository.ts";
import { dutyPostsInside, dutyPostsOfAreas } from "../../db/repositories/duty-repository.ts";
import type { IncidentReading } from "../../db/repositories/incident-filter.ts";
import {
  eventsOfIncidents,
  incidentSummaries,
  incidentsById,
  incidentsByRef,
  incidentsMergedInto,
} from "../../db/repositories/incident-repository.ts";
import { lineageFrom, lineageTo } from "../../db/repositories/lineage-repository.ts";
import { ratingsOfIncidents } from "../../db/repositories/order-repository.ts";
import {
  areasOfOrganisations,
  countAreasOfOrganisations,
  organisationsById,
  responsibilities,
} from "../../db/repositories/organisation-repository.ts";
import { photosOfIncidents } from "../../db/repositories/photo-repository.ts";
import { eventsOfPlans } from "../../db/repositories/plan-event-repository.ts";
import { presenceOfPlans } from "../../db/repositories/plan-presence-repository.ts";
import { changesOfPlans, currentBases } from "../../db/repositories/plan-repository.ts";
import { areaRollups } from "../../db/repositories/rollup-repository.ts";
import {
  areaCodesOfPosts,
  postsById,
  postsOfStaff,
  staffById,
  workPhones,
} from "../../db/repositories/staff-repository.ts";
import { callsOfWhistles, whistlesOfIncidents } from "../../db/repositories/whistle-repository.ts";
import { inCounty, inCountySystem, nowIso, type RequestContext } from "../context.ts";
import type { CountyModel, DutyAssignmentModel } from "../mappers.ts";
import { asOfCounty } from "./as-of.ts";
import { BatchLoader } from "./batch-loader.ts";

/** The loader of a request with a name and arguments; made at its first use. */
export function loader<Key extends string | number, Value>(
  context: RequestContext,
  name: string,
  args: readonly (string | number)[],
  loadAll: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
): BatchLoader<Key, Value> {
  const id = JSON.stringify([name, ...args]);
  const known = context.batches.get(id);
  if (known) return known as unknown as BatchLoader<Key, Value>;
  const made = new BatchLoader(context.scheduler, loadAll);
  context.batches.set(id, made as unknown as BatchLoader<never, unknown>);
  return made;
}

/** A loader over one repository function of one county: `(tx, county, keys, ...args)`. */
export const countyLoader =
  <Key extends string | number, Value, Args extends readonly (string | number)[]>(
    name: string,
    read: (tx: Transaction, county: string, keys: readonly Key[], ...args: Args) => Promise<ReadonlyMap<Key, Value>>,
  ) =>
  (context: RequestContext, county: string, ...args: Args): BatchLoader<Key, Value> =>
    loader(context, name, [county, ...args], (keys: readonly Key[]) =>
      inCounty(context, county, (tx) => read(tx, county, keys, ...args)),
    );

export const areaByCode = countyLoader("area", areasByCode);
export const areaById = countyLoader("area-id", areasById);
export const areaOnceCoded = countyLoader("area-once", areasOnceCoded);
export const successorsOf = countyLoader("successors", lineageFrom);
export const predecessorsOf = countyLoader("predecessors", lineageTo);
export const areaGeometry = countyLoader("area-geometry", areaGeometries);
export const areaChildren = countyLoader("children", childAreas);
export const areaChildCount = countyLoader("child-count", countChildAreas);
export const areaNeighbours = countyLoader("neighbours", neighbourAreas);
export const countsOfArea = countyLoader(
  "counts",
  (tx: Transaction, county: string, codes: readonly string[], at: string, ...parts: CountedPart[]) =>
    visibleAreaCounts(tx, county, codes, at, parts),
);
export const rollupOfArea = countyLoader("rollup", areaRollups);
export const staffCountsOfArea = countyLoader("staff-counts", areaStaffCounts);
export const responsibilityOfArea = countyLoader("responsible", responsibilities);
export const summaryOfArea = countyLoader("summary", incidentSummaries);
export const compoundsOfArea = countyLoader(
  "compounds",
  (
    tx: Transaction,
    county: string,
    codes: readonly string[],
    at: string,
    nameSort: string,
    id: string,
    limit: number,
  ) => compoundsOfAreas(tx, county, codes, at, [nameSort, id], limit),
);
export const compoundCountOfArea = countyLoader("compound-count", countCompoundsOfAreas);
export const compoundGeometry = countyLoader("compound-geometry", compoundGeometries);
export const sharesOfCompound = countyLoader("compound-shares", compoundShares);
export const organisationById = countyLoader("organisation", organisationsById);
export const areasOfOrganisation = countyLoader("organisation-areas", areasOfOrganisations);
export const areaCountOfOrganisation = countyLoader("organisation-area-count", countAreasOfOrganisations);
export const staffOfId = countyLoader("staff", staffById);
export const postOfId = countyLoader("post", postsById);
export const phoneOfStaff = countyLoader("phone", workPhones);
export const postsHeldBy = countyLoader("staff-posts", postsOfStaff);
export const areaCodesOfPost = countyLoader("post-areas", areaCodesOfPosts);
export const eventsOfIncident = countyLoader("events", eventsOfIncidents);
/** Clocks of a case, in order of their numbers. */
export const clocksOfIncident = countyLoader("clocks", clocksOfCases);
export const photosOfIncident = countyLoader("photos", photosOfIncidents);
export const whistlesOfIncident = countyLoader("whistles", whistlesOfIncidents);
export const callsOfWhistle = countyLoader("whistle-calls", callsOfWhistles);
export const ratingOfIncident = countyLoader("rating", ratingsOfIncidents);
/** Cells that a plan changes. */
export const changesOfPlan = countyLoader("plan-changes", changesOfPlans);
export const presenceOfPlan = countyLoader("plan-presence", presenceOfPlans);
export const eventsOfPlan = countyLoader("plan-events", eventsOfPlans);
/** Whether a plan was drawn on the boundaries of an instant. */
export const planBaseCurrent = countyLoader("plan-base-current", currentBases);
export const handlingOfIncident = countyLoader("handling", handlingOfCases);
const dutyPostsOfArea = countyLoader<string, DutyPost[], [string]>("duty", dutyPostsOfAreas);

/** Who stands for the posts of an area and of its ancestors below the county, first to answer first. */
export async function dutyOfArea(
  context: RequestContext,
  county: CountyModel,
  code: string,
  at: string,
): Promise<DutyAssignmentModel[]> {
  const path = codePath(code);
  const linked = path.length > 1 ? path.slice(1) : path;
  const posts = await Promise.all(linked.map((ancestor) => dutyPostsOfArea(context, county.county, at).load(ancestor)));
  const assignments = dutyAssignments(
    posts.flatMap((list) => list ?? []),
    Date.parse(at),
    county.timezone,
  );
  return assignments.map((assignment) => ({ ...assignment, county: county.county }));
}

const dutyPostsInsideArea = countyLoader<string, DutyPost[], [string]>("duty-inside", dutyPostsInside);

/** Distinct members of staff on duty, over the posts of an area and of everything inside it. */
export async function staffOnDutyInside(
  context: RequestContext,
  county: CountyModel,
  code: string,
  at: string,
): Promise<number> {
  const posts = (await dutyPostsInsideArea(context, county.county, at).load(code)) ?? [];
  const standing = posts.map((post) => standsFor(post, Date.parse(at), county.timezone));
  return new Set(standing.filter(({ onDuty }) => onDuty).map(({ staffId }) => staffId)).size;
}

/** A county by its code, read once a request; undefined when there is none. */
export const countyOf = (context: RequestContext, county: string): Promise<CountyModel | undefined> =>
  loader(context, "county", [county], async () => {
    // The profile and the clock of a county are the same for everybody: the newest case that counts is not one's own.
    const row = await inCountySystem(context, county, (tx) => findCounty(tx, county));
    return new Map(row ? [[county, asOfCounty(row, context.nowMs)]] : []);
  }).load(county);

/** Classes that hold in a county (the shipped table and its own), or the shipped table when none is given. */
export const classesOf = async (context: RequestContext, county?: string): Promise<readonly ClassCode[]> => {
  const classes = await loader(context, "classes", [county ?? ""], async () => {
    if (county === undefined) {
      const shipped = await context.database.transaction({ kind: "reference" }, listClassCodes);
      return new Map([["", shipped]]);
    }
    const all = await inCountySystem(context, county, async (tx) => [
      ...(await extraClassCodes(tx, county)),
      ...(await listClassCodes(tx)),
    ]);
    return new Map([[county, all]]);
  }).load(county ?? "");
  return classes ?? [];
};

/** What reading a county's incidents depends on. */
export const readingOf = (context: RequestContext, county: CountyModel): IncidentReading => ({
  county: county.county,
  asOf: county.asOf,
  now: nowIso(context),
});

export const incidentById = (context: RequestContext, reading: IncidentReading) =>
  loader(context, "incident", [reading.county], (ids: readonly string[]) =>
    inCounty(context, reading.county, (tx) => incidentsById(tx, reading, ids)),
  );

export const mergedIntoIncident = (context: RequestContext, reading: IncidentReading) =>
  loader(context, "merged-into", [reading.county], (ids: readonly string[]) =>
    inCounty(context, reading.county, (tx) => incidentsMergedInto(tx, reading, ids)),
  );

export const incidentByRef = (context: RequestContext, reading: IncidentReading) =>
  loader(context, "incident-ref", [reading.county], (refs: readonly number[]) =>
    inCounty(context, reading.county, (tx) => incidentsByRef(tx, reading, refs)),
  );
