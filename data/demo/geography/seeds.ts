import type { Prng } from "../prng.ts";
import type { GuideCurve, GuideCurves } from "./guide-curves.ts";
import type { Metres } from "./local-plane.ts";
import { ValueNoise } from "./noise.ts";
import { direction, distance } from "./plane-geometry.ts";
import type { SitePlan } from "./site-plan.ts";

/** A seed becomes one cell of the Voronoi mesh. */
export interface Seed {
  readonly at: Metres;
  readonly urban: boolean;
  /** Index of the site whose built-up area it belongs to; the seat is -1; meaningless in the countryside. */
  readonly centre: number;
  /** Street grid and place in it; undefined off the grid. */
  readonly street?: { readonly grid: string; readonly i: number; readonly j: number };
  /** Guide curve whose two sides it makes, and the side. */
  readonly guide?: { readonly curve: GuideCurve; readonly side: 1 | -1 };
  /** Side of the river. */
  readonly bank: 1 | -1;
}

/** Distance to a curve and the side of it, by its samples. */
export function nearCurve(point: Metres, curve: readonly Metres[]): { readonly gap: number; readonly side: 1 | -1 } {
  let best = 0;
  let gap = Number.POSITIVE_INFINITY;
  for (let i = 0; i < curve.length; i++) {
    const d = distance(point, curve[i] as Metres);
    if (d < gap) [gap, best] = [d, i];
  }
  const a = curve[Math.max(0, best - 1)] as Metres;
  const b = curve[Math.min(curve.length - 1, best + 1)] as Metres;
  const cross = (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]);
  return { gap, side: cross >= 0 ? 1 : -1 };
}

/** Points hashed by square cells: is anything nearer than a distance? */
class PointHash {
  readonly #cells = new Map<number, Metres[]>();
  constructor(readonly size: number) {}

  #key(column: number, row: number): number {
    return (column + 100000) * 262144 + row + 100000;
  }

  add(point: Metres): void {
    const key = this.#key(Math.floor(point[0] / this.size), Math.floor(point[1] / this.size));
    const cell = this.#cells.get(key);
    if (cell) cell.push(point);
    else this.#cells.set(key, [point]);
  }

  crowded(point: Metres, radius: number): boolean {
    const reach = Math.ceil(radius / this.size);
    const column = Math.floor(point[0] / this.size);
    const row = Math.floor(point[1] / this.size);
    for (let i = column - reach; i <= column + reach; i++) {
      for (let j = row - reach; j <= row + reach; j++) {
        for (const other of this.#cells.get(this.#key(i, j)) ?? []) if (distance(point, other) < radius) return true;
      }
    }
    return false;
  }
}

/**
 * Spreads the seeds: pairs that mirror each other across the river and the country roads, so that their common border
 * runs along the line; rows and columns of a bent street grid in the seat and the satellite centres; loose points in the
 * countryside, denser near the built-up areas.
 */
