import type { ImportLog } from "../importers/report.ts";
import type { HouseholdBasis } from "./count.ts";
import { isOwnCount } from "./count.ts";
import type { SpreadBasis, SpreadPart } from "./spread.ts";
import { largestRemainder, spreadWeights } from "./spread.ts";

export interface SpreadBuilding extends SpreadPart {
  readonly id: string;
  readonly compoundId: string | null;
  /** Deepest area that it stands in. */
  readonly scopeCode: string;
  readonly households: number;
  readonly exact: boolean;
  readonly basis: HouseholdBasis;
}

export interface SpreadCompound {
  readonly id: string;
  readonly communityCode: string;
  readonly households: number;
  readonly exact: boolean;
  readonly basis: HouseholdBasis;
  /** Grids that it lies in, with the share of its households. */
  readonly grids: readonly { readonly code: string; readonly share: number }[];
}

export interface SpreadArea {
  readonly code: string;
  /** Null: not known. */
  readonly households: number | null;
  readonly exact: boolean;
  readonly basis: HouseholdBasis;
  /** Whether no area lies in it. */
  readonly lowest: boolean;
}

/** A count that the spread gives. */
export interface SpreadCount {
  readonly households: number;
  readonly exact: boolean;
  readonly basis: HouseholdBasis;
}

export interface SpreadPlan {
  /** By building: those that get another figure than they have. */
  readonly buildings: ReadonlyMap<string, SpreadCount>;
  /** By code: lowest areas without a figure of their own that get the sum of their buildings. */
  readonly areas: ReadonlyMap<string, SpreadCount>;
}

/**
 * Spreads totals over buildings that have no figure of their own: first those of compounds, then those of areas, the
 * deepest that have one. What a source gave for a building stays, and the buildings of a total sum to it exactly, save where
 * its own figures exceed it or nothing is there to take the rest; both are flagged.
 */
export function planSpread(
  buildings: readonly SpreadBuilding[],
  compounds: readonly SpreadCompound[],
  areas: readonly SpreadArea[],
  log: ImportLog,
): SpreadPlan {
  const settled = new Map<string, SpreadCount>();
  for (const building of buildings) if (isOwnCount(building.basis)) settled.set(building.id, building);
  const spread = (total: number, inside: readonly SpreadBuilding[], name: string): void => {
    const open = inside.filter(({ id }) => !settled.has(id));
    const fixed = inside.reduce((sum, { id }) => sum + (settled.get(id)?.households ?? 0), 0);
    if (fixed > total)
      log.flag(
        "counts_exceed_total",
        `buildings count more households than the total given for where they stand, first ${name}: ${fixed} of ${total}; counts are kept`,
      );
    if (open.length === 0) {
      if (inside.length > 0 && fixed < total)
        log.flag(
          "total_not_reached",
          `every building has a figure of its own and they fall short of the total, first ${name}: ${fixed} of ${total}`,
        );
      return;
    }
    const { weights, basis } = spreadWeights(open);
    const counts = largestRemainder(Math.max(total - fixed, 0), weights);
    for (const [index, { id }] of open.entries())
      settled.set(id, { households: counts[index] as number, exact: false, basis });
    said(log, basis, open.length);
  };

  const byCompound = new Map<string, SpreadBuilding[]>();
  for (const building of buildings) {
    if (building.compoundId === null) continue;
    const group = byCompound.get(building.compoundId);
    if (group) group.push(building);
    else byCompound.set(building.compoundId, [building]);
  }
  const empty: SpreadCompound[] = [];
  for (const compound of compounds) {
    if (!isOwnCount(compound.basis)) continue;
    const group = byCompound.get(compound.id);
    if (group) spread(compound.households, group, `compound ${compound.id}`);
    else empty.push(compound);
  }

  const sorted = [...buildings].sort((a, b) => compare(a.scopeCode, b.scopeCode) || compare(a.id, b.id));
  const own = areas.filter(({ basis, households }) => households !== null && isOwnCount(basis));
  const placed = new Set<string>();
  for (const area of [...own].sort((a, b) => b.code.length - a.code.length || compare(a.code, b.code))) {
    const inside = insideOf(sorted, area.code);
    if (inside.length === 0) continue;
    // Compounds without a building keep their households to themselves.
    const elsewhere = empty
      .filter(({ communityCode }) => communityCode.startsWith(area.code))
      .reduce((sum, { households }) => sum + households, 0);
    spread(Math.max((area.households ?? 0) - elsewhere, 0), inside, `area ${area.code}`);
    placed.add(area.code);
  }

  const changes = new Map<string, SpreadCount>();
  for (const building of buildings) {
    const next = settled.get(building.id);
    if (next && (next.households !== building.households || next.basis !== building.basis))
      changes.set(building.id, next);
  }
  return { buildings: changes, areas: sumsOf(areas, sorted, settled, empty, placed) };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function said(log: ImportLog, basis: SpreadBasis, buildings: number): void {
  if (basis === "floor_area")
    log.flag(
      "households_spread",
      "buildings got their part of a total by floor area (floors × ground covered): estimates, shown with ≈",
      buildings,
    );
  else
    log.flag(
      "households_spread_evenly",
      "neither floors nor outlines are known: buildings got equal parts of a total: estimates, shown with ≈",
      buildings,
    );
}

/** Buildings in an area, out of those sorted by where they stand. */
function insideOf(sorted: readonly SpreadBuilding[], code: string): SpreadBuilding[] {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as SpreadBuilding).scopeCode < code) low = middle + 1;
    else high = middle;
  }
  const inside: SpreadBuilding[] = [];
  for (let i = low; sorted[i]?.scopeCode.startsWith(code); i++) inside.push(sorted[i] as SpreadBuilding);
  return inside;
}

