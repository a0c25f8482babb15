import type { EvaluationBy } from "../../../data/evaluation/indices.ts";
import { levelOfCode } from "../../../data/model/codes.ts";
import { POST_KIND_NAMES } from "../../../data/model/staff.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import type { CountyModel } from "../../mappers.ts";
import { areaByCode, areaChildren, areaCodesOfPost, organisationById, postOfId } from "../loaders.ts";

/** More than any area has directly below it. */
const MOST_CHILDREN = 5000;

/** Name of an area today; its code where there is none. */
export async function areaName(context: RequestContext, county: CountyModel, code: string): Promise<string> {
  if (levelOfCode(code) === "county") return county.name;
  return (await areaByCode(context, county.county, nowIso(context)).load(code))?.name ?? code;
}

/**
 * Who is assessed in an area, by key, with their names: every area directly below it when the period ended, also without a
 * case, and those that cases fell in before; units and posts that have a case.
 *
 * @param counted keys that cases were counted for
 * @param period instants, ISO 8601
 */
export async function assessedNames(
  context: RequestContext,
  county: CountyModel,
  by: EvaluationBy,
  inside: string,
  counted: readonly string[],
  period: { readonly from: string; readonly to: string },
): Promise<Map<string, string>> {
  const code = county.county;
  const at = nowIso(context);
  if (by === "area") {
    const below = async (instant: string) =>
      (await areaChildren(context, code, instant, "", MOST_CHILDREN).load(inside)) ?? [];
    // A report of a past month lists the areas of that month; where none are known for it, those of today.
    const then = new Date(Math.min(Date.parse(period.to) - 1, Date.parse(at))).toISOString();
    const children = await below(then);
    const names = new Map((children.length > 0 ? children : await below(at)).map((child) => [child.code, child.name]));
    for (const key of counted)
      if (!names.has(key)) {
        const [before, now] = await Promise.all(
          [period.from, at].map((instant) => areaByCode(context, code, instant).load(key)),
        );
        names.set(key, (before ?? now)?.name ?? key);
      }
    return names;
  }
  const nameOf = by === "department" ? unitName : postName;
  return new Map(await Promise.all(counted.map(async (key) => [key, await nameOf(context, code, key, at)] as const)));
}

const unitName = async (context: RequestContext, county: string, id: string): Promise<string> =>
  (await organisationById(context, county).load(id))?.name ?? id;

/** The first area that a post serves and what such posts are called; of one that the viewer may not see, its id. */
async function postName(context: RequestContext, county: string, id: string, at: string): Promise<string> {
  const [post, codes] = await Promise.all([
    postOfId(context, county).load(id),
    areaCodesOfPost(context, county, at).load(id),
  ]);
  if (!post) return id;
  const [first] = codes ?? [];
  const area = first === undefined ? undefined : await areaByCode(context, county, at).load(first);
  return `${area?.name ?? post.place} ${POST_KIND_NAMES[post.kind]}`;
}
