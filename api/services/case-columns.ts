import { CELL_LATTICE, cellsBefore, openedBetween } from "../../data/columns/cells.ts";
import type { ColumnTable } from "../../data/columns/format.ts";
import { gatherTable, withFields } from "../../data/columns/gather.ts";
import { FLAG, type IncidentField, incidentColumns } from "../../data/columns/incident-columns.ts";
import { latticeBox } from "../../data/columns/lattice-box.ts";
import { dataVersion } from "../../data/model/data-version.ts";
import { type Bbox, fromLattice } from "../../data/model/geometry.ts";
import { incidentCut } from "../../data/policy/incident-cut.ts";
import { incidentColumnTable } from "../../db/repositories/columns-repository.ts";
import type { IncidentListFilter } from "../../db/repositories/incident-filter.ts";
import { inCounty, type RequestContext } from "../context.ts";
import { hotRows } from "../hot/hot-rows.ts";
import type { HotCounty } from "../hot/types.ts";
import type { CountyModel } from "../mappers.ts";
import { kioskPointsFrom } from "./kiosk.ts";
import { readingOf } from "./loaders.ts";

/** How long changes that are on their way into memory are waited for before SQL answers, ms. */
const SETTLE_MS = 50;
/** Longest day of a calendar (the one on which summer time ends), ms. */
const LONGEST_DAY_MS = 25 * 3_600_000;

/** A county's cases in memory at the data version of the request or a later one; undefined: SQL answers. */
export const hotCounty = async ({ hot }: RequestContext, county: CountyModel): Promise<HotCounty | undefined> => {
  const version = dataVersion(county);
  return hot.at(county.county, version) ?? (await hot.settled(county.county, version, SETTLE_MS));
};

/** Instant that lateness is judged at, epoch seconds. */
export const asOfSeconds = (county: CountyModel): number => Math.floor(Date.parse(county.asOf) / 1000);

/**
 * Cases that the request's viewer may see, oldest first: from memory where it has them exactly, otherwise by SQL. A kiosk
 * gets cells in the place of older points, and its window, box and limit cut what it gets, not the true times and places:
 * otherwise they could close in on these.
 *
 * @param limit how many at most: the newest
 * @param fields the columns that are wanted; absent = all
 */
export async function caseColumns(
  context: RequestContext,
  county: CountyModel,
  filter: IncidentListFilter,
  limit?: number,
  fields?: readonly IncidentField[],
): Promise<ColumnTable> {
  const points = kioskPointsFrom(context.viewer, county);
  if (points === undefined) return readCases(context, county, filter, limit, fields);
  const seen = await kioskCases(context, county, filter, points, limit);
  return fields ? withFields(seen, fields) : seen;
}

/** What a kiosk gets: cells in the place of the cases before `points`. */
async function kioskCases(
  context: RequestContext,
  county: CountyModel,
  filter: IncidentListFilter,
  points: number,
  limit: number | undefined,
): Promise<ColumnTable> {
  const cells = cellsBefore(await readCases(context, county, aroundCells(filter)), points, county.timezone);
  // Asking for numbers must not tell which cell a case is part of.
  if (filter.refs) return inTimeAndBox(withoutCells(cells), filter, limit);
  return inTimeAndBox(cells, filter, limit);
}

/** Window, box and limit cut what a kiosk gets, not the true times and places. */
function inTimeAndBox(cells: ColumnTable, filter: IncidentListFilter, limit: number | undefined): ColumnTable {
  const inTime = openedBetween(cells, secondsOf(filter.from), secondsOf(filter.to));
  return newest(filter.bbox ? inBox(inTime, filter.bbox) : inTime, limit);
}

async function readCases(
  context: RequestContext,
  county: CountyModel,
  filter: IncidentListFilter,
  limit?: number,
  fields?: readonly IncidentField[],
): Promise<ColumnTable> {
  const cut = incidentCut(context.viewer, county.county);
  const hot = cut && (await hotCounty(context, county));
  const asOf = asOfSeconds(county);
  const rows = cut && hot && hotRows(hot, filter, cut, asOf);
  if (hot && rows)
    return gatherTable(
      hot.columns,
      limit === undefined ? rows : rows.subarray(Math.max(0, rows.length - limit)),
      { version: hot.dataVersion, asOf },
      fields,
    );
  const reading = readingOf(context, county);
  const table = await inCounty(context, county.county, (tx) => incidentColumnTable(tx, reading, filter, limit));
  return fields ? withFields(table, fields) : table;
}

const secondsOf = (instant: string | null | undefined): number | undefined =>
  instant == null ? undefined : Date.parse(instant) / 1000;

/** A filter that holds every case whose cell and day may lie in the window and box of another one. */
function aroundCells(filter: IncidentListFilter): IncidentListFilter {
  const whole = (ms: number): string => new Date(Math.floor(ms / 1000) * 1000).toISOString();
  const edge = fromLattice(CELL_LATTICE);
  return {
    ...filter,
    from: filter.from == null ? undefined : whole(Date.parse(filter.from)),
    to: filter.to == null ? undefined : whole(Date.parse(filter.to) + LONGEST_DAY_MS),
    bbox: filter.bbox && [filter.bbox[0] - edge, filter.bbox[1] - edge, filter.bbox[2] + edge, filter.bbox[3] + edge],
  };
}

function inBox(table: ColumnTable, bbox: Bbox): ColumnTable {
  const columns = incidentColumns(table);
  const [west, south, east, north] = latticeBox(bbox);
  const rows = Uint32Array.from({ length: columns.rows }, (_, i) => i).filter((i) => {
    const lon = columns.lon[i] as number;
    const lat = columns.lat[i] as number;
    return lon >= west && lon <= east && lat >= south && lat <= north;
  });
  return gatherTable(columns, rows, table);
}

function withoutCells(table: ColumnTable): ColumnTable {
  const columns = incidentColumns(table);
  const rows = Uint32Array.from({ length: columns.rows }, (_, i) => i);
  return gatherTable(
    columns,
    rows.filter((i) => ((columns.flags[i] as number) & FLAG.cell) === 0),
    table,
  );
}

function newest(table: ColumnTable, limit: number | undefined): ColumnTable {
  if (limit === undefined || table.rows <= limit) return table;
  const rows = Uint32Array.from({ length: limit }, (_, i) => table.rows - limit + i);
  return gatherTable(incidentColumns(table), rows, table);
}
