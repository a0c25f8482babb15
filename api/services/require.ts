import { type AreaLevel, countyOfCode, requireLevel } from "../../data/model/codes.ts";
import { notFound, userError } from "../../data/model/errors.ts";
import type { Bbox } from "../../data/model/geometry.ts";
import { type GlobalId, parseGlobalId } from "../../data/model/ids.ts";
import type { AreaRow } from "../../db/repositories/area-repository.ts";
import type { RequestContext } from "../context.ts";
import type { CountyModel } from "../mappers.ts";
import { areaByCode, countyOf } from "./loaders.ts";

/** The county with a six-digit code. */
export async function requireCounty(context: RequestContext, code: string, at = "county"): Promise<CountyModel> {
  if (requireLevel(code, at) !== "county")
    throw userError(`"${code}" is not the code of a county`, { at, hint: "Use its six digits (GB/T 2260)." });
  const county = await countyOf(context, code);
  if (county) return county;
  throw notFound(`there is no county ${code} on this server`, {
    at,
    hint: "Query.counties lists those that there are.",
  });
}

/**
 * An area and its county, as bounded at an instant.
 *
 * @param levels levels that are allowed; all when absent
 */
export async function requireArea(
  context: RequestContext,
  code: string,
  instant: string,
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
  const area = await areaByCode(context, county.county, instant).load(code);
  if (area) return { area, county };
  throw notFound(`there is no area ${code} in ${county.name} at ${instant}`, {
    at,
    hint: "Query.search finds areas by name, pinyin or part of a code.",
  });
}

/**
 * The county of a filter's `inside`. The whole county needs no areas: one may hold incidents before its areas are
 * imported.
 */
export async function requireInside(
  context: RequestContext,
  code: string,
  instant: string,
  at = "filter.inside",
): Promise<CountyModel> {
  if (requireLevel(code, at) === "county") return requireCounty(context, code, at);
  return (await requireArea(context, code, instant, at)).county;
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
