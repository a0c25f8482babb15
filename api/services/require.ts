import { type AreaLevel, countyOfCode, levelOfCode, requireLevel } from "../../data/model/codes.ts";
import { AppError, notFound, userError } from "../../data/model/errors.ts";
import type { Bbox } from "../../data/model/geometry.ts";
import { type GlobalId, parseGlobalId } from "../../data/model/ids.ts";
import type { Resource } from "../../data/policy/policy.ts";
import { areaWithin, mayRead, mayReadIn, reachesCounty } from "../../data/policy/viewer.ts";
import type { AreaRow } from "../../db/repositories/area-repository.ts";
import { unauthenticated } from "../channels.ts";
import { nowIso, type RequestContext } from "../context.ts";
import type { CountyModel } from "../mappers.ts";
import { areaByCode, areaOnceCoded, countyOf } from "./loaders.ts";

/** What an area outside the viewer's reach is answered with: what one may see of it instead. */
function outside(context: RequestContext, code: string, resource: Resource, at: string): AppError {
  const { viewer } = context;
  if (!viewer) return unauthenticated(at);
  const readable = mayRead(viewer, resource);
  const own = areaWithin(viewer, countyOfCode(code));
  return new AppError(
    "USER",
    readable ? `${code} lies outside the area of your grant` : `this is not for the role ${viewer.role}`,
    {
      code: "FORBIDDEN",
      at,
      hint: [
        readable && own ? `Ask inside ${own}.` : "",
        own ? "Query.cube and Area.counts publish aggregates of the whole county." : "Act under a grant there.",
      ]
        .filter(Boolean)
        .join(" "),
    },
  );
}

/** Refuses what the viewer may not read of an area. @throws FORBIDDEN, or UNAUTHENTICATED without a viewer */
export function requireReach(context: RequestContext, resource: Resource, code: string, at: string): void {
  if (!mayReadIn(context.viewer, resource, code)) throw outside(context, code, resource, at);
}

/** Refuses viewers whose role may not read a resource anywhere. @throws FORBIDDEN, or UNAUTHENTICATED without a viewer */
export function requireRole({ viewer }: RequestContext, resource: Resource, at: string): void {
  if (!viewer) throw unauthenticated(at);
  if (mayRead(viewer, resource)) return;
  throw new AppError(
    "USER",
    viewer.visitor ? "visitors see aggregates only" : `this is not for the role ${viewer.role}`,
    {
      code: "FORBIDDEN",
      at,
      hint: "Query.cube and Area.counts publish aggregates of the whole county.",
    },
  );
}

/** May the request's viewer read a resource of an area? For fields that are null where not. */
export const reads = (context: RequestContext, resource: Resource, code: string): boolean =>
  mayReadIn(context.viewer, resource, code);

/**
 * The county with a six-digit code. One that the viewer's grant does not reach is refused, whether it is held here or not.
 *
 * @param find reads it as it is now
 */
export async function requireCounty(
  context: RequestContext,
  code: string,
  at = "county",
  find: typeof countyOf = countyOf,
): Promise<CountyModel> {
  if (requireLevel(code, at) !== "county")
    throw userError(`"${code}" is not the code of a county`, { at, hint: "Use its six digits (GB/T 2260)." });
  if (!reachesCounty(context.viewer, code)) throw outside(context, code, "map", at);
  const county = await find(context, code);
  if (county) return county;
  throw notFound(`there is no county ${code} on this server`, {
    at,
    hint: "Query.counties lists those that there are.",
  });
}

/**
 * The county that a global id or number names: what lies in a county that the viewer's grant does not reach, or in none,
 * is not found, as if it were not there.
 *
 * @param what the thing, for the sentence
 */
export async function requireCountyOf(
  context: RequestContext,
  county: string,
  what: string,
  at = "id",
): Promise<CountyModel> {
  const found = reachesCounty(context.viewer, county) ? await countyOf(context, county) : undefined;
  if (found) return found;
  throw notFound(`there is no ${what}`, { at });
}

/**
 * An area and its county, as bounded at an instant.
 *
 * @param resource what is asked for there: FORBIDDEN outside the viewer's reach of it
 * @param levels levels that are allowed; all when absent
 */
