import { type ColumnType, NULL_TIME } from "../../data/columns/format.ts";
import type { IncidentColumns } from "../../data/columns/incident-columns.ts";
import { newArrays, type StoreArrays } from "../../data/columns/store-arrays.ts";
import { bugError } from "../../data/model/errors.ts";
import { uuidV7LowerBound } from "../../data/model/ids.ts";
import { int4RowReader } from "../copy-binary.ts";
import type { Transaction } from "../driver.ts";
import { CASE_SQL } from "./case-sql.ts";
import { packSql, unpackColumns } from "./packed-columns.ts";
import { Params } from "./params.ts";

/** What hot columns of a county begin with. */
export interface HotStart {
  readonly contentVersion: string;
  readonly liveVersion: number;
  /** End of the county's feed; 0 where it has none yet. */
  readonly seq: number;
  /** Codes of every class and of every version of every area, each sorted by code. */
  readonly classes: readonly string[];
  readonly grids: readonly string[];
}

/** Versions and dictionaries of a county, of one instant; undefined when there is no such county. */
export async function hotStart(tx: Transaction, county: string): Promise<HotStart | undefined> {
  const rows = await tx.rows<HotStart>(
    `SELECT p.content_version::text AS "contentVersion", p.live_version AS "liveVersion",
       coalesce((SELECT h.seq FROM feed_head h WHERE h.county = $1), 0) AS seq,
       (SELECT coalesce(json_agg(c.code ORDER BY c.code COLLATE "C"), '[]') FROM (
          SELECT k.code FROM class_code k
          UNION SELECT x.value ->> 'code' FROM jsonb_array_elements(p.extra_classes) x) c) AS classes,
       (SELECT coalesce(json_agg(a.code ORDER BY a.code COLLATE "C"), '[]') FROM (
          SELECT DISTINCT v.code FROM area_version v WHERE v.county = $1) a) AS grids
     FROM county_profile p WHERE p.county = $1`,
    [county],
  );
  return rows[0];
}

/** Codes of every class and of every version of every area of a county, each sorted by code. */
export async function hotDictionaries(tx: Transaction, county: string): Promise<Pick<HotStart, "classes" | "grids">> {
  const { classes = [], grids = [] } = (await hotStart(tx, county)) ?? {};
  return { classes, grids };
}

/** Number of cases of a county. */
export async function countCases(tx: Transaction, county: string): Promise<number> {
  const rows = await tx.rows<{ count: number }>("SELECT count(*) AS count FROM incident i WHERE i.county = $1", [
    county,
  ]);
  return rows[0]?.count ?? 0;
}

/** A case's place in the order of opening: where one chunk ends and an older one begins. */
export interface CasePlace {
  /** ISO 8601, to the microsecond. */
  readonly openedAt: string;
  readonly id: string;
}

/** Conditions on `incident i` for cases before a place, newest months only. */
function beforePlace(params: Params, before: CasePlace | undefined): string {
  if (!before) return "true";
  const openedAt = params.add(before.openedAt);
  // The time bits of an id are those of its opening: later months need not be looked into (data rule 3).
  const bound = params.add(uuidV7LowerBound(Date.parse(before.openedAt) + 1));
  return `(i.opened_at, i.id) < (${openedAt}::timestamptz, ${params.add(before.id)}::uuid) AND i.id < ${bound}::uuid`;
}

/** The first time that ids carry (data rule 3). */
const FIRST_ID_MS = Date.UTC(2000, 0, 1);

/** Conditions on `incident i` for cases from a place on, later months only. */
function sincePlace(params: Params, { openedAt, id }: CasePlace): string {
  const place = `(i.opened_at, i.id) >= (${params.add(openedAt)}::timestamptz, ${params.add(id)}::uuid)`;
  const ms = Date.parse(openedAt);
  return ms > FIRST_ID_MS ? `${place} AND i.id >= ${params.add(uuidV7LowerBound(ms))}::uuid` : place;
}

/**
 * Place of the oldest of the `size` newest cases before a place; undefined where fewer are left.
 *
 * @param before undefined = from the newest on
 */
export async function placeOfChunk(
  tx: Transaction,
  county: string,
  before: CasePlace | undefined,
  size: number,
): Promise<CasePlace | undefined> {
  const params = new Params();
  const own = params.add(county);
  const rows = await tx.rows<CasePlace>(
    `SELECT i.opened_at AS "openedAt", i.id FROM incident i WHERE i.county = ${own} AND ${beforePlace(params, before)}
     ORDER BY i.opened_at DESC, i.id DESC OFFSET ${params.add(size - 1)}::int LIMIT 1`,
    params.values,
  );
  return rows[0];
}

/** Columns of a chunk in the order in which the database gives them: names of `StoreArrays`, `class` for `classIndex`. */
const CHUNK_COLUMNS = [
  ["lon", "i32"],
  ["lat", "i32"],
  ["opened", "i32"],
  ["closed", "i32"],
  ["due", "i32"],
  ["flags", "u8"],
  ["classIndex", "u16"],
  ["state", "u8"],
  ["severity", "u8"],
  ["source", "u8"],
  ["grid", "u32"],
  ["ref", "u32"],
] as const satisfies readonly (readonly [keyof StoreArrays, ColumnType])[];

/** What an index of a code that is in no dictionary comes as. */
const UNKNOWN_CLASS = 0xffff;
const UNKNOWN_GRID = 0xffff_fffe;

const dictionarySql = (list: string): string =>
  `(SELECT t.value, (t.n - 1)::int AS n FROM unnest(${list}::text[]) WITH ORDINALITY AS t(value, n))`;