/**
 * Lowest areas that nobody counted are the sum of their buildings, once all of those have a figure, and of their part of
 * compounds without a building.
 */
function sumsOf(
  areas: readonly SpreadArea[],
  sorted: readonly SpreadBuilding[],
  settled: ReadonlyMap<string, SpreadCount>,
  empty: readonly SpreadCompound[],
  placed: ReadonlySet<string>,
): Map<string, SpreadCount> {
  const parts = partsOf(empty);
  const sums = new Map<string, SpreadCount>();
  for (const area of areas) {
    if (!area.lowest || (area.households !== null && isOwnCount(area.basis))) continue;
    const inside = insideOf(sorted, area.code);
    const counts = [...inside.map(({ id }) => settled.get(id)), ...(parts.get(area.code) ?? [])];
    // Nothing there: nobody lives there, where all households of an area above have found their place.
    const allPlaced = [...placed].some((code) => area.code.startsWith(code));
    if (counts.length === 0 ? !allPlaced : counts.some((count) => count === undefined)) continue;
    const households = counts.reduce((sum, count) => sum + (count?.households ?? 0), 0);
    const exact = counts.length > 0 && counts.every((count) => count?.exact === true);
    if (area.households !== households || area.exact !== exact || area.basis !== "sum")
      sums.set(area.code, { households, exact, basis: "sum" });
  }
  return sums;
}

/** Households of compounds without a building, by grid. */
function partsOf(
  empty: readonly SpreadCompound[],
): Map<string, { readonly households: number; readonly exact: boolean }[]> {
  const parts = new Map<string, { households: number; exact: boolean }[]>();
  for (const { grids, households, exact } of empty) {
    if (grids.length === 0) continue;
    const counts = largestRemainder(
      households,
      grids.map(({ share }) => share),
    );
    for (const [index, { code }] of grids.entries()) {
      const part = { households: counts[index] as number, exact: exact && grids.length === 1 };
      parts.set(code, [...(parts.get(code) ?? []), part]);
    }
  }
  return parts;
}
