import type { ColumnType, ExportedGeometry, ExportRow, ExportValue } from "../../data/exporters/column.ts";
import type { ExportKind } from "../../data/exporters/registry.ts";
import { codeRange } from "../../data/model/codes.ts";
import { bugError } from "../../data/model/errors.ts";
import type { Bbox } from "../../data/model/geometry.ts";
import { uuidV7LowerBound } from "../../data/model/ids.ts";
import type { Transaction } from "../driver.ts";
import { inBox } from "../repositories/cells.ts";
import { lateSql } from "../repositories/incident-filter.ts";
import { Params } from "../repositories/params.ts";
import type { FeatureEquality, FeatureQuery, FeatureSpan } from "./feature-query.ts";
import { FEATURE_SOURCES, type FeatureSource } from "./registry.ts";

const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  text: "text",
  code: "text",
  integer: "bigint",
  number: "float8",
  boolean: "boolean",
  instant: "timestamptz",
  date: "date",
};

/** First event time that ids are clamped to when they are minted (data rule 3). */
const FIRST_ID_MS = Date.UTC(2000, 0, 1);

function spanConditions(params: Params, source: FeatureSource, span: FeatureSpan, now: string): string[] {
  const { time } = source;
  if (!time) return [];
  const end = span.closed ? "<=" : "<";
  if ("from" in time) {
    const conditions = [];
    if (span.to !== undefined) conditions.push(`${time.from} ${end} ${params.add(span.to)}::timestamptz`);
    if (span.from !== undefined) conditions.push(`${time.to} > ${params.add(span.from)}::timestamptz`);
    return conditions;
  }
  const conditions = [];
  if (span.from !== undefined) {
    conditions.push(`${time.opened} >= ${params.add(span.from)}::timestamptz`);
    const ms = Date.parse(span.from);
    // The time bits of the id let the database skip whole months; those of the future are clamped.
    if (ms > FIRST_ID_MS && ms < Date.parse(now))
      conditions.push(`${time.id} >= ${params.add(uuidV7LowerBound(ms))}::uuid`);
  }
  if (span.to !== undefined) {
    conditions.push(`${time.opened} ${end} ${params.add(span.to)}::timestamptz`);
    const ms = Date.parse(span.to);
    if (ms > FIRST_ID_MS) conditions.push(`${time.id} < ${params.add(uuidV7LowerBound(ms + 1))}::uuid`);
  }
  return conditions;
}

/** A box as a geometry of its own dimension: an envelope without extent is no valid polygon. */
function boxGeometry(params: Params, [west, south, east, north]: Bbox): string {
  // Only what the statement names becomes a parameter: PostgreSQL must know the type of each.
  const number = (degrees: number): string => `${params.add(degrees)}::float8`;
  if (west < east && south < north)
    return `ST_MakeEnvelope(${number(west)}, ${number(south)}, ${number(east)}, ${number(north)}, 4326)`;
  const point = (lon: number, lat: number): string => `ST_MakePoint(${number(lon)}, ${number(lat)})`;
  if (west === east && south === north) return `ST_SetSRID(${point(west, south)}, 4326)`;
  return `ST_SetSRID(ST_MakeLine(${point(west, south)}, ${point(east, north)}), 4326)`;
}

function boxCondition(params: Params, { geometry, box }: FeatureSource, bbox: Bbox): string {
  if (geometry === null) return "false";
  const [west, south, east, north] = bbox;
  if (box.by === "cell" && west < east && south < north) return inBox(params, box.alias, bbox);
  const meets = `ST_Intersects(${geometry}, ${boxGeometry(params, bbox)})`;
  if (box.by !== "edges") return meets;
  const { alias } = box;
  return `(${alias}.west <= ${params.add(east)}::float8 AND ${alias}.east >= ${params.add(west)}::float8
    AND ${alias}.south <= ${params.add(north)}::float8 AND ${alias}.north >= ${params.add(south)}::float8 AND ${meets})`;
}

function scopeCondition(params: Params, kind: ExportKind, source: FeatureSource, inside: string): string {
  // A whole county also holds what lies outside every area; what belongs to no area belongs to each.
  if (source.scope === null || inside.length <= 6) return "";
  const { from, to } = codeRange(inside);
  const range = (code: string): string => `${code} >= ${params.add(from)} AND ${code} < ${params.add(to)}`;
  // Compounds know their community only; which grids they lie in stands beside them.
  if (kind === "compounds" && inside.length > 12)
    return `EXISTS (SELECT 1 FROM grid_compound gc
      JOIN area_version g ON g.county = $1 AND g.area_id = gc.grid_id AND g.valid_from <= $2::timestamptz AND g.valid_to > $2::timestamptz
      WHERE gc.county = $1 AND gc.compound_id = c.id AND ${range("g.code")})`;
  return range(source.scope);
}

