import { nameSort } from "../../model/name-sort.ts";
import { type NamedPlace, placesOf, type TownNames } from "../names/town-names.ts";
import { Prng } from "../prng.ts";
import type { DemoCommunity, DemoTown, DemoVillage } from "../profile.ts";
import { allocate } from "./allocate.ts";

/** Totals of a county that are spread over its real communities and villages. */
export interface TownTotals {
  readonly names: readonly TownNames[];
  /** Text that seeds the spread; the profile's slug. */
  readonly seed: string;
  /** Grids of urban communities, basic and dedicated together. */
  readonly urbanGrids: number;
  readonly dedicatedGrids: number;
  readonly microGrids: number;
  readonly compounds: number;
  /** Grids of villages; 0 where the source counts none. */
  readonly ruralGrids: number;
  /** Households of one basic grid, lowest and highest. */
  readonly householdsPerGrid: readonly [number, number];
  /** Households of one village, or of one rural grid where there are rural grids. */
  readonly householdsPerVillage: readonly [number, number];
  /** True for a place that is an urban community; by default a committee code 001–199 (residents' committee). */
  readonly isCommunity?: (place: NamedPlace) => boolean;
  /** Fixes the basic grids of a community; undefined = its share of what is left. */
  readonly gridsOf?: (place: NamedPlace) => number | undefined;
}

const residentsCommittee = (place: NamedPlace): boolean => Number(place.code.slice(9)) < 200;

/** 001–099 street, 100–199 town, 200–399 township; 400–599 enterprise-run areas rank as townships (domain.md 4.4). */
function kindOfTown(code: string): DemoTown["kind"] {
  const number = Number(code.slice(6, 9));
  if (number < 100) return "street";
  return number < 200 ? "town" : "township";
}

const sumOfDraws = (prng: Prng, count: number, [low, high]: readonly [number, number]): number => {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += prng.int(low, high);
  return sum;
};

/** Spreads the totals over the named places; equal totals give equal towns. */
export function buildTowns(totals: TownTotals): DemoTown[] {
  const isCommunity = totals.isCommunity ?? residentsCommittee;
  const places = totals.names.map(placesOf);
  const communities = places.flat().filter(isCommunity);
  const villages = places.flat().filter((place) => !isCommunity(place));
  const prng = new Prng(`profile/${totals.seed}`);

  const weights = communities.map(() => prng.range(0.75, 1.35));
  const fixed = communities.map((place) => totals.gridsOf?.(place));
  let fixedSum = 0;
  for (const count of fixed) fixedSum += count ?? 0;
  const free = communities.flatMap((_, i) => (fixed[i] === undefined ? [i] : []));
  const spread = allocate(
    totals.urbanGrids - totals.dedicatedGrids - fixedSum,
    free.map((i) => weights[i] as number),
    1,
  );
  const grids = fixed.map((count) => count ?? 0);
  free.forEach((communityIndex, i) => {
    grids[communityIndex] = spread[i] as number;
  });
  // The largest communities have the park, the school, the mall.
  const bySize = communities
    .map((_, i) => i)
    .sort((a, b) => (grids[b] as number) - (grids[a] as number) || a - b)
    .slice(0, totals.dedicatedGrids);
  const micro = totals.microGrids > 0 ? allocate(totals.microGrids, grids) : grids.map(() => 0);
  const compounds = allocate(totals.compounds, grids, 1);
  const builtCommunities = new Map<string, DemoCommunity>(
    communities.map((place, i) => [
      place.code,
      {
        ...place,
        nameSort: nameSort(place.name),
        grids: grids[i] as number,
        dedicatedGrids: bySize.includes(i) ? 1 : 0,
        microGrids: micro[i] as number,
        compounds: compounds[i] as number,
        households: sumOfDraws(prng, grids[i] as number, totals.householdsPerGrid),
      },
    ]),
  );

  const ruralGrids =
    totals.ruralGrids > 0
      ? allocate(
          totals.ruralGrids,
          villages.map(() => prng.range(0.4, 1.6)),
          1,
        )
      : villages.map(() => 0);
  const builtVillages = new Map<string, DemoVillage>(
    villages.map((place, i) => [
      place.code,
      {
        ...place,
        nameSort: nameSort(place.name),
        grids: ruralGrids[i] as number,
        households: sumOfDraws(prng, Math.max(1, ruralGrids[i] as number), totals.householdsPerVillage),
      },
    ]),
  );

  return totals.names.map((town, i) => ({
    code: town.code,
    name: town.name,
    nameSort: nameSort(town.name),
    kind: kindOfTown(town.code),
    communities: (places[i] as NamedPlace[]).flatMap((place) => builtCommunities.get(place.code) ?? []),
    villages: (places[i] as NamedPlace[]).flatMap((place) => builtVillages.get(place.code) ?? []),
  }));
}
