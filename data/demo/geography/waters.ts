import type { Prng } from "../prng.ts";
import type { GuideCurve, GuideCurves } from "./guide-curves.ts";
import type { Metres } from "./local-plane.ts";
import { ValueNoise } from "./noise.ts";
import { direction, distance, smoothLine } from "./plane-geometry.ts";
import type { SitePlan } from "./site-plan.ts";

export interface Waters {
  /** Open rings, counter-clockwise. */
  readonly river: readonly (readonly Metres[])[];
  readonly lakes: readonly { readonly at: Metres; readonly radius: number; readonly ring: readonly Metres[] }[];
  /** Green banks of the river in the seat. */
  readonly banks: readonly (readonly Metres[])[];
}

/** How far lines are drawn beyond the county's outline. */
const DRAWN_TO = 1.12;

/** Widens the river and the channels to water, adds ponds on the river and green banks in the seat. */
export function pourWaters(plan: SitePlan, curves: GuideCurves, random: Prng): Waters {
  const { style, county, seat } = plan;
  const noise = new ValueNoise(random);
  const [least, most] = style.riverHalfWidth;
  const course = inCounty(plan, curves.river.points);
  const halfWidth = (i: number): number => least + (most - least) * (0.5 + 0.5 * noise.rough(i / 11, 7));
  const river: Metres[][] = [ribbon(course, (i) => halfWidth(i)), ...curves.channels.map((c) => channel(plan, c))];
  const banks: Metres[][] = [];
  for (const side of [1, -1] as const) {
    for (const run of runsWhere(course, (p) => seat.relative(p) < 0.97)) {
      const cut = run.length >> 1;
      for (const [from, to] of [
        [0, cut - 1],
        [cut + 2, run.length],
      ] as const) {
        const piece = run.slice(from, to);
        if (piece.length < 4) continue;
        banks.push(
          strip(
            piece.map((i) => course[i] as Metres),
            (k) => side * (halfWidth(piece[k] as number) + 7),
            (k) => side * (halfWidth(piece[k] as number) + 26 + 16 * noise.at((piece[k] as number) / 9, side * 4)),
          ),
        );
      }
    }
  }
  const lakes: { at: Metres; radius: number; ring: Metres[] }[] = [];
  for (let i = 0; i < style.lakes; i++) {
    const candidates = course.filter((p) => {
      const r = seat.relative(p);
      return r > 1.25 && county.relative(p) < 0.82 && lakes.every((lake) => distance(lake.at, p) > 3000);
    });
    if (candidates.length === 0) break;
    const at = random.pick(candidates);
    const radius = random.range(0.035, 0.05) * county.radius;
    lakes.push({ at, radius, ring: pond(at, radius, noise) });
  }
  return { river, lakes, banks };
}

/** A pond with an uneven shore. */
export function pond(at: Metres, radius: number, noise: ValueNoise): Metres[] {
  const corners: Metres[] = [];
  for (let k = 0; k < 24; k++) {
    const t = k / 3;
    const square: Metres = t < 2 ? [t - 1, -1] : t < 4 ? [1, t - 3] : t < 6 ? [5 - t, 1] : [-1, 7 - t];
    const unit = direction([0, 0], square);
    const r = radius * (0.85 + 0.4 * noise.rough(unit[0] * 1.3 + at[0] / 900, unit[1] * 1.3 + at[1] / 900));
    corners.push([at[0] + unit[0] * r * 1.25, at[1] + unit[1] * r * 0.85]);
  }
  return smoothRing(corners);
}

function smoothRing(ring: readonly Metres[]): Metres[] {
  const wrapped = smoothLine([...ring, ring[0] as Metres, ring[1] as Metres], 2);
  return wrapped.slice(3, wrapped.length - 4);
}

const channel = (plan: SitePlan, curve: GuideCurve): Metres[] => ribbon(inCounty(plan, curve.points), () => 9);

export const inCounty = (plan: SitePlan, points: readonly Metres[]): Metres[] =>
  points.filter((p) => plan.county.relative(p) < DRAWN_TO);

/** Band around a line. */
const ribbon = (line: readonly Metres[], half: (i: number) => number): Metres[] => strip(line, (i) => -half(i), half);

/** Band between two offsets of a line; positive offsets lie left of it. */
function strip(line: readonly Metres[], inner: (i: number) => number, outer: (i: number) => number): Metres[] {
  const offset = (i: number, d: number): Metres => {
    const along = direction(line[Math.max(0, i - 1)] as Metres, line[Math.min(line.length - 1, i + 1)] as Metres);
    const p = line[i] as Metres;
    return [p[0] - along[1] * d, p[1] + along[0] * d];
  };
  const low = line.map((_, i) => offset(i, inner(i)));
  const high = line.map((_, i) => offset(i, outer(i)));
  return inner(0) < outer(0) ? [...low, ...high.reverse()] : [...high, ...low.reverse()];
}

/** Index runs of consecutive points that pass a test. */
function runsWhere(points: readonly Metres[], test: (p: Metres) => boolean): number[][] {
  const out: number[][] = [];
  let open: number[] | undefined;
  points.forEach((p, i) => {
    if (!test(p)) open = undefined;
    else if (open) open.push(i);
    else {
      open = [i];
      out.push(open);
    }
  });
  return out;
}