export function spreadSeeds(plan: SitePlan, curves: GuideCurves, random: Prng): Seed[] {
  const { seat, county, superblock, ruralSpacing } = plan;
  const seeds: Seed[] = [];
  const hash = new PointHash(superblock);
  const centreOf = (point: Metres): number | undefined => {
    if (seat.relative(point) < 1) return -1;
    const i = plan.sites.findIndex((site) => site.radius > 0 && distance(site.at, point) < site.radius);
    return i < 0 ? undefined : i;
  };
  const spacingAt = (point: Metres): number => {
    let rim = Math.max(0, (seat.relative(point) - 1) * seat.radius);
    for (const site of plan.sites)
      if (site.radius > 0) rim = Math.min(rim, Math.max(0, distance(site.at, point) - site.radius));
    return Math.min(ruralSpacing, superblock * 0.8 + rim * 0.3);
  };
  const add = (at: Metres, extra: Partial<Seed>): void => {
    const centre = centreOf(at);
    seeds.push({
      at,
      urban: centre !== undefined,
      centre: centre ?? -1,
      bank: nearCurve(at, curves.river.points).side,
      ...extra,
    });
    hash.add(at);
  };

  const addPairs = (curve: GuideCurve, ratio: number, offsetRatio: number): void => {
    let left = 0;
    for (let i = 1; i + 1 < curve.points.length; i++) {
      const here = curve.points[i] as Metres;
      left -= distance(curve.points[i - 1] as Metres, here);
      if (left > 0 || county.relative(here) > 1.2) continue;
      const spacing = spacingAt(here) * (seat.relative(here) < 1 ? 1 : ratio);
      const along = direction(curve.points[i - 1] as Metres, curve.points[i + 1] as Metres);
      const d = spacing * offsetRatio;
      const pair: Metres[] = [
        [here[0] - along[1] * d, here[1] + along[0] * d],
        [here[0] + along[1] * d, here[1] - along[0] * d],
      ];
      if (pair.some((at) => hash.crowded(at, spacing * 0.62))) {
        left = spacing * 0.25;
        continue;
      }
      pair.forEach((at, k) => {
        add(at, {
          guide: { curve, side: k === 0 ? 1 : -1 },
          ...(curve.kind === "river" ? { bank: k === 0 ? 1 : -1 } : {}),
        });
      });
      left = spacing * random.range(0.9, 1.15);
    }
  };
  addPairs(curves.river, 0.8, 0.42);
  addPairs(curves.outline, 0.8, 0.4);

  const bend = new ValueNoise(random.fork("bend"));
  addStreetGrid(
    plan,
    plan.seat.centre,
    seat.radius * 1.3,
    plan.style.streetSlope,
    random.fork("old"),
    bend,
    (at, street) => {
      if (seat.relative(at) > 1 || nearCurve(at, curves.river.points).side > 0) return;
      if (!hash.crowded(at, superblock * 0.64)) add(at, { street: { grid: "old", ...street } });
    },
  );
  const turned = plan.style.streetSlope + plan.style.newDistrictTurn;
  addStreetGrid(plan, plan.seat.centre, seat.radius * 1.3, turned, random.fork("new"), bend, (at, street) => {
    if (seat.relative(at) > 1 || nearCurve(at, curves.river.points).side < 0) return;
    if (!hash.crowded(at, superblock * 0.64)) add(at, { street: { grid: "new", ...street } });
  });
  plan.sites.forEach((site, s) => {
    if (site.radius === 0) return;
    const local = random.fork(`centre ${s}`);
    const slope = local.range(-0.35, 0.35);
    addStreetGrid(plan, site.at, site.radius * 1.1, slope, local, bend, (at, street) => {
      if (centreOf(at) !== s || hash.crowded(at, superblock * 0.64)) return;
      add(at, { street: { grid: `centre ${s}`, ...street } });
    });
    // A centre smaller than a superblock still gets three cells: one can turn rural where the town is shut in.
    const half = superblock * 0.55;
    for (const [x, y] of [
      [0, 0],
      [half, 0],
      [0, half],
    ] as const) {
      const at: Metres = [site.at[0] + x, site.at[1] + y];
      const count = seeds.filter((seed) => seed.urban && seed.centre === s).length;
      if (count < 3 && !hash.crowded(at, superblock * 0.3)) add(at, { urban: true, centre: s });
    }
  });
  for (const road of curves.roads) addPairs(road, 0.85, 0.4);

  const reach = county.radius * 1.6;
  const tries = Math.ceil(((reach * reach * 4) / (ruralSpacing * ruralSpacing)) * 16);
  const scatter = random.fork("scatter");
  for (let i = 0; i < tries; i++) {
    const at: Metres = [scatter.range(-reach, reach), scatter.range(-reach, reach)];
    if (county.relative(at) > 1.35 || seat.relative(at) < 1.02) continue;
    const spacing = spacingAt(at);
    if (!hash.crowded(at, spacing * 0.8)) add(at, { urban: false });
  }
  return seeds;
}

/** Rows and columns at uneven distances on a turned and bent frame. */
function addStreetGrid(
  plan: SitePlan,
  centre: Metres,
  radius: number,
  slope: number,
  random: Prng,
  bend: ValueNoise,
  place: (at: Metres, street: { readonly i: number; readonly j: number }) => void,
): void {
  const side = plan.superblock;
  const ladder = (): number[] => {
    const out: number[] = [];
    for (let at = -radius - random.range(0, side); at < radius; at += side * random.range(0.74, 1.3)) out.push(at);
    return out;
  };
  const [us, vs] = [ladder(), ladder()];
  const length = Math.sqrt(1 + slope * slope);
  const east: Metres = [1 / length, slope / length];
  us.forEach((u, i) => {
    vs.forEach((v, j) => {
      const w = plan.style.warp * side;
      const bu = u + w * 2.2 * bend.at(u / (side * 5) + 9, v / (side * 5));
      const bv = v + w * 2.2 * bend.at(u / (side * 5), v / (side * 5) + 23);
      const at: Metres = [
        centre[0] + east[0] * bu - east[1] * bv + random.range(-0.03, 0.03) * side,
        centre[1] + east[1] * bu + east[0] * bv + random.range(-0.03, 0.03) * side,
      ];
      place(at, { i, j });
    });
  });
}
