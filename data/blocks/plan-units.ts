import { labelPoint } from "../geo/label-point.ts";
import { LocateIndex } from "../geo/locate-index.ts";
import type { LonLat, MultiPolygonRings } from "../model/geometry.ts";
import type { BlockGraph } from "../partition/block-graph.ts";
import { blocksToGraph } from "./blocks-to-graph.ts";
import type { BorderLine } from "./border-lines.ts";
import { type Home, unitsOf } from "./homes.ts";
import { streetBlocks } from "./street-blocks.ts";
import { type WalkGround, walkGround } from "./walk-check.ts";

/** A cell of a plan: a grid, or a micro-grid of one. */
export interface CellToDivide {
  readonly id: string;
  /** Grid that it is, or is a part of. */
  readonly grid: string;
  readonly community: string;
  /** It is one of several parts of its grid, which go from grid to grid as a whole. */
  readonly micro: boolean;
  /** A community that has no grids yet: no block of it is in one. */
  readonly standing?: boolean;
  /** Its grid stays exactly as it is: no compound that it cuts comes together. */
  readonly locked?: boolean;
  /** WGS 84 lon/lat; cells fit exactly. */
  readonly geometry: MultiPolygonRings;
}

export interface PlanUnitsInput {
  readonly cells: readonly CellToDivide[];
  /** Roads, railways and rivers: they cut the ground and weigh on borders. */
  readonly lines: readonly BorderLine[];
  readonly homes: readonly Home[];
  /** Most households of a grid. */
  readonly max: number;
}

/** Ground of a plan in units that go from grid to grid as a whole. */
export interface PlanUnits {
  readonly graph: BlockGraph;
  /** WGS 84 lon/lat, one for each block of the graph. */
  readonly grounds: readonly MultiPolygonRings[];
  /** Ids of the cells that it was made of. */
  readonly cells: readonly string[];
  /** Number in `cells` of the cell that has most of a unit's households (or its ground). */
  readonly cellOf: Int32Array;
  /** Units over which today's borders run: a compound that these cut. */
  readonly across: readonly number[];
  /** Numbers of the micro-grids that each unit is made of; empty for ground between streets. */
  readonly micros: readonly (readonly number[])[];
  /** Grids by their number in `graph.current`; -1 there is ground of a community that has none yet. */
  readonly grids: readonly string[];
  /** Communities by their number in `graph.group`. */
  readonly communities: readonly string[];
  /** Where one can walk within units and between them. */
  readonly walk: WalkGround;
}

/** Ground between compounds is cut when it holds more than this share of a grid's most households: finer units fit better. */
const CUT_ABOVE = 0.5;

/**
 * Cuts the ground of a plan into units: along today's borders and streets, then between compounds and, within those that are
 * too large, between buildings. Micro-grids are units as they are. A compound that today's border cuts is one unit, of the grid that has most of it.
 */
export function planUnits({ cells, lines, homes, max }: PlanUnitsInput): PlanUnits {
  const index = new LocateIndex(cells.map(({ geometry }, n) => ({ code: key(n), geometry })));
  const cellAt = ([lon, lat]: LonLat): number => index.locate(lon, lat).owner;
  const drawn = cells.filter(({ micro }) => !micro);
  const rims = drawn.flatMap(({ geometry }) => geometry.flat());
  const streets = streetBlocks([...lines.flatMap((line) => line.lines), ...rims], {
    areaAt: (at) => {
      const cell = cellAt(at);
      return cells[cell]?.micro === false ? key(cell) : undefined;
    },
    // Today's borders run within metres of streets' middles: ends of streets are not led to them.
    reachM: 0,
  });
  const blocks = [...streets, ...cells.filter(({ micro }) => micro).map(({ geometry }) => geometry)];
  const cellOfBlock = blocks.map((block) => cellAt(labelPoint(block)));
  const placed = homes.flatMap((home): Home[] => {
    const cell = cells[cellAt(home.at)];
    if (!cell) return [];
    const compound = home.compound && `${home.compound}/${cell.locked ? cell.grid : cell.community}`;
    return [{ at: home.at, households: home.households, compound }];
  });
  const { units } = unitsOf(blocks, placed, {
    max,
    cutAbove: max * CUT_ABOVE,
    isWhole: (block) => block >= streets.length,
  });
  const cellOf = Int32Array.from(units, (unit) => {
    const votes = new Map<number, number>(unit.blocks.map((block) => [cellOfBlock[block] as number, 0]));
    for (const home of unit.homes) {
      const { at, households } = placed[home] as Home;
      const cell = cellAt(at);
      votes.set(cell, (votes.get(cell) ?? 0) + households);
    }
    return [...votes].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
  });
  const grids = [...new Set(cells.flatMap(({ grid, standing }) => (standing ? [] : [grid])))];
  const communities = [...new Set(cells.map(({ community }) => community))];
  const cellOfUnit = (unit: number): CellToDivide => cells[cellOf[unit] as number] as CellToDivide;
  const numbers = Array.from(units, (_, unit) => unit);
  const { graph } = blocksToGraph({
    grounds: units.map(({ ground }) => ground),
    nameOf: (unit) => `${cellOfUnit(unit).grid} (${unit})`,
    households: Int32Array.from(units, ({ households }) => households),
    group: Int32Array.from(numbers, (unit) => communities.indexOf(cellOfUnit(unit).community)),
    current: Int32Array.from(numbers, (unit) => grids.indexOf(cellOfUnit(unit).grid)),
    pinned: Uint8Array.from(numbers, (unit) => (cellOfUnit(unit).locked ? 1 : 0)),
    lines,
  });
  const micros = units.map(({ blocks: own }) =>
    own.filter((block) => block >= streets.length).map((block) => cellOfBlock[block] as number),
  );
  const gridsOf = (unit: number): Set<string | undefined> =>
    new Set((units[unit]?.blocks ?? []).map((block) => cells[cellOfBlock[block] as number]?.grid));
  const across = numbers.filter((unit) => units[unit]?.cut === false && gridsOf(unit).size > 1);
  const grounds = units.map(({ ground }) => ground);
  const walk = walkGround({ grounds, households: graph.households, lines, homes: placed, graph });
  return { graph, grounds, cells: cells.map(({ id }) => id), cellOf, across, micros, grids, communities, walk };
}

/** Numbers as text in numeric order. */
const key = (n: number): string => String(n).padStart(8, "0");
