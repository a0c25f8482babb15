import { commonArea } from "../../data/model/codes.ts";
import type { CountyDataset } from "../../data/model/dataset.ts";

/** What rows about duty carry as `scope_code`: codes of areas, the county's code where nothing is served. */
export interface ScopeCodes {
  readonly ofArea: (areaId: string) => string;
  /** Deepest area that holds every area which the post serves. */
  readonly ofPost: (postId: string) => string;
  /** Deepest area that holds every area which the posts of a member of staff serve. */
  readonly ofStaff: (staffId: string) => string;
}

/** Adds a value to the list of a key. */
function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/**
 * Scopes of a county's posts and staff.
 *
 * @param now ISO 8601; posts that a member of staff has left by then do not widen the scope, unless all were left
 */
export function scopeCodes(data: CountyDataset, now: string): ScopeCodes {
  const { county } = data.profile;
  const codes = new Map<string, string>(data.areas.map(({ id, code }) => [id, code]));
  const ofArea = (areaId: string): string => codes.get(areaId) ?? county;
  const served = new Map<string, string[]>();
  for (const { postId, areaId } of data.postAreas) append(served, postId, ofArea(areaId));
  const held = new Map<string, string[]>();
  const left = new Map<string, string[]>();
  for (const { staffId, postId, to } of data.postHolders)
    append(to === null || Date.parse(to) > Date.parse(now) ? held : left, staffId, postId);
  const areasOf = (posts: readonly string[]): string[] => posts.flatMap((post) => served.get(post) ?? []);
  return {
    ofArea,
    ofPost: (postId) => commonArea(served.get(postId) ?? []) ?? county,
    ofStaff: (staffId) =>
      commonArea(areasOf(held.get(staffId) ?? [])) ?? commonArea(areasOf(left.get(staffId) ?? [])) ?? county,
  };
}
