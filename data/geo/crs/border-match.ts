import type { LonLat } from "../../model/geometry.ts";
import { metresPerDegree } from "../measure.ts";
import type { OutlineFit } from "./outline-fit.ts";

/** Tolerances at which positions are compared with the outline, metres: finest first. */
const TOLERANCES_M = [3, 10, 30, 100] as const;
/** An offset can only be told at tolerances well below it. */
const TOLERANCE_SHARE = 0.25;
/** Fewer positions on the line prove nothing. */
const MIN_MATCHES = 12;
/** Times the share that would lie on the line by chance: a small county, or one with many inner borders, is near it all over. */
const MIN_OVER_CHANCE = 4;
const MIN_SHARE = 0.06;
/** The better system must bring this many times more positions onto the line. */
const MIN_FACTOR = 3;

export interface BorderMatch {
  readonly toleranceM: number;
  /** Shares of the positions on the outline, 0–1. */
  readonly as: number;
  readonly other: number;
}

/**
 * Whether positions lie on the county's line much more often when read one way than another. A layer that shares its
 * border with the county (its outline, towns, grids) shows so which of two systems it is in, where they differ by as
 * little as some 50 m; a layer of points says nothing.
 *
 * @param as positions as they are taken now, WGS 84 degrees
 * @param other the same positions taken in another system
 * @returns undefined unless `other` fits clearly better
 */
export function fitsBetter(fit: OutlineFit, as: readonly LonLat[], other: readonly LonLat[]): BorderMatch | undefined {
  const apart = medianDistance(as, other);
  if (!(apart > 0)) return undefined;
  const [distancesAs, distancesOther] = [as.map((p) => fit.distanceM(p)), other.map((p) => fit.distanceM(p))];
  for (const tolerance of TOLERANCES_M) {
    if (tolerance > apart * TOLERANCE_SHARE) break;
    const [matchesAs, matchesOther] = [countUpTo(distancesAs, tolerance), countUpTo(distancesOther, tolerance)];
    const chance = MIN_OVER_CHANCE * fit.chanceOnLine(tolerance) * other.length;
    const needed = Math.max(MIN_MATCHES, MIN_SHARE * other.length, chance, MIN_FACTOR * (matchesAs + 1));
    if (matchesOther >= needed) {
      return { toleranceM: tolerance, as: matchesAs / as.length, other: matchesOther / other.length };
    }
  }
  return undefined;
}

/** Share of the positions on the line, within 30 m: what says that the layer and the county have a border in common. */
export const borderShare = (fit: OutlineFit, points: readonly LonLat[]): number =>
  points.length === 0
    ? 0
    : countUpTo(
        points.map((p) => fit.distanceM(p)),
        30,
      ) / points.length;

const countUpTo = (distances: readonly number[], limit: number): number => distances.filter((d) => d <= limit).length;

function medianDistance(a: readonly LonLat[], b: readonly LonLat[]): number {
  const distances = a
    .map(([lon, lat], i) => {
      const [otherLon, otherLat] = b[i] ?? [Number.NaN, Number.NaN];
      const scale = metresPerDegree(lat);
      return Math.hypot((lon - otherLon) * scale.lon, (lat - otherLat) * scale.lat);
    })
    .filter((d) => Number.isFinite(d))
    .sort((x, y) => x - y);
  return distances[Math.floor(distances.length / 2)] ?? 0;
}

export interface Shift {
  /** From the layer to the outline, metres east and north. */
  readonly east: number;
  readonly north: number;
  /** Share of the positions that meet a corner of the outline after it. */
  readonly share: number;
}

const VOTE_REACH_M = 400;
const VOTE_CELL_M = 5;
const SHIFT_MIN_M = 12;
const SHIFT_MIN_VOTES = 8;
const SHIFT_MIN_SHARE = 0.1;

/**
 * Finds one common shift that lays the corners of a layer on corners of the outline: positions of Xi'an 80 or
 * Beijing 54 taken for CGCS2000 lie some 15–150 m off, all in one direction. Every pair of a position and a corner within
 * 400 m votes for the vector between them; a true shift is one high peak over noise.
 */
export function commonShift(fit: OutlineFit, points: readonly LonLat[]): Shift | undefined {
  const corners = new Map<string, LonLat[]>();
  const { lon: perLon, lat: perLat } = metresPerDegree(fit.center[1]);
  const keyOf = (x: number, y: number): string => `${Math.floor(x / VOTE_REACH_M)},${Math.floor(y / VOTE_REACH_M)}`;
  const flat = ([lon, lat]: LonLat): LonLat => [(lon - fit.west) * perLon, (lat - fit.south) * perLat];
  for (const corner of fit.vertices().map(flat)) {
    const key = keyOf(...corner);
    corners.set(key, [...(corners.get(key) ?? []), corner]);
  }
  const votes = new Map<string, number>();
  for (const [x, y] of points.map(flat)) {
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        for (const [cx, cy] of corners.get(keyOf(x + dx * VOTE_REACH_M, y + dy * VOTE_REACH_M)) ?? []) {
          if (Math.hypot(cx - x, cy - y) > VOTE_REACH_M) continue;
          const key = `${Math.round((cx - x) / VOTE_CELL_M)},${Math.round((cy - y) / VOTE_CELL_M)}`;
          votes.set(key, (votes.get(key) ?? 0) + 1);
        }
      }
    }
  }
  return peakOf(votes, points.length);
}

/** The highest cell with its neighbours, if it stands clear of the next one and of no shift at all. */
function peakOf(votes: ReadonlyMap<string, number>, points: number): Shift | undefined {
  const around = (column: number, row: number): number => {
    let sum = 0;
    for (let dx = -1; dx <= 1; dx++)
      for (let dy = -1; dy <= 1; dy++) sum += votes.get(`${column + dx},${row + dy}`) ?? 0;
    return sum;
  };
  const peaks = [...votes.keys()]
    .map((key) => {
      const [column = 0, row = 0] = key.split(",").map(Number);
      return { column, row, votes: around(column, row) };
    })
    .sort((a, b) => b.votes - a.votes);
  const [best] = peaks;
  if (!best) return undefined;
  const next = peaks.find(({ column, row }) => Math.max(Math.abs(column - best.column), Math.abs(row - best.row)) > 2);
  const [east, north] = [best.column * VOTE_CELL_M, best.row * VOTE_CELL_M];
  const clear =
    best.votes >=
    Math.max(SHIFT_MIN_VOTES, SHIFT_MIN_SHARE * points, 2 * (next?.votes ?? 0), 3 * (votes.get("0,0") ?? 0));
  return clear && Math.hypot(east, north) >= SHIFT_MIN_M ? { east, north, share: best.votes / points } : undefined;
}
