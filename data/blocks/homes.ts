import { arrange } from "../coverage/noding/arrangement.ts";
import { dissolve, NOBODY } from "../coverage/noding/dissolve.ts";
import { LocateIndex } from "../geo/locate-index.ts";
import { areaM2, bboxOf } from "../geo/measure.ts";
import type { LonLat, MultiPolygonRings } from "../model/geometry.ts";
import { nearestGround } from "./nearest-ground.ts";

/** A building with the households in it. */
export interface Home {
  /** WGS 84 lon/lat. */
  readonly at: LonLat;
  readonly households: number;
  /** Compound that it belongs to: its buildings stay together. Undefined: a building of its own. */
  readonly compound?: string | undefined;
}

/** Ground that is not split. */
export interface Unit {
  readonly ground: MultiPolygonRings;
  readonly households: number;
  /** Blocks that it is made of; of a part of a block, that block. */
  readonly blocks: readonly number[];
  /** Numbers of the homes in it. */
  readonly homes: readonly number[];
  /** A part of ground that is too large for one grid. */
  readonly cut: boolean;
}

export interface Units {
  readonly units: readonly Unit[];
  /** Homes outside every block. */
  readonly outside: readonly number[];
}

export interface UnitOptions {
  /** Most households of a grid: ground with more is cut along its compounds, and these along their buildings. */
  readonly max: number;
  /** Ground of several compounds with more households than this is cut between them; `max` where absent. */
  readonly cutAbove?: number;
  /** Blocks that are never cut. */
  readonly isWhole?: (block: number) => boolean;
}

/**
 * Puts homes into blocks: blocks over which one compound reaches are one unit, and blocks with too many households are cut
 * between compounds, and within those that have more than `max` between buildings, each place going with the nearest.
 *
 * @param blocks polygons that do not overlap
 */
export function unitsOf(blocks: readonly MultiPolygonRings[], homes: readonly Home[], options: UnitOptions): Units {
  const index = new LocateIndex(blocks.map((geometry, n) => ({ code: String(n).padStart(8, "0"), geometry })));
  const blockOf = homes.map(({ at: [lon, lat] }) => index.locate(lon, lat).owner);
  const up = Int32Array.from(blocks, (_, block) => block);
  const root = (block: number): number => {
    let at = block;
    while (up[at] !== at) at = up[at] as number;
    return at;
  };
  const firstOf = new Map<string, number>();
  homes.forEach(({ compound }, home) => {
    const block = blockOf[home] as number;
    if (compound === undefined || block < 0) return;
    const first = firstOf.get(compound);
    if (first === undefined) firstOf.set(compound, block);
    else if (root(first) !== root(block)) up[Math.max(root(first), root(block))] = Math.min(root(first), root(block));
  });
  const members = new Map<number, { blocks: number[]; homes: number[] }>();
  blocks.forEach((_, block) => {
    const group = members.get(root(block)) ?? { blocks: [], homes: [] };
    group.blocks.push(block);
    members.set(root(block), group);
  });
  const outside: number[] = [];
  blockOf.forEach((block, home) => {
    if (block < 0) outside.push(home);
    else members.get(root(block))?.homes.push(home);
  });
  const units = [...members.values()].flatMap((group) => {
    const ground = group.blocks.flatMap((block) => blocks[block] ?? []);
    const unit: Unit = { ...group, ground, households: sum(homes, group.homes), cut: false };
    return options.isWhole && group.blocks.some(options.isWhole) ? [unit] : cut(unit, homes, options);
  });
  return { units, outside };
}

const sum = (homes: readonly Home[], which: readonly number[]): number =>
  which.reduce((all, home) => all + (homes[home]?.households ?? 0), 0);

/** Parts of a unit that has too many households; the unit itself where it has not, or only one building. */
function cut(unit: Unit, homes: readonly Home[], { max, cutAbove = max }: UnitOptions): Unit[] {
  if (unit.households <= Math.min(max, cutAbove)) return [unit];
  const inhabited = unit.homes.filter((home) => (homes[home]?.households ?? 0) > 0);
  const byCompound = new Map<string, number[]>();
  for (const home of inhabited) {
    const key = homes[home]?.compound ?? `#${home}`;
    byCompound.set(key, [...(byCompound.get(key) ?? []), home]);
  }
  const groups = [...byCompound.values()].flatMap((group) =>
    sum(homes, group) > max ? group.map((home) => [home]) : [group],
  );
  return groups.length < 2 ? [unit] : cutBetween(unit, groups, homes);
}

/** Ground of each group of homes within a unit: what is nearest to one of its homes. Pieces apart are units of their own. */
function cutBetween(unit: Unit, groups: readonly (readonly number[])[], homes: readonly Home[]): Unit[] {
  const points = groups.flatMap((group, owner) => group.map((home) => ({ at: homes[home]?.at as LonLat, owner })));
  const cells = nearestGround(
    points.map(({ at }) => at),
    points.map(({ owner }) => owner),
    groups.length,
    bboxOf(unit.ground),
  );
  const faces = arrange([unit.ground, ...cells]);
  const ownerOf = Int32Array.from(faces.owners, (owners) =>
    owners[0] === 0 && owners.length > 1 ? (owners[1] as number) - 1 : NOBODY,
  );
  const nothing = unit.homes.filter((home) => !groups.some((group) => group.includes(home)));
  return dissolve(faces, ownerOf, groups.length).flatMap((parts, owner): Unit[] => {
    const group = groups[owner] as readonly number[];
    const bySize = parts.toSorted((a, b) => areaM2([b]) - areaM2([a]));
    return bySize.map((polygon, n) => ({
      ground: [polygon],
      households: n === 0 ? sum(homes, group) : 0,
      blocks: unit.blocks,
      homes: n === 0 ? [...group, ...(owner === 0 ? nothing : [])] : [],
      cut: true,
    }));
  });
}
