import { LatticeGrid } from "../coverage/noding/lattice-grid.ts";
import { type LonLat, toLattice } from "../model/geometry.ts";
import type { BlockBorders } from "./block-borders.ts";
import type { BorderLine } from "./border-lines.ts";
import { edgeLengths, scales } from "./edge-lengths.ts";
import type { EdgeWeights } from "./graph-of-borders.ts";
import { crossingNear } from "./line-crossings.ts";

/** How far a line may run beside a border to count as the same, metres: half an arterial with its pavements. */
export const ALONG_M = 20;
/** Borders are looked at in pieces no longer than this, metres. */
const PIECE_M = 10;
/** Cosine of the widest angle between a border and what runs along it: 40°. */
const ALONG_COSINE = 0.766;
/** How far from a border a street may cross the river or railway along it, metres: both banks, and the street's own width. */
const CROSSING_M = 30;

/**
 * What runs along each border: pieces of it are held against the lines within the tolerance that go the same way. Where
 * several do, a barrier counts first, then the lowest weight.
 *
 * @param toleranceM metres
 */
export function weighBorders(
  borders: BlockBorders,
  lines: readonly BorderLine[],
  toleranceM: number = ALONG_M,
): EdgeWeights {
  const { xs, ys, from, to } = borders;
  const lengths = edgeLengths(borders);
  const weightAt = nearestWeight(lines, toleranceM);
  const isCrossed = crossingNear(lines, CROSSING_M);
  // Where no street is known nobody can tell where a river is crossed.
  const knowsStreets = lines.some(({ street }) => street === true);
  const barrier = new Float64Array(from.length);
  const obstacle = new Float64Array(from.length);
  const crossed = new Uint8Array(from.length);
  const cost = new Float64Array(from.length);
  for (let edge = 0; edge < from.length; edge++) {
    const length = lengths[edge] as number;
    cost[edge] = length;
    const [a, b] = [from[edge] as number, to[edge] as number];
    const [ax, ay, bx, by] = [xs[a] as number, ys[a] as number, xs[b] as number, ys[b] as number];
    const pieces = Math.max(1, Math.ceil(length / PIECE_M));
    let [sum, blocked, obstructed] = [0, 0, 0];
    for (let n = 0; n < pieces; n++) {
      const share = (n + 0.5) / pieces;
      const along = weightAt(ax + (bx - ax) * share, ay + (by - ay) * share, bx - ax, by - ay);
      const { weight } = along;
      if (along.obstacle && knowsStreets) obstructed += length / pieces;
      if (weight === Infinity) blocked += length / pieces;
      sum += (length / pieces) * (weight === Infinity ? 1 : weight);
    }
    cost[edge] = sum;
    barrier[edge] = blocked;
    obstacle[edge] = obstructed;
    if (obstructed > 0 && isCrossed?.(ax, ay, bx, by)) crossed[edge] = 1;
  }
  return { barrier, cost, obstacle, crossed };
}

interface Along {
  weight: number;
  obstacle: boolean;
}

/** What runs along a place in a direction (lattice units): weight 1 for nothing. The answer is written over by the next one. */
function nearestWeight(
  lines: readonly BorderLine[],
  toleranceM: number,
): (x: number, y: number, dx: number, dy: number) => Readonly<Along> {
  const found: Along = { weight: 1, obstacle: false };
  const segments: {
    readonly a: readonly [number, number];
    readonly b: readonly [number, number];
    readonly line: number;
  }[] = [];
  lines.forEach(({ lines: parts }, line) => {
    for (const part of parts)
      for (let i = 1; i < part.length; i++) {
        const [a, b] = [part[i - 1] as LonLat, part[i] as LonLat];
        segments.push({ a: [toLattice(a[0]), toLattice(a[1])], b: [toLattice(b[0]), toLattice(b[1])], line });
      }
  });
  const scaleAt = scales();
  const grid = new LatticeGrid(segments.length, (segment, box) => {
    const { a, b } = segments[segment] as (typeof segments)[number];
    const scale = scaleAt(a[1]);
    const [wide, high] = [toleranceM / scale.lon, toleranceM / scale.lat];
    box[0] = Math.min(a[0], b[0]) - wide;
    box[1] = Math.min(a[1], b[1]) - high;
    box[2] = Math.max(a[0], b[0]) + wide;
    box[3] = Math.max(a[1], b[1]) + high;
  });
  const inGround = groundTest(lines);
  return (x, y, dx, dy) => {
    found.obstacle = false;
    let best = inGround(x, y, found);
    const scale = scaleAt(y);
    const [ux, uy] = [dx * scale.lon, dy * scale.lat];
    const along = Math.sqrt(ux * ux + uy * uy);
    if (segments.length > 0)
      for (const segment of grid.cell(grid.column(x), grid.row(y))) {
        const { a, b, line } = segments[segment] as (typeof segments)[number];
        const [sx, sy] = [(b[0] - a[0]) * scale.lon, (b[1] - a[1]) * scale.lat];
        const [px, py] = [(x - a[0]) * scale.lon, (y - a[1]) * scale.lat];
        const square = sx * sx + sy * sy;
        if (square === 0) continue;
        if (Math.abs(sx * ux + sy * uy) < ALONG_COSINE * Math.sqrt(square) * along) continue;
        const share = Math.min(1, Math.max(0, (px * sx + py * sy) / square));
        const [ox, oy] = [px - share * sx, py - share * sy];
        if (ox * ox + oy * oy > toleranceM * toleranceM) continue;
        const { weight, obstacle } = lines[line] as BorderLine;
        if (obstacle) found.obstacle = true;
        best = firstOf(best, weight);
      }
    found.weight = best ?? 1;
    return found;
  };
}

/** A barrier counts first, then the lowest weight. */
const firstOf = (best: number | undefined, weight: number): number =>
  best === undefined || weight === Infinity ? weight : best === Infinity ? best : Math.min(best, weight);

/** Weight of the ground that a place lies in, and whether one is an obstacle; undefined beyond all ground. Even-odd over all rings. */
function groundTest(lines: readonly BorderLine[]): (x: number, y: number, found: Along) => number | undefined {
  const grounds = lines
    .filter(({ ground }) => ground.length > 0)
    .map(({ ground, weight, obstacle }) => {
      const rings = ground
        .flat()
        .map((ring) => ring.map(([lon, lat]): [number, number] => [toLattice(lon), toLattice(lat)]));
      const all = rings.flat();
      const box = all.reduce(
        ([w, s, e, n], [x, y]) => [Math.min(w, x), Math.min(s, y), Math.max(e, x), Math.max(n, y)] as const,
        [Infinity, Infinity, -Infinity, -Infinity] as readonly [number, number, number, number],
      );
      return { rings, weight, obstacle, box };
    });
  return (x, y, found) => {
    let best: number | undefined;
    for (const { rings, weight, obstacle, box } of grounds) {
      if (x < box[0] || y < box[1] || x > box[2] || y > box[3]) continue;
      if (!rings.reduce((odd, ring) => odd !== oddCrossings(ring, x, y), false)) continue;
      if (obstacle) found.obstacle = true;
      best = firstOf(best, weight);
    }
    return best;
  };
}

function oddCrossings(ring: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let odd = false;
  for (let i = 1; i < ring.length; i++) {
    const [[ax, ay], [bx, by]] = [ring[i - 1] as [number, number], ring[i] as [number, number]];
    if (ay > y !== by > y && ax + ((y - ay) / (by - ay)) * (bx - ax) > x) odd = !odd;
  }
  return odd;
}
