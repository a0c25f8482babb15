import { type ColumnTable, NULL_TIME } from "../../../data/columns/format.ts";
import { FLAG } from "../../../data/columns/incident-columns.ts";
import { CLASS_CODES } from "../../../data/model/class-codes.ts";
import { toLattice } from "../../../data/model/geometry.ts";
import { INCIDENT_SOURCES, INCIDENT_STATES } from "../../../data/model/incident.ts";
import type { AreaFeature } from "../../../web/data/county-data.ts";

/** Seed of the cases that benchmarks draw. */
export const CASES_SEED = 20_260_115;

const DAY = 86_400;
const DAYS = 365;
const HANDLING = INCIDENT_STATES.indexOf("handling");
const CLOSED = INCIDENT_STATES.indexOf("closed");
/** Of the cases of the last month; older ones are closed. */
const OPEN_SHARE = 0.25;

/** Mulberry32 (T. Ettinger, public domain): the same cases for the same seed on every engine. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A year of cases of a town, sorted by the time they were opened: spread over its grids by weight, more by day than by
 * night, open ones among the newest.
 *
 * @param areas lowest areas of the town
 * @param asOf epoch seconds of the newest
 */
export function syntheticCases(count: number, seed: number, areas: readonly AreaFeature[], asOf: number): ColumnTable {
  const next = random(seed);
  const classes = CLASS_CODES.map(({ code }) => code).sort();
  const grids = areas.map(({ code }) => code).sort();
  const byCode = new Map(areas.map((area) => [area.code, area]));
  const weights = grids.map(() => next() ** 3 + 0.02);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const cumulated: number[] = [];
  weights.reduce((sum, weight, i) => {
    cumulated[i] = sum + weight / total;
    return cumulated[i] as number;
  }, 0);
  const opened = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const day = Math.floor(next() * DAYS);
    // Twice a square: most of a day's cases lie around its middle.
    const time = (next() + next()) / 2;
    opened[i] = asOf - Math.floor((day + time) * DAY);
  }
  opened.sort();
  const columns = {
    lon: new Int32Array(count),
    lat: new Int32Array(count),
    opened,
    closed: new Int32Array(count).fill(NULL_TIME),
    due: new Int32Array(count),
    flags: new Uint8Array(count),
    class: new Uint16Array(count),
    state: new Uint8Array(count),
    severity: new Uint8Array(count),
    source: new Uint8Array(count),
    grid: new Uint32Array(count),
    ref: Uint32Array.from({ length: count }, (_, i) => i + 1),
  };
  for (let i = 0; i < count; i++) {
    const pick = next();
    let grid = 0;
    while (grid < grids.length - 1 && (cumulated[grid] as number) < pick) grid++;
    const [lon, lat] = (byCode.get(grids[grid] as string) as AreaFeature).label;
    columns.lon[i] = toLattice(lon + (next() + next() - 1) * 0.004);
    columns.lat[i] = toLattice(lat + (next() + next() - 1) * 0.003);
    columns.grid[i] = grid;
    columns.class[i] = Math.floor(next() ** 2 * classes.length);
    columns.severity[i] = next() < 0.02 ? 2 : next() < 0.7 ? 1 : 0;
    columns.source[i] = Math.floor(next() * INCIDENT_SOURCES.length);
    const at = opened[i] as number;
    columns.due[i] = at + 3 * DAY;
    const open = at > asOf - 30 * DAY && next() < OPEN_SHARE;
    columns.state[i] = open ? HANDLING : CLOSED;
    if (!open) columns.closed[i] = Math.min(asOf, at + Math.floor(next() * 4 * DAY));
    if (next() < 0.01) columns.flags[i] = FLAG.suspicious;
  }
  return {
    layer: "incidents",
    county: (areas[0]?.code ?? "").slice(0, 6),
    rows: count,
    version: `bench-${count}-${seed}`,
    asOf,
    columns,
    dictionaries: { classes, grids },
  };
}

/** Rows `[from, to)` of a table, as a table. */
export const sliceTable = (table: ColumnTable, from: number, to: number): ColumnTable => ({
  ...table,
  rows: to - from,
  columns: Object.fromEntries(Object.entries(table.columns).map(([name, column]) => [name, column.slice(from, to)])),
});
