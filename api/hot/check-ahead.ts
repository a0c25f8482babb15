import { type CellGrid, countCells } from "../../data/columns/cell-counts.ts";
import { CUBE_EDGE } from "../../data/columns/heat-cube.ts";
import type { ColumnFilter } from "../../data/columns/select.ts";
import type { Random } from "./check.ts";
import { countClassDays, type LoadedCounty } from "./loaded-county.ts";

/** Rows that are counted for a check, at most: some milliseconds. */
const MOST_ROWS = 500_000;
/** Edge of the squares, and how many east to west and south to north, around a random case: some 35 km. */
const EDGE = CUBE_EDGE * 2;
const SQUARES = 128;

/**
 * Whether the counts made ahead give what counting rows gives, over a random window, around a random case, and the cases
 * kept of a random tile are those of the rows.
 *
 * @param asOf instant to judge lateness at, epoch seconds; no question here asks for it
 */
export function aheadIsExact(county: LoadedCounty, asOf: number, random: Random): boolean {
  const { columns, timezone } = county;
  const last = columns.sorted - 1;
  if (!county.tiles.isExact(random())) return false;
  if (county.aheadBytes === 0 || last < columns.first) return true;
  const row = columns.first + Math.floor(random() * (last - columns.first + 1));
  const [opened, code] = [columns.opened[row] as number, columns.classes[columns.classIndex[row] as number]];
  const filter: ColumnFilter = {
    from: opened + Math.floor(random() * 1000),
    // The newest questions are open to what comes.
    to: row + MOST_ROWS > last && random() < 0.5 ? undefined : columns.opened[Math.min(last, row + MOST_ROWS)],
    withoutSuspicious: true,
    withoutSensitive: random() < 0.5,
    ...(random() < 0.5 && code ? { classes: [code.slice(0, 2)] } : {}),
  };
  const square = (units: number): number => (Math.floor(units / EDGE) - SQUARES / 2) * EDGE;
  const grid: CellGrid = {
    west: square(columns.lon[row] as number),
    south: square(columns.lat[row] as number),
    edgeX: EDGE,
    edgeY: EDGE,
    across: SQUARES,
    down: SQUARES,
  };
  const [ahead, counted] = [new Int32Array(SQUARES ** 2), new Int32Array(SQUARES ** 2)];
  county.addHeat(filter, asOf, grid, ahead);
  countCells(columns, filter, asOf, grid, counted, 1);
  if (!ahead.every((count, at) => count === counted[at])) return false;
  if (timezone === undefined) return true;
  const days = county.classDays(filter, asOf, timezone);
  const byRows = countClassDays(columns, filter, asOf, timezone);
  return sameDays(days, byRows) && sameDays(byRows, days);
}

type Days = ReturnType<typeof countClassDays>;

/** Whether every count of one, by day and class, is in the other; days without a case may be missing. */
function sameDays(one: Days, other: Days): boolean {
  const width = one.starts.length;
  const at = new Map(Array.from(other.starts, (start, day) => [start, day]));
  return one.counts.every((count, i) => {
    if (count === 0) return true;
    const day = at.get(one.starts[i % width] as number);
    return day !== undefined && other.counts[Math.floor(i / width) * other.starts.length + day] === count;
  });
}