function expressionOf(tx: Transaction, source: FeatureSource, name: string): string {
  const expression = source.columns[name];
  if (expression === undefined) throw bugError(`there is no column ${name}`, { at: "db/features/registry.ts" });
  return typeof expression === "string" ? expression : expression(tx);
}

const equality = (tx: Transaction, params: Params, source: FeatureSource, one: FeatureEquality): string =>
  `${expressionOf(tx, source, one.column)} = ${params.add(one.value)}::${SQL_TYPES[one.type]}`;

function conditions(tx: Transaction, params: Params, kind: ExportKind, query: FeatureQuery): string {
  const source: FeatureSource = FEATURE_SOURCES[kind];
  params.add(query.county);
  params.add(query.now);
  // Every statement names both parameters, used or not: PostgreSQL must know their types.
  const all = [source.where, "$2::timestamptz IS NOT NULL", scopeCondition(params, kind, source, query.inside)];
  if (query.span) all.push(...spanConditions(params, source, query.span, query.now));
  if (query.boxes) all.push(`(${query.boxes.map((bbox) => boxCondition(params, source, bbox)).join(" OR ")})`);
  for (const one of query.equals ?? []) all.push(equality(tx, params, source, one));
  if (query.classes) {
    const list = params.add(query.classes);
    const code = expressionOf(tx, source, "class");
    all.push(`(${code} = ANY(${list}::text[]) OR left(${code}, 2) = ANY(${list}::text[]))`);
  }
  if (query.late) all.push(`(${lateSql(params.add(query.late.asOf))}) = ${params.add(query.late.is)}::boolean`);
  const oneOf = { state: query.states, severity: query.severities, source: query.sources };
  for (const [column, values] of Object.entries(oneOf))
    if (values) all.push(`${expressionOf(tx, source, column)} = ANY(${params.add(values)}::text[])`);
  if (query.id !== undefined) all.push(`${source.id} = ${params.add(query.id)}::uuid`);
  return all.filter((condition) => condition !== "").join(" AND ");
}

interface RawRow extends Readonly<Record<string, ExportValue | ExportedGeometry | undefined>> {
  readonly feature_id: string;
  readonly feature_key: string;
}

/**
 * A page of features in the order of their keys.
 *
 * @param columns names of the columns to read; the viewer must be allowed to
 * @param after key of the last feature of the page before
 */
export async function listFeatures(
  tx: Transaction,
  kind: ExportKind,
  query: FeatureQuery,
  columns: readonly string[],
  after: string | undefined,
  limit: number,
): Promise<ExportRow[]> {
  const source: FeatureSource = FEATURE_SOURCES[kind];
  const params = new Params();
  const where = conditions(tx, params, kind, query);
  const key = source.key.type === "text" ? `${source.key.sql} COLLATE "C"` : source.key.sql;
  const keyset = after === undefined ? "" : `AND ${key} > ${params.add(after)}::${source.key.type}`;
  const selected = [
    `${source.id} AS feature_id`,
    `${source.key.sql} AS feature_key`,
    ...(source.geometry ? [`ST_AsGeoJSON(${source.geometry}, 7)::json AS feature_geometry`] : []),
    ...columns.map((name) => `${expressionOf(tx, source, name)} AS "${name}"`),
  ];
  const rows = await tx.rows<RawRow>(
    `SELECT ${selected.join(", ")} FROM ${source.from} WHERE ${where} ${keyset}
     ORDER BY ${key} LIMIT ${params.add(limit)}::int`,
    params.values,
  );
  return rows.map((row) => ({
    id: row.feature_id,
    key: row.feature_key,
    values: Object.fromEntries(columns.map((name) => [name, (row[name] ?? null) as ExportValue])),
    geometry: (row["feature_geometry"] as ExportedGeometry | undefined) ?? null,
  }));
}

/** How many features a query has. */
export async function countFeatures(tx: Transaction, kind: ExportKind, query: FeatureQuery): Promise<number> {
  const source: FeatureSource = FEATURE_SOURCES[kind];
  const params = new Params();
  const where = conditions(tx, params, kind, query);
  const rows = await tx.rows<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${source.from} WHERE ${where}`,
    params.values,
  );
  return rows[0]?.count ?? 0;
}
