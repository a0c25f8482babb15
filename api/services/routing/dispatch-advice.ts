import { refusingItem } from "../../../data/dispatch/admission.ts";
import {
  DISPATCH_VERSION,
  type PostSuggestion,
  type RankedPost,
  rankPosts,
} from "../../../data/dispatch/rank-posts.ts";
import { viewCovers } from "../../../data/dispatch/view-covers.ts";
import { metresPerDegree } from "../../../data/geo/measure.ts";
import { standsFor } from "../../../data/model/duty.ts";
import { notFound, userError } from "../../../data/model/errors.ts";
import type { LonLat } from "../../../data/model/geometry.ts";
import { areaWithin } from "../../../data/policy/viewer.ts";
import { camerasReaching } from "../../../db/repositories/camera-repository.ts";
import { dutyPostsInside } from "../../../db/repositories/duty-repository.ts";
import { openCasesOfPosts, postsById } from "../../../db/repositories/staff-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import type { CameraViewModel, CountyModel, DispatchAdviceModel, IncidentRow, PostRow } from "../../mappers.ts";
import { isSensitiveClass } from "../class-of.ts";
import { incidentById, readingOf } from "../loaders.ts";
import { requireCountyOf, requireGlobalId } from "../require.ts";
import { required } from "../required.ts";
import { admissionListOf } from "./ownership.ts";

/** More suggestions than that are a list, not advice. */
const MOST = 50;

/** A post as it is ranked, and who answers there now. */
type Candidate = RankedPost & { readonly row: PostRow; readonly staffId: string | null };

/** Whom to send to a case, and which cameras look there. @throws NOT_FOUND for what the viewer may not see */
export async function dispatchAdvice(
  context: RequestContext,
  text: string,
  first: number,
): Promise<DispatchAdviceModel> {
  if (!(first >= 1 && first <= MOST))
    throw userError(`${first} suggestions cannot be given`, { at: "first", hint: `From 1 to ${MOST}.` });
  const { county: code, id } = requireGlobalId(text, "Incident", "incident");
  const county = await requireCountyOf(context, code, `incident ${text}`, "incident");
  const incident = await incidentById(context, readingOf(context, county)).load(id);
  if (!incident) throw notFound(`there is no incident ${text}`, { at: "incident" });
  const posts = await candidatePosts(context, county, incident);
  const ranked = rankPosts(posts, incident.classCode, pointOf(incident), first);
  return {
    version: DISPATCH_VERSION,
    suggestions: ranked.map(({ post, score, factors }: PostSuggestion<Candidate>) => ({
      county: code,
      post: post.row,
      staffId: post.staffId,
      score,
      factors: [...factors],
    })),
    cameras: await camerasOn(context, county, incident),
  };
}

const pointOf = ({ lon, lat }: IncidentRow): LonLat => [
  required(lon, "point of an incident"),
  required(lat, "point of an incident"),
];

/** Posts of the case's town (of the county, outside all) that the viewer sees and the admission list lets do the class. */
async function candidatePosts(
  context: RequestContext,
  county: CountyModel,
  incident: IncidentRow,
): Promise<Candidate[]> {
  const { county: code, timezone } = county;
  const town = incident.scopeCode?.slice(0, 9) ?? code;
  const items = await admissionListOf(context, code);
  return inCounty(context, code, async (tx) => {
    const duty = (await dutyPostsInside(tx, code, [town], nowIso(context))).get(town) ?? [];
    const allowed = duty.filter(({ kind }) => !refusingItem(items, incident.classCode, { postKind: kind }));
    const ids = allowed.map(({ postId }) => postId);
    const rows = await postsById(tx, code, ids);
    const loads = await openCasesOfPosts(tx, code, ids);
    return allowed.flatMap((post): Candidate[] => {
      const row = rows.get(post.postId);
      if (!row) return [];
      const { staffId, onDuty } = standsFor(post, context.nowMs, timezone);
      const load = loads.get(post.postId) ?? 0;
      return [{ postId: post.postId, kind: post.kind, point: [row.lon, row.lat], load, onShift: onDuty, row, staffId }];
    });
  });
}

/**
 * Cameras whose nominal view holds the case, nearest first. None for sensitive classes; none indoors, whose view ends at a
 * wall; none for roles that may not read which way a camera looks.
 */
async function camerasOn(
  context: RequestContext,
  county: CountyModel,
  incident: IncidentRow,
): Promise<CameraViewModel[]> {
  const { county: code } = county;
  const own = context.viewer && areaWithin(context.viewer, code);
  if (!own || (await isSensitiveClass(context, code, incident.classCode))) return [];
  const point = pointOf(incident);
  const perDegree = metresPerDegree(point[1]);
  const cameras = await inCounty(context, code, (tx) => camerasReaching(tx, code, own, point, perDegree));
  return cameras
    .flatMap((camera) => {
      const sight = camera.indoor ? undefined : viewCovers({ ...camera, point: [camera.lon, camera.lat] }, point);
      return sight ? [{ camera, ...sight }] : [];
    })
    .sort((a, b) => a.distanceM - b.distanceM || (a.camera.id < b.camera.id ? -1 : 1));
}
