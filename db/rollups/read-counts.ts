import type { Versions } from "../../data/model/data-version.ts";
import { bugError } from "../../data/model/errors.ts";
import type { Bbox } from "../../data/model/geometry.ts";
import type { Transaction } from "../driver.ts";
import { type IncidentReading, incidentParts } from "../repositories/incident-filter.ts";
import { latticeSql, type PackedColumn, packSql, unpackColumns } from "../repositories/packed-columns.ts";
import { Params } from "../repositories/params.ts";
import {
  type CaseConditions,
  type CellBox,
  type CountBy,
  type CountedCases,
  type CountParts,
  groupsOfStates,
  type TimeWindow,
} from "./case-counts.ts";
import { CELL_EDGES, LATTICE_SOUTH, LATTICE_WEST } from "./rollup-sql.ts";

const CODE_LENGTH = { town: 9, community: 12, grid: 15, micro: 18 } as const;

/** Lattice units that a box in degrees is widened by: its border must not depend on how a double is rounded. */
const MARGIN = 10;

function degreesOf({ edge, west, south, east, north }: CellBox): Bbox {
  return [
    Math.max(-180, (west * edge - MARGIN) / 1e7),
    Math.max(-90, (south * edge - MARGIN) / 1e7),
    Math.min(180, ((east + 1) * edge + MARGIN) / 1e7),
    Math.min(90, ((north + 1) * edge + MARGIN) / 1e7),
  ];
}

/** Keys of a case `i`, as a SELECT list. */
function caseKeys(by: CountBy, params: Params, timezone: string): string {
  if (by.kind === "trend") {
    const name = by.by === "class" ? "i.class_code" : "left(i.class_code, 2)";
    return `${name} AS name, (i.opened_at AT TIME ZONE ${params.add(timezone)}::text)::date - DATE '1970-01-01' AS day`;
  }
  if (by.kind === "ranking") return `left(i.scope_code, ${CODE_LENGTH[by.level]}) AS name`;
  const { edge } = by.box;
  if (!Number.isInteger(LATTICE_SOUTH / edge)) throw bugError(`squares of ${edge} do not fit the lattice`);
  const cell = (axis: "X" | "Y", origin: number): string =>
    `(((${latticeSql(`ST_${axis}(i.geom)`)}::bigint - (${origin})) / ${edge})::int + (${origin / edge}))`;
  return `${cell("X", LATTICE_WEST)} AS x, ${cell("Y", LATTICE_SOUTH)} AS y`;
}

function casesSql(
  reading: IncidentReading,
  timezone: string,
  by: CountBy,
  on: CaseConditions,
  window: TimeWindow,
  params: Params,
): string {
  const iso = (seconds: number | undefined): string | undefined =>
    seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();
  const bbox = by.kind === "heat" ? degreesOf(by.box) : undefined;
  const parts = incidentParts(reading, { ...on, from: iso(window.from), to: iso(window.to), bbox }, params);
  // A case that lies in no area of the level ranks nowhere.
  const level = by.kind === "ranking" ? ` AND length(i.scope_code) >= ${CODE_LENGTH[by.level]}` : "";
  return `SELECT ${caseKeys(by, params, timezone)}, 1 AS cases FROM incident i WHERE ${parts.where}${level}`;
}

function rollupSql(
  county: string,
  by: CountBy,
  on: CaseConditions,
  { from, to }: NonNullable<CountParts["rollup"]>,
  params: Params,
): string {
  const heat = by.kind === "heat" ? by.box : undefined;
  const day = heat ? "r.month" : "r.day";
  const where = ["r.county = $1"];
  const town = on.inside.length > 6;
  if (town) where.push(`r.scope_code = ${params.add(on.inside)}`);
  else if (by.kind === "trend") where.push(`r.scope_code = ${params.add(county)}`);
  else if (by.kind === "ranking") where.push("length(r.scope_code) = 9");
  if (!heat) where.push(by.kind === "trend" && !town ? "r.whole" : "NOT r.whole");
  if (from !== undefined) where.push(`${day} >= ${params.add(from)}::date`);
  if (to !== undefined) where.push(`${day} < ${params.add(to)}::date`);
  if (on.classes) {
    const list = params.add(on.classes);
    where.push(
      heat
        ? `r.major = ANY(${list}::text[])`
        : `(r.class_code = ANY(${list}::text[]) OR left(r.class_code, 2) = ANY(${list}::text[]))`,
    );
  }
  if (on.states)
    where.push(
      heat
        ? `r.state_group = ANY(${params.add(groupsOfStates(on.states) ?? [])}::text[])`
        : `r.state = ANY(${params.add(on.states)}::text[])`,
    );
  if (!heat) {
    const name = by.kind === "trend" ? (by.by === "class" ? "r.class_code" : "left(r.class_code, 2)") : "r.scope_code";
    const keys = by.kind === "trend" ? `${name} AS name, r.day - DATE '1970-01-01' AS day` : `${name} AS name`;
    return `SELECT ${keys}, r.count AS cases FROM incident_day r WHERE ${where.join(" AND ")}`;
  }
  const size = heat.edge % CELL_EDGES.coarse === 0 ? CELL_EDGES.coarse : CELL_EDGES.fine;
  const per = heat.edge / size;
  // The roll-up counts squares from the corner of the lattice.
  const [west, south] = [LATTICE_WEST / heat.edge, LATTICE_SOUTH / heat.edge];
  const range = (axis: "x" | "y", first: number, last: number, origin: number): string =>
    `r.${axis} >= ${params.add((first - origin) * per)}::int AND r.${axis} < ${params.add((last + 1 - origin) * per)}::int`;
  where.push(`r.edge = ${size}`, range("x", heat.west, heat.east, west), range("y", heat.south, heat.north, south));
  return `SELECT r.x / ${per} + (${west}) AS x, r.y / ${per} + (${south}) AS y, r.count AS cases
    FROM incident_cell_month r WHERE ${where.join(" AND ")}`;
}

