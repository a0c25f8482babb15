import type { AbsenceRecord, PostKind, ShiftRecord } from "./staff.ts";
import { POST_KINDS } from "./staff.ts";
import { instantOfLocal, localTime } from "./zoned-time.ts";

/** One holder of a post. Absences are those that may touch the current shift; instants are ISO 8601 text. */
export interface DutyHolder {
  readonly staffId: string;
  readonly slot: "A" | "B";
  /** When the holding ends; null = open-ended. */
  readonly to: string | null;
  readonly absences: readonly Pick<AbsenceRecord, "from" | "to">[];
}

/** A post as linked to one area, with all that tells who stands for it. */
export interface DutyPost {
  readonly postId: string;
  readonly kind: PostKind;
  readonly areaCode: string;
  readonly lead: boolean;
  readonly holders: readonly DutyHolder[];
  readonly shifts: readonly Pick<ShiftRecord, "slot" | "weekdays" | "startMinute" | "endMinute">[];
}

/** Who stands for a post at one instant. */
export interface DutyAssignment {
  readonly postId: string;
  readonly areaCode: string;
  readonly lead: boolean;
  /** The one who answers: A, or B while A is off; null when both are away. */
  readonly staffId: string | null;
  readonly slot: "A" | "B" | null;
  /** The instant lies in the answering person's shift. */
  readonly onDuty: boolean;
  /** When the current shift, holding or presence ends, ISO 8601; null off duty. */
  readonly until: string | null;
}

type Shift = DutyPost["shifts"][number];

/** End (epoch ms) of the latest-ending shift that holds the instant; undefined when none does. */
function shiftEnd(shifts: readonly Shift[], slot: "A" | "B", atMs: number, timezone: string): number | undefined {
  const now = localTime(atMs, timezone);
  let end: number | undefined;
  for (const shift of shifts) {
    if (shift.slot !== slot) continue;
    // A shift that began today, or yesterday and runs over midnight.
    for (const daysAgo of [0, 1]) {
      const weekday = (now.weekday - daysAgo + 7) % 7;
      const minute = now.minute + daysAgo * 1440;
      if (!(shift.weekdays & (1 << weekday)) || minute < shift.startMinute || minute >= shift.endMinute) continue;
      const until = instantOfLocal(now.day - daysAgo, shift.endMinute, timezone);
      if (end === undefined || until > end) end = until;
    }
  }
  return end;
}

const isAway = (holder: DutyHolder, atMs: number): boolean =>
  holder.absences.some(({ from, to }) => Date.parse(from) <= atMs && atMs < Date.parse(to));

/** The duty ends with the shift, with the holding, or when an absence begins. */
function dutyEnd(holder: DutyHolder, shiftEndMs: number, atMs: number): string {
  const ends = [shiftEndMs, ...holder.absences.map(({ from }) => Date.parse(from)).filter((from) => from > atMs)];
  if (holder.to) ends.push(Date.parse(holder.to));
  return new Date(Math.min(...ends)).toISOString();
}

/**
 * Who stands for a post (AB岗): A answers in A's shifts; while A is away, B answers in A's shifts and in B's own; B's own
 * shifts count too when A is off duty. Off duty, the first who is not away is named.
 */
export function standsFor(post: DutyPost, atMs: number, timezone: string): DutyAssignment {
  const present = (slot: "A" | "B") => post.holders.filter((holder) => holder.slot === slot && !isAway(holder, atMs));
  const [a] = present("A");
  const [b] = present("B");
  const endA = shiftEnd(post.shifts, "A", atMs, timezone);
  const endB = shiftEnd(post.shifts, "B", atMs, timezone);
  const answer = (holder: DutyHolder | undefined, end: number | undefined): DutyAssignment => ({
    postId: post.postId,
    areaCode: post.areaCode,
    lead: post.lead,
    staffId: holder?.staffId ?? null,
    slot: holder?.slot ?? null,
    onDuty: holder !== undefined && end !== undefined,
    until: holder && end !== undefined ? dutyEnd(holder, end, atMs) : null,
  });
  if (a && endA !== undefined) return answer(a, endA);
  if (b && endB !== undefined) return answer(b, endB);
  if (b && !a && endA !== undefined) return answer(b, endA);
  return answer(a ?? b, undefined);
}

/**
 * Who stands for the posts of an area, the one who answers now first: on duty before off duty, the post that leads
 * before the others, the closer area before its ancestors, then by kind of post.
 *
 * @param posts posts linked to the area or its ancestors
 * @param atMs instant, epoch milliseconds
 * @param timezone the county's IANA zone, in which shifts are written
 */
export function dutyAssignments(posts: readonly DutyPost[], atMs: number, timezone: string): DutyAssignment[] {
  // A post linked to the area and to an ancestor counts once, through the closer one.
  const closest = new Map<string, DutyPost>();
  for (const post of posts) {
    const known = closest.get(post.postId);
    if (!known || post.areaCode.length > known.areaCode.length) closest.set(post.postId, post);
  }
  const rank = (post: DutyPost, assignment: DutyAssignment): readonly number[] => [
    assignment.onDuty ? 0 : 1,
    assignment.lead ? 0 : 1,
    -assignment.areaCode.length,
    POST_KINDS.indexOf(post.kind),
  ];
  return [...closest.values()]
    .map((post) => {
      const assignment = standsFor(post, atMs, timezone);
      return { assignment, rank: rank(post, assignment) };
    })
    .sort((x, y) => {
      for (const [i, value] of x.rank.entries()) {
        const difference = value - (y.rank[i] as number);
        if (difference !== 0) return difference;
      }
      return x.assignment.postId < y.assignment.postId ? -1 : 1;
    })
    .map(({ assignment }) => assignment);
}
