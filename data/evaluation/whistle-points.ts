/**
 * Points of departments for answering whistles (吹哨报到, domain.md E8 and DC6), version 1. Every call starts at 100. Being
 * too late costs 40, once: however late, and whether it is told once or often. Not having come when a whistle ends after
 * the due time costs the rest. A department's points of a year are the mean over its calls of that year; the communities'
 * share of the year's assessment (a third, DC6) is that part of them. The numbers 100 and 40 are our design: the source
 * says only that points are managed and that a third of the assessment is the communities'.
 */
const FULL_POINTS = 100;
const LATE_COST = 40;

/** What is known of one call; instants are epoch ms, null = not yet. */
export interface CallTimes {
  readonly arriveBy: number;
  readonly arrivedAt: number | null;
  /** End of its whistle. */
  readonly endedAt: number | null;
}

export interface CallStanding {
  /** Arrived too late, or has not come and the time is over. */
  readonly late: boolean;
  /** 0 … 100 */
  readonly points: number;
}

/**
 * How a call stands at an instant. Who was not there when a whistle ended before the due time was called off: not late.
 *
 * @param asOf epoch ms; what is told later does not count yet
 */
export function callStanding({ arriveBy, arrivedAt, endedAt }: CallTimes, asOf: number): CallStanding {
  const came = arrivedAt !== null && arrivedAt <= asOf;
  const ended = endedAt !== null && endedAt <= asOf;
  const waitedUntil = came ? arrivedAt : ended ? endedAt : asOf;
  const late = waitedUntil > arriveBy;
  return { late, points: late ? (came || !ended ? FULL_POINTS - LATE_COST : 0) : FULL_POINTS };
}

/** One entry of the log of whistles; instants are epoch ms. */
export type WhistleEntry =
  | {
      readonly kind: "called";
      readonly at: number;
      readonly whistle: string;
      readonly call: string;
      readonly organisation: string;
      readonly arriveBy: number;
    }
  | { readonly kind: "arrived"; readonly at: number; readonly call: string }
  | { readonly kind: "ended"; readonly at: number; readonly whistle: string; readonly rating: number };

/** A department's answers to whistles. */
export interface DepartmentPoints {
  readonly organisation: string;
  readonly calls: number;
  /** Arrivals in time. */
  readonly inTime: number;
  /** Arrivals too late, or none though the time is over. */
  readonly late: number;
  /** Mean rating of its ended whistles, 1 … 5; null without one. */
  readonly rating: number | null;
  /** Mean points of its calls, 0 … 100. */
  readonly points: number;
  /** The communities' share of the year's assessment. */
  readonly yearPart: number;
}

/**
 * Departments by their points, from the log alone: in whatever order it is read, and however often an entry is repeated (the
 * first arrival and the first end count).
 *
 * @param asOf epoch ms: the log up to this instant
 * @param communityShare share of the year's assessment that communities give, 0 … 1 (`CountyProcess.communityShare`)
 * @returns best first; of equal ones who was called more often, then by id
 */
export function departmentPoints(
  log: Iterable<WhistleEntry>,
  asOf: number,
  communityShare: number,
): DepartmentPoints[] {
  const calls = new Map<string, Extract<WhistleEntry, { kind: "called" }>>();
  const arrivals = new Map<string, number>();
  const ends = new Map<string, Extract<WhistleEntry, { kind: "ended" }>>();
  for (const entry of log) {
    if (entry.at > asOf) continue;
    if (entry.kind === "called") calls.set(entry.call, entry);
    else if (entry.kind === "arrived")
      arrivals.set(entry.call, Math.min(arrivals.get(entry.call) ?? Number.POSITIVE_INFINITY, entry.at));
    else {
      const known = ends.get(entry.whistle);
      if (!known || entry.at < known.at) ends.set(entry.whistle, entry);
    }
  }
  const sums = new Map<string, { calls: number; inTime: number; late: number; points: number; ratings: number[] }>();
  for (const { call, whistle, organisation, arriveBy } of calls.values()) {
    const sum = sums.get(organisation) ?? { calls: 0, inTime: 0, late: 0, points: 0, ratings: [] };
    sums.set(organisation, sum);
    const arrivedAt = arrivals.get(call) ?? null;
    const end = ends.get(whistle);
    const { late, points } = callStanding({ arriveBy, arrivedAt, endedAt: end?.at ?? null }, asOf);
    sum.calls++;
    sum.points += points;
    if (late) sum.late++;
    else if (arrivedAt !== null) sum.inTime++;
    if (end) sum.ratings.push(end.rating);
  }
  return [...sums]
    .map(([organisation, { calls: count, inTime, late, points, ratings }]) => ({
      organisation,
      calls: count,
      inTime,
      late,
      rating: ratings.length === 0 ? null : ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length,
      points: points / count,
      yearPart: (points / count) * communityShare,
    }))
    .sort((a, b) => b.points - a.points || b.calls - a.calls || (a.organisation < b.organisation ? -1 : 1));
}