interface Tail extends Versions {
  readonly names: readonly string[];
}

const COLUMNS: Readonly<Record<CountBy["kind"], readonly PackedColumn[]>> = {
  heat: [
    { name: "x", type: "i32", sql: "r.x" },
    { name: "y", type: "i32", sql: "r.y" },
    { name: "count", type: "u32", sql: "r.cases" },
  ],
  trend: [
    { name: "name", type: "u16", sql: "r.n" },
    { name: "day", type: "i32", sql: "r.day" },
    { name: "count", type: "u32", sql: "r.cases" },
  ],
  ranking: [
    { name: "name", type: "u32", sql: "r.n" },
    { name: "count", type: "u32", sql: "r.cases" },
  ],
};

const KEYS: Readonly<Record<CountBy["kind"], readonly string[]>> = {
  heat: ["x", "y"],
  trend: ["name", "day"],
  ranking: ["name"],
};

/**
 * Counts a county's cases in one statement, from roll-ups and from the cases themselves, and says at which version: all of
 * it is of one instant.
 *
 * @returns a heat by row and column, a trend by class and day, a ranking by code of the area
 */
export async function readCounts(
  tx: Transaction,
  reading: IncidentReading,
  timezone: string,
  by: CountBy,
  on: CaseConditions,
  parts: CountParts,
): Promise<CountedCases> {
  const params = new Params();
  params.add(reading.county);
  const sources = parts.cases.map((window) => casesSql(reading, timezone, by, on, window, params));
  if (parts.rollup) sources.push(rollupSql(reading.county, by, on, parts.rollup, params));
  if (sources.length === 0) throw bugError("nothing to count");
  const box = by.kind === "heat" ? by.box : undefined;
  const inBox = box
    ? `WHERE x BETWEEN ${params.add(box.west)}::int AND ${params.add(box.east)}::int
         AND y BETWEEN ${params.add(box.south)}::int AND ${params.add(box.north)}::int`
    : "";
  const keys = KEYS[by.kind].join(", ");
  const columns = COLUMNS[by.kind];
  const versions = (column: string): string => `(SELECT p.${column}::text FROM county_profile p WHERE p.county = $1)`;
  const names = box ? "'[]'::json" : "(SELECT coalesce(json_agg(d.name ORDER BY d.n), '[]') FROM d)";
  const tail = `json_build_object('contentVersion', ${versions("content_version")}, 'liveVersion', ${versions("live_version")}, 'names', ${names})`;
  const ordered = box
    ? "SELECT * FROM u ORDER BY y, x"
    : `SELECT d.n, u.* FROM u JOIN d ON d.name = u.name ORDER BY d.n${by.kind === "trend" ? ", u.day" : ""}`;
  const bytes = await tx.bytes(
    `WITH u AS MATERIALIZED (
       SELECT ${keys}, sum(cases)::int AS cases FROM (${sources.join("\n UNION ALL ")}) a ${inBox} GROUP BY ${keys})
     ${
       box
         ? ""
         : `, d AS MATERIALIZED (SELECT k.name, (row_number() OVER (ORDER BY k.name COLLATE "C") - 1)::int AS n
         FROM (SELECT DISTINCT u.name FROM u) k)`
     }
     SELECT ${packSql(columns, tail)} FROM (${ordered}) r`,
    params.values,
  );
  if (!bytes) throw bugError("the database gave no counts");
  const packed = unpackColumns<Tail>(bytes, columns);
  const { contentVersion, liveVersion, names: found } = packed.tail;
  return { versions: { contentVersion, liveVersion }, rows: packed.rows, columns: packed.columns, names: found };
}
