import { AppError, userError } from "../../data/model/errors.ts";
import { countIncidents } from "../../db/repositories/incident-repository.ts";
import { heatCells, incidentStats, type StatsDimension } from "../../db/repositories/stats-repository.ts";
import { inCounty, type RequestContext } from "../context.ts";
import type { Heat, HeatUnit, IncidentFilter, Stats } from "../generated/resolvers-types.ts";
import { checkIncidentFilter } from "./incident-filter.ts";

const MAX_DIMENSIONS = 3;
const MAX_GROUPS = 20_000;
/** Edges of heat cells in metres. */
const MIN_CELL_M = 25;
const MAX_CELL_M = 50_000;
/** Cells with fewer households say nothing about a rate per household. */
const MIN_HOUSEHOLDS = 20;

/** Counts of incidents, grouped. */
export async function stats(
  context: RequestContext,
  input: IncidentFilter,
  by: readonly StatsDimension[],
): Promise<Stats> {
  if (by.length > MAX_DIMENSIONS || new Set(by).size !== by.length)
    throw userError("group by at most three different dimensions", { at: "by" });
  const { county, reading, filter } = await checkIncidentFilter(context, input);
  const groups = await inCounty(context, county.county, (tx) =>
    incidentStats(tx, reading, filter, by, county.timezone, MAX_GROUPS + 1),
  );
  if (groups.length > MAX_GROUPS)
    throw new AppError("USER", `more than ${MAX_GROUPS} groups`, {
      code: "TOO_COMPLEX",
      at: "by",
      hint: "Group by fewer dimensions or narrow the filter.",
    });
  return {
    total: groups.reduce((sum, { count }) => sum + count, 0),
    groups: groups.map(({ key, count, open, late }) => ({ key: [...key], count, open, late })),
    asOf: reading.asOf,
  };
}

/** Density of incidents in square cells, in real units. */
export async function heat(
  context: RequestContext,
  input: IncidentFilter,
  cellM: number,
  unit: HeatUnit,
): Promise<Heat> {
  if (!(cellM >= MIN_CELL_M && cellM <= MAX_CELL_M))
    throw userError(`cells of ${cellM} m are not possible`, {
      at: "cellM",
      hint: `From ${MIN_CELL_M} to ${MAX_CELL_M} metres.`,
    });
  const { county, reading, filter } = await checkIncidentFilter(context, input);
  const origin = { lon: county.west ?? 0, lat: ((county.south ?? 0) + (county.north ?? 0)) / 2 };
  const [cells, suspicious] = await inCounty(context, county.county, async (tx) => [
    await heatCells(tx, reading, filter, cellM, origin),
    filter.withoutSuspicious
      ? 0
      : (await countIncidents(tx, reading, filter)) -
        (await countIncidents(tx, reading, { ...filter, withoutSuspicious: true })),
  ]);
  const km2 = (cellM / 1000) ** 2;
  const valued = cells
    .filter(({ households }) => unit === "PER_KM2" || households >= MIN_HOUSEHOLDS)
    .map((cell) => ({
      ...cell,
      value: unit === "PER_KM2" ? cell.count / km2 : (cell.count * 100) / cell.households,
    }));
  return {
    cellM,
    unit,
    max: valued.reduce((max, { value }) => Math.max(max, value), 0),
    cells: valued.flatMap(({ lon, lat, count, value }) => [lon, lat, count, value]),
    suspiciousLeftOut: suspicious,
  };
}
