import { groundOf } from "../coverage/layer-faults.ts";
import { arrange, OUTSIDE } from "../coverage/noding/arrangement.ts";
import { LocateIndex } from "../geo/locate-index.ts";
import { areaM2 } from "../geo/measure.ts";
import type { LonLat } from "../model/geometry.ts";
import type { GroundHolder, LayerPair, MainBasis } from "./layer.ts";

/** A building and what is known of its households. */
export interface CountedBuilding {
  readonly point: LonLat;
  readonly households: number;
  readonly exact: boolean;
}

interface Sum {
  m2: number;
  sole: number;
  owned: number;
  households: number;
  exact: boolean;
}

/** Ground below this, m², comes from rounding to the lattice. */
const DUST_M2 = 1;

/**
 * Which ground of which base grid a layer's grids hold: exact on the lattice, ground of several counted for each. Households
 * are those of buildings, each in one base grid and one of the layer's (the lowest code on a border, as `locate` has it).
 *
 * @param base base grids; where they overlap, ground counts for each
 * @param areas the layer's grids
 * @returns pairs with more than 1 m² in common, by the code of the base grid, then of the layer's
 */
export function mapLayer(
  base: readonly GroundHolder[],
  areas: readonly GroundHolder[],
  buildings: readonly CountedBuilding[],
): LayerPair[] {
  const sorted = [...areas].sort(byCode);
  const grids = [...base].sort(byCode);
  const sums = new Map<string, Sum>();
  const sumOf = (area: number, grid: number): Sum => {
    const key = `${grid} ${area}`;
    const known = sums.get(key);
    if (known) return known;
    const made: Sum = { m2: 0, sole: 0, owned: 0, households: 0, exact: true };
    sums.set(key, made);
    return made;
  };
  const arrangement = arrange([...grids.map(({ geometry }) => geometry), ...sorted.map(({ geometry }) => geometry)]);
  arrangement.owners.forEach((owners, face) => {
    const first = owners.find((owner) => owner >= grids.length);
    if (face === OUTSIDE || first === undefined || (owners[0] as number) >= grids.length) return;
    const ground = groundOf(arrangement, face).areaM2;
    const claims = owners.filter((owner) => owner >= grids.length);
    for (const grid of owners) {
      if (grid >= grids.length) continue;
      for (const owner of claims) {
        const sum = sumOf(owner - grids.length, grid);
        sum.m2 += ground;
        if (claims.length === 1) sum.sole += ground;
        if (owner === first) sum.owned += ground;
      }
    }
  });
  const counted = countHouseholds(grids, sorted, buildings, sumOf);
  const pairs = [...sums].flatMap(([key, sum]) => {
    const [grid = 0, area = 0] = key.split(" ").map(Number);
    return sum.m2 > DUST_M2 ? [{ grid, area, sum }] : [];
  });
  pairs.sort((a, b) => a.grid - b.grid || a.area - b.area);
  return pairs.map(({ grid, area, sum }, n): LayerPair => {
    const known = counted.has(grid);
    const rivals = pairs.filter((one) => one.grid === grid);
    const people = known && rivals.some((one) => one.sum.households > 0);
    const weight = (one: Sum): number => (people ? one.households : one.owned);
    const best = rivals.reduce((most, one) => (weight(one.sum) > weight(most.sum) ? one : most));
    const basis: MainBasis = people ? "households" : "ground";
    return {
      areaId: (sorted[area] as GroundHolder).id,
      gridId: (grids[grid] as GroundHolder).id,
      m2: sum.m2,
      soleM2: sum.sole,
      ownedM2: sum.owned,
      gridM2: areaM2((grids[grid] as GroundHolder).geometry),
      main: best === pairs[n],
      basis,
      households: known ? { count: sum.households, exact: sum.exact } : undefined,
    };
  });
}

const byCode = (a: GroundHolder, b: GroundHolder): number => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);

/** Adds buildings to their pairs. @returns numbers of the base grids that have buildings */
function countHouseholds(
  grids: readonly GroundHolder[],
  areas: readonly GroundHolder[],
  buildings: readonly CountedBuilding[],
  sumOf: (area: number, grid: number) => Sum,
): ReadonlySet<number> {
  const known = new Set<number>();
  if (buildings.length === 0 || areas.length === 0) return known;
  const inGrids = new LocateIndex(grids);
  const inAreas = new LocateIndex(areas);
  for (const { point, households, exact } of buildings) {
    const grid = inGrids.locate(...point).owner;
    if (grid < 0) continue;
    known.add(grid);
    const area = inAreas.locate(...point).owner;
    if (area < 0) continue;
    const sum = sumOf(area, grid);
    sum.households += households;
    sum.exact &&= exact;
  }
  return known;
}
