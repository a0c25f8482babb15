import { distanceM } from "../geo/measure.ts";
import type { LonLat } from "../model/geometry.ts";
import type { PostKind } from "../model/staff.ts";
import { isSkilled } from "./post-skills.ts";

/** Version of the score: it is shown beside every suggestion and changes with anything in this module. */
export const DISPATCH_VERSION = "1";

export const DISPATCH_FACTORS = ["distance", "load", "skill", "shift"] as const;
export type DispatchFactorKey = (typeof DISPATCH_FACTORS)[number];

/**
 * Weights of the sum, 1 in all. Who cannot do the matter or is not at work cannot help however near they are, so skill and
 * shift lead; then the way to go; what is already open at a post weighs least, since small matters wait in line. Our choice,
 * not a standard: a change of it is a new version.
 */
export const DISPATCH_WEIGHTS: Readonly<Record<DispatchFactorKey, number>> = {
  distance: 0.25,
  load: 0.15,
  skill: 0.3,
  shift: 0.3,
};

/** Distance at which its score is a half, metres: some minutes on foot. */
const HALF_DISTANCE_M = 500;
/** Open cases at which the score of the load is a half. */
const HALF_LOAD = 4;

/** A post that may be sent. */
export interface RankedPost {
  readonly postId: string;
  readonly kind: PostKind;
  /** The post's fixed address (岗位所在地). Positions of people are not held, let alone measured from. */
  readonly point: LonLat;
  /** Open cases assigned to it. */
  readonly load: number;
  /** Somebody of it is in the shift now. */
  readonly onShift: boolean;
}

export interface DispatchFactor {
  readonly key: DispatchFactorKey;
  /** Metres, cases, or 1 and 0. */
  readonly value: number;
  /** 0 … 1, best 1. */
  readonly score: number;
  readonly weight: number;
}

export interface PostSuggestion<Post extends RankedPost = RankedPost> {
  readonly post: Post;
  /** Sum of weight × score, 0 … 1. */
  readonly score: number;
  readonly factors: readonly DispatchFactor[];
}

/** The score of one post for a case at a point. */
export function scorePost<Post extends RankedPost>(post: Post, classCode: string, point: LonLat): PostSuggestion<Post> {
  const metres = distanceM(post.point, point);
  const skilled = isSkilled(post.kind, classCode) ? 1 : 0;
  const shift = post.onShift ? 1 : 0;
  const measured: Readonly<Record<DispatchFactorKey, readonly [value: number, score: number]>> = {
    distance: [metres, HALF_DISTANCE_M / (HALF_DISTANCE_M + metres)],
    load: [post.load, HALF_LOAD / (HALF_LOAD + post.load)],
    skill: [skilled, skilled],
    shift: [shift, shift],
  };
  const factors = DISPATCH_FACTORS.map((key) => {
    const [value, score] = measured[key];
    return { key, value, score, weight: DISPATCH_WEIGHTS[key] };
  });
  return { post, factors, score: factors.reduce((sum, { weight, score }) => sum + weight * score, 0) };
}

/**
 * The posts that suit a case best, best first; of equal scores the nearer one, then the one with the lower id.
 *
 * @param classCode class of the case, five digits
 * @param point where it is, WGS 84 lon/lat
 * @param first how many at most
 */
export function rankPosts<Post extends RankedPost>(
  posts: readonly Post[],
  classCode: string,
  point: LonLat,
  first: number,
): PostSuggestion<Post>[] {
  const metres = (one: PostSuggestion): number => one.factors[0]?.value ?? 0;
  return posts
    .map((post) => scorePost(post, classCode, point))
    .sort((a, b) => b.score - a.score || metres(a) - metres(b) || (a.post.postId < b.post.postId ? -1 : 1))
    .slice(0, first);
}
