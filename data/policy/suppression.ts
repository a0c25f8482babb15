import { type AreaLevel, levelOfCode, parentCode } from "../model/codes.ts";
import { bugError } from "../model/errors.ts";
import { isSafeTownSum, safeSums } from "./hidden-sums.ts";

/**
 * How a published number is to be read.
 * - `exact`: the number itself.
 * - `at_least`: this many or more; sensitive cells of the month that runs.
 * - `less_than_five`: 1 to 4.
 * - `hidden`: a total from which a cell of 1 to 4 could be worked out, or that is not published yet.
 */
export const CELL_MARKS = ["exact", "at_least", "less_than_five", "hidden"] as const;
export type CellMark = (typeof CELL_MARKS)[number];

/** A published cell of one class major and month. Cells that are exactly zero are left out. */
export interface CubeCell {
  /** Code of a county, town or community; with `*`, the part of a county or town outside the smaller areas. */
  readonly areaCode: string;
  /** Level of the area. */
  readonly level: AreaLevel;
  readonly count: number | null;
  readonly mark: CellMark;
}

/** Sensitive numbers of the month that runs move in steps of this. */
export const STEP = 5;

/** The base cell's own area and what it lies in: `[cell, town, county]` or `[cell, county]`. */
function pathOf(area: string): { readonly level: AreaLevel; readonly above: readonly string[] } {
  const code = area.replace(/\*$/, "");
  const level = levelOfCode(code);
  const rest = area !== code;
  if (level === "community" && !rest) return { level, above: [parentCode(code) ?? "", code.slice(0, 6)] };
  if (level === "town" && rest) return { level, above: [code, code.slice(0, 6)] };
  if (level === "county" && rest) return { level, above: [code] };
  throw bugError(`"${area}" is not a base cell of the cube`, { at: "area" });
}

/**
 * Cells of an ordinary class: exact at every level.
 *
 * @param base cases per base cell: communities, and what lies outside them (code and `*`)
 */
export function publishOrdinary(base: ReadonlyMap<string, number>): CubeCell[] {
  const totals = new Map<string, CubeCell & { count: number }>();
  const add = (areaCode: string, level: AreaLevel, count: number): void => {
    const cell = totals.get(areaCode);
    if (cell) cell.count += count;
    else totals.set(areaCode, { areaCode, level, count, mark: "exact" });
  };
  for (const [area, count] of base) {
    if (count === 0) continue;
    const { level, above } = pathOf(area);
    add(area, level, count);
    for (const code of above) add(code, levelOfCode(code) ?? "county", count);
  }
  return [...totals.values()];
}

/**
 * Cells of a sensitive class in the month that runs: base cells only, in steps.
 *
 * The month is published anew each day, so that whoever keeps yesterday's answer can subtract it. A cell of 1 to 4 reads
 * so on both days, or not on one of them: its number stays free. But the growth of a cell beyond 4, were it exact, would
 * be a count of 1 to 4 of one community and one day, which is finer than anything that may be published; therefore the
 * number moves in steps of five. Totals of towns and the county would tie the cells of both days together
 * (two sums over cells that only grow narrow them), so there is none before the month is over.
 */
export function publishRunning(base: ReadonlyMap<string, number>): CubeCell[] {
  const cells: CubeCell[] = [];
  const hidden = new Map<string, AreaLevel>();
  for (const [areaCode, count] of base) {
    if (count === 0) continue;
    const { level, above } = pathOf(areaCode);
    cells.push(
      count < STEP
        ? { areaCode, level, count: null, mark: "less_than_five" }
        : { areaCode, level, count: count - (count % STEP), mark: "at_least" },
    );
    for (const code of above) hidden.set(code, levelOfCode(code) ?? "county");
  }
  for (const [areaCode, level] of hidden) cells.push({ areaCode, level, count: null, mark: "hidden" });
  return cells;
}

interface Group {
  /** Sum of all its base cells. */
  total: number;
  /** Number and sum of those that are suppressed. */
  small: number;
  smallSum: number;
}

/**
 * Cells of a sensitive class in a month that is over: base cells exact or "<5", totals where they are safe
 * (`hidden-sums.ts` says why). Published once and never again: a second answer over grown numbers would be a second
 * equation. A cell that was published while the month ran is never hidden by this: base cells always are published.
 *
 * Cells are keyed by the codes that held when the cases fell, and each case counts in one base cell only. A publication
 * of new boundaries leaves them alone, and old and new codes never share a case, so that two versions of a boundary
 * cannot be subtracted either.
 */
export function publishFinal(base: ReadonlyMap<string, number>): CubeCell[] {
  const cells: CubeCell[] = [];
  const towns = new Map<string, Group>();
  let county = "";
  let total = 0;
  /** Sizes and sum of the groups of suppressed cells under no published total. */
  const open: number[] = [];
  let openSum = 0;
  for (const [areaCode, count] of base) {
    if (count === 0) continue;
    const { level, above } = pathOf(areaCode);
    const isSmall = count < STEP;
    cells.push({ areaCode, level, count: isSmall ? null : count, mark: isSmall ? "less_than_five" : "exact" });
    county = areaCode.slice(0, 6);
    total += count;
    const [town] = above;
    if (town === undefined || town === county) {
      if (!isSmall) continue;
      open.push(1);
      openSum += count;
      continue;
    }
    const group = towns.get(town) ?? { total: 0, small: 0, smallSum: 0 };
    towns.set(town, group);
    group.total += count;
    if (!isSmall) continue;
    group.small++;
    group.smallSum += count;
  }
  for (const [areaCode, group] of towns) {
    const safe = isSafeTownSum(group.small, group.smallSum);
    cells.push({ areaCode, level: "town", count: safe ? group.total : null, mark: safe ? "exact" : "hidden" });
    if (safe) continue;
    open.push(group.small);
    openSum += group.smallSum;
  }
  if (county === "") return cells;
  const safe = open.length === 0 || ((safeSums(open) >> BigInt(openSum)) & 1n) === 1n;
  cells.push({ areaCode: county, level: "county", count: safe ? total : null, mark: safe ? "exact" : "hidden" });
  return cells;
}
