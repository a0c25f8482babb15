import type { LonLat } from "./geometry.ts";
import type { Uuid } from "./ids.ts";

/**
 * Kinds of post (domain.md 2.2): 网格长, 专职网格员, 兼职网格员, 民警, 辅警, 五员 (法官, 检察官, 警官, 法律工作者, 调解员),
 * 包联领导, 社区工作者.
 */
export const POST_KINDS = [
  "grid_leader",
  "full_time",
  "part_time",
  "police",
  "auxiliary",
  "judge",
  "prosecutor",
  "police_officer",
  "legal_worker",
  "mediator",
  "contracted_leader",
  "community_worker",
] as const;
export type PostKind = (typeof POST_KINDS)[number];

/** What posts of a kind are called in the counties' own words (YG1, YG4, DC3): names in the data are Chinese. */
export const POST_KIND_NAMES: Readonly<Record<PostKind, string>> = {
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

/** A post is a duty, not a person; it stands at a fixed address (岗位所在地), never at a live position. */
export interface PostRecord {
  readonly id: Uuid;
  readonly kind: PostKind;
  readonly organisationId: Uuid | null;
  /** Name of the fixed address, e.g. 云兴街社区党群服务中心. */
  readonly place: string;
  readonly point: LonLat;
}

/** A post serves one or many areas; `lead` marks the one that answers for the area. */
export interface PostAreaRecord {
  readonly postId: Uuid;
  readonly areaId: Uuid;
  readonly lead: boolean;
}

/** Duty staff: published official duty only (domain.md section 5). The phone lives in a table of its own. */
export interface StaffRecord {
  readonly id: Uuid;
  readonly name: string;
  readonly nameSort: string;
  readonly title: string;
  readonly organisationId: Uuid | null;
  /** Work contact; demo numbers are unassignable (area code 000 or 199-0000-xxxx). */
  readonly workPhone: string;
}

/** Who holds a post; A answers, B when A is off (AB岗). */
export interface PostHolderRecord {
  readonly postId: Uuid;
  readonly staffId: Uuid;
  readonly slot: "A" | "B";
  readonly from: string;
  readonly to: string | null;
}

/**
 * Weekly duty pattern of a holder in the county's own time. `weekdays` bit 0 = Monday … bit 6 = Sunday;
 * minutes since midnight, `endMinute` up to 2880 for shifts over midnight.
 */
export interface ShiftRecord {
  readonly id: Uuid;
  readonly postId: Uuid;
  readonly slot: "A" | "B";
  readonly weekdays: number;
  readonly startMinute: number;
  readonly endMinute: number;
}

/** A time in which a member of staff is off (leave, training). */
export interface AbsenceRecord {
  readonly id: Uuid;
  readonly staffId: Uuid;
  readonly from: string;
  readonly to: string;
}