export async function requireArea(
  context: RequestContext,
  code: string,
  instant: string,
  resource: Resource,
  at = "code",
  levels?: readonly AreaLevel[],
): Promise<{ readonly area: AreaRow; readonly county: CountyModel }> {
  const level = requireLevel(code, at);
  if (levels && !levels.includes(level))
    throw userError(`"${code}" is the code of a ${level}, expected ${levels.join(" or ")}`, {
      at,
      hint: "A grid has 15 characters, a micro-grid 15 and -NN.",
    });
  const county = await requireCounty(context, countyOfCode(code), at);
  requireReach(context, resource, code, at);
  const area = await areaByCode(context, county.county, instant).load(code);
  if (area) return { area, county };
  throw notFound(`there is no area ${code} in ${county.name} at ${instant}`, {
    at,
    hint: "Query.search finds areas by name, pinyin or part of a code.",
  });
}

/**
 * An area by its code, at an instant. Without one: as it is now; a code that was given up means the area that had it last,
 * as it was then.
 */
export async function requireAreaEver(
  context: RequestContext,
  code: string,
  instant: string | null | undefined,
  levels?: readonly AreaLevel[],
): Promise<AreaRow> {
  const now = nowIso(context);
  if (instant != null || !levelOfCode(code) || !mayReadIn(context.viewer, "map", code))
    return (await requireArea(context, code, instant ?? now, "map", "code", levels)).area;
  const county = countyOfCode(code);
  const once = (await areaByCode(context, county, now).load(code))
    ? undefined
    : await areaOnceCoded(context, county, now).load(code);
  if (once && (!levels || levels.includes(once.level))) return once;
  return (await requireArea(context, code, now, "map", "code", levels)).area;
}

/**
 * The county of a filter's `inside`. The whole county needs no areas: one may hold incidents before its areas are
 * imported.
 *
 * @param resource what is asked for inside: FORBIDDEN outside the viewer's reach of it
 */
export async function requireInside(
  context: RequestContext,
  code: string,
  instant: string,
  resource: Resource,
  at = "filter.inside",
): Promise<CountyModel> {
  if (requireLevel(code, at) !== "county") return (await requireArea(context, code, instant, resource, at)).county;
  const county = await requireCounty(context, code, at);
  requireReach(context, resource, code, at);
  return county;
}

/** A global id of one type. */
export function requireGlobalId(text: string, type: string, at = "id"): GlobalId {
  const id = parseGlobalId(text);
  if (id?.type === type) return id;
  throw userError(`"${text}" is not the id of ${/^[AEIOU]/.test(type) ? "an" : "a"} ${type}`, {
    at,
    hint: `Ids look like ${type}:140623:0195f3a0-….`,
  });
}

/** A position in degrees WGS 84. */
export function requirePosition(lon: number, lat: number): void {
  if (!(lon >= -180 && lon <= 180))
    throw userError(`longitude ${lon} is out of range`, { at: "lon", hint: "Degrees from −180 to 180." });
  if (!(lat >= -90 && lat <= 90))
    throw userError(`latitude ${lat} is out of range`, {
      at: "lat",
      hint: "Degrees from −90 to 90; longitude comes first.",
    });
}

interface BboxLike {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** A box in degrees with west < east and south < north; undefined when none is given. */
export function checkBbox(box: BboxLike | null | undefined, at = "filter.bbox"): Bbox | undefined {
  if (!box) return undefined;
  const { west, south, east, north } = box;
  const fault =
    (!(west >= -180 && west <= 180) && `west ${west} is out of range −180 … 180`) ||
    (!(east >= -180 && east <= 180) && `east ${east} is out of range −180 … 180`) ||
    (!(south >= -90 && south <= 90) && `south ${south} is out of range −90 … 90`) ||
    (!(north >= -90 && north <= 90) && `north ${north} is out of range −90 … 90`) ||
    (!(west < east) && `west ${west} is not less than east ${east}`) ||
    (!(south < north) && `south ${south} is not less than north ${north}`);
  if (fault) throw userError(fault, { at, hint: "A box is west, south, east, north in degrees WGS 84." });
  return [west, south, east, north];
}
