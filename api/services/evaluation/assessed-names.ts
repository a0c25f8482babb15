import type { EvaluationBy } from "../../../data/evaluation/indices.ts";
import { levelOfCode } from "../../../data/model/codes.ts";
import type { PostKind } from "../../../data/model/staff.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import type { CountyModel } from "../../mappers.ts";
import { areaByCode, areaChildren, areaCodesOfPost, organisationById, postOfId } from "../loaders.ts";

/** More than any area has directly below it. */
const MOST_CHILDREN = 5000;

/** What posts of a kind are called (YG1, YG4, DC3), as names in the data are: in Chinese. */
const POST_NAMES: Readonly<Record<PostKind, string>> = {
  grid_leader: "网格长",
  full_time: "专职网格员",
  part_time: "兼职网格员",
  police: "民警",
  auxiliary: "辅警",
  judge: "法官",
  prosecutor: "检察官",
  police_officer: "警官",
  legal_worker: "法律工作者",
  mediator: "调解员",
  contracted_leader: "包联领导",
  community_worker: "社区工作者",
};

/** Name of an area today; its code where there is none. */
export async function areaName(context: RequestContext, county: CountyModel, code: string): Promise<string> {
  if (levelOfCode(code) === "county") return county.name;
  return (await areaByCode(context, county.county, nowIso(context)).load(code))?.name ?? code;
}

/**
 * Who is assessed in an area, by key, with their names: every area directly below it, also without a case; units and posts
 * that have a case.
 *
 * @param counted keys that cases were counted for
 */
export async function assessedNames(
  context: RequestContext,
  county: CountyModel,
  by: EvaluationBy,
  inside: string,
  counted: readonly string[],
): Promise<Map<string, string>> {
  const code = county.county;
  const at = nowIso(context);
  if (by === "area") {
    const children = await areaChildren(context, code, at, "", MOST_CHILDREN).load(inside);
    return new Map((children ?? []).map((child) => [child.code, child.name]));
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
  return `${area?.name ?? post.place} ${POST_NAMES[post.kind]}`;
}
