import { distanceM } from "../geo/measure.ts";
import type { LonLat } from "../model/geometry.ts";

/** What of a case is compared. */
export interface ComparedCase {
  readonly point: LonLat;
  /** Five digits; null where it is not known yet: then place and time alone are compared. */
  readonly classCode: string | null;
  readonly openedMs: number;
}

export interface Likeness {
  readonly distanceM: number;
  /** Whole minutes between the openings. */
  readonly minutes: number;
  /** 0 … 1. */
  readonly score: number;
}

/** Beyond it two reports are not of one place: about a block of houses, metres. */
export const SIMILAR_WITHIN_M = 200;
/** Beyond it a matter that is still open is known, or another one: three days. */
export const SIMILAR_WITHIN_MS = 3 * 86_400_000;
/** Score from which on a case is suggested: at least the same place or, near it, the same class within a day. */
export const SIMILAR_FROM = 0.5;

/** The place says most, since a matter stands where it stands; the same class of two callers differs easily, and so do times. */
const WEIGHT = { place: 0.5, class: 0.3, time: 0.2 } as const;
/** Another class of the same major: "rubbish" for one caller is "rubble" for the next. */
const SAME_MAJOR = 0.5;

/**
 * How alike two cases are: the sum of place (1 at the same point, 0 from 200 m on), class (1 the same, ½ the same major) and
 * time (1 at the same instant, 0 from three days on) by their weights. 0 where place, time or class has nothing in common.
 */
export function similarity(one: ComparedCase, other: ComparedCase): Likeness {
  const metres = distanceM(one.point, other.point);
  const apartMs = Math.abs(one.openedMs - other.openedMs);
  const place = Math.max(0, 1 - metres / SIMILAR_WITHIN_M);
  const time = Math.max(0, 1 - apartMs / SIMILAR_WITHIN_MS);
  const likeness = { distanceM: metres, minutes: Math.floor(apartMs / 60_000) };
  const sum = WEIGHT.place * place + WEIGHT.time * time;
  if (one.classCode === null || other.classCode === null)
    return { ...likeness, score: place * time === 0 ? 0 : sum / (WEIGHT.place + WEIGHT.time) };
  const kind =
    one.classCode === other.classCode ? 1 : one.classCode.slice(0, 2) === other.classCode.slice(0, 2) ? SAME_MAJOR : 0;
  return { ...likeness, score: place * time * kind === 0 ? 0 : sum + WEIGHT.class * kind };
}