/** Cases between two places, oldest first, with indexes in the place of codes. */
function chunkSql(
  params: Params,
  county: string,
  { classes, grids }: Pick<HotStart, "classes" | "grids">,
  from: CasePlace | undefined,
  before: CasePlace | undefined,
): string {
  const own = params.add(county);
  const end = beforePlace(params, before);
  const start = from ? sincePlace(params, from) : "true";
  const names = CHUNK_COLUMNS.map(([name]) => name).filter((name) => name !== "classIndex" && name !== "grid");
  return `SELECT ${names.map((name) => `q.${name}`).join(", ")}, coalesce(k.n, ${UNKNOWN_CLASS}) AS "classIndex",
      CASE WHEN q.scope_code IS NULL THEN -1 ELSE coalesce(g.n, -2) END AS grid
    FROM (SELECT i.id, i.opened_at, i.class_code, i.scope_code, ${CASE_SQL}
          FROM incident i WHERE i.county = ${own} AND ${end} AND ${start}) q
    LEFT JOIN ${dictionarySql(params.add(classes))} k ON k.value = q.class_code
    LEFT JOIN ${dictionarySql(params.add(grids))} g ON g.value = q.scope_code
    ORDER BY q.opened_at, q.id`;
}

/** A chunk has a code that is in no dictionary: load anew with codes that `codesBeyond` gives. */
export class UnknownCode extends Error {}

/**
 * Cases of a county between two places as columns, oldest first, whoever may see them.
 *
 * By COPY in binary format where there is one: at a million cases it costs a third of the database's CPU of packed columns
 * (1.9 s against 5.6 s, docs/benchmarks.md), for 0.1 s more of this process's.
 *
 * @param from place of the first case; undefined = from the oldest on
 * @param before place that ends the chunk; undefined = to the newest
 * @param size number of cases that are expected
 * @throws UnknownCode
 */
export async function readCaseChunk(
  tx: Transaction,
  county: string,
  dictionaries: Pick<HotStart, "classes" | "grids">,
  from: CasePlace | undefined,
  before: CasePlace | undefined,
  size: number,
): Promise<IncidentColumns> {
  const params = new Params();
  const sql = chunkSql(params, county, dictionaries, from, before);
  const { arrays, rows } = tx.copyOut
    ? await copyChunk(tx.copyOut.bind(tx), sql, params, size)
    : await packedChunk(tx, sql, params);
  for (let i = 0; i < rows; i++)
    if (arrays.classIndex[i] === UNKNOWN_CLASS || arrays.grid[i] === UNKNOWN_GRID) throw new UnknownCode();
  return { ...arrays, ...dictionaries, rows, county, version: "", asOf: NULL_TIME };
}

interface Chunk {
  readonly arrays: StoreArrays;
  readonly rows: number;
}

async function copyChunk(
  copyOut: NonNullable<Transaction["copyOut"]>,
  sql: string,
  params: Params,
  size: number,
): Promise<Chunk> {
  let arrays = newArrays(size);
  let rows = 0;
  const read = int4RowReader(CHUNK_COLUMNS.length, (field) => {
    if (rows === arrays.opened.length) arrays = longer(arrays);
    // By hand: a loop over names costs three times as much.
    arrays.lon[rows] = field(0);
    arrays.lat[rows] = field(1);
    arrays.opened[rows] = field(2);
    arrays.closed[rows] = field(3);
    arrays.due[rows] = field(4);
    arrays.flags[rows] = field(5);
    arrays.classIndex[rows] = field(6);
    arrays.state[rows] = field(7);
    arrays.severity[rows] = field(8);
    arrays.source[rows] = field(9);
    arrays.grid[rows] = field(10);
    arrays.ref[rows] = field(11);
    rows++;
  });
  const list = CHUNK_COLUMNS.map(([name]) => `(c."${name}")::int4`).join(", ");
  await copyOut(`SELECT ${list} FROM (${sql}) c`, params.values, read);
  return { arrays, rows };
}

/** Cases that came after the chunk was measured. */
function longer(arrays: StoreArrays): StoreArrays {
  const grown = newArrays(arrays.opened.length * 2 + 1024);
  for (const [name] of CHUNK_COLUMNS) grown[name].set(arrays[name]);
  return grown;
}

async function packedChunk(tx: Transaction, sql: string, params: Params): Promise<Chunk> {
  const columns = CHUNK_COLUMNS.map(([name, type]) => ({ name, type, sql: `r."${name}"` }));
  const bytes = await tx.bytes(`SELECT ${packSql(columns, "'null'::json")} FROM (${sql}) r`, params.values);
  if (!bytes) throw bugError("the database gave no columns");
  const { rows, columns: arrays } = unpackColumns<null>(bytes, columns);
  return { arrays: arrays as unknown as StoreArrays, rows };
}

/** Codes that cases carry beyond the dictionaries (classes and areas that are no longer in their tables). */
export async function codesBeyond(
  tx: Transaction,
  county: string,
  { classes, grids }: Pick<HotStart, "classes" | "grids">,
): Promise<Pick<HotStart, "classes" | "grids">> {
  const rows = await tx.rows<Pick<HotStart, "classes" | "grids">>(
    `SELECT coalesce((SELECT json_agg(DISTINCT i.class_code) FROM incident i
         WHERE i.county = $1 AND NOT i.class_code = ANY ($2::text[])), '[]') AS classes,
       coalesce((SELECT json_agg(DISTINCT i.scope_code) FROM incident i
         WHERE i.county = $1 AND NOT i.scope_code = ANY ($3::text[])), '[]') AS grids`,
    [county, classes, grids],
  );
  return rows[0] ?? { classes: [], grids: [] };
}
