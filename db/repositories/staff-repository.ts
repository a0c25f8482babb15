import { codeRange } from "../../data/model/codes.ts";
import type { PostKind } from "../../data/model/staff.ts";
import type { Transaction } from "../driver.ts";
import { OPEN_SQL } from "./incident-filter.ts";
import { groupBy, indexBy, Params } from "./params.ts";

export interface StaffRow {
  readonly county: string;
  readonly id: string;
  readonly name: string;
  readonly nameSort: string;
  readonly title: string;
  readonly organisationId: string | null;
}

export interface PostRow {
  readonly county: string;
  readonly id: string;
  readonly kind: PostKind;
  readonly organisationId: string | null;
  readonly place: string;
  readonly lon: number;
  readonly lat: number;
}

const STAFF_COLUMNS = `s.county, s.id, s.name, s.name_sort AS "nameSort", s.title, s.organisation_id AS "organisationId"`;
const POST_COLUMNS = `t.county, t.id, t.kind, t.organisation_id AS "organisationId", t.place, ST_X(t.geom) AS lon,
  ST_Y(t.geom) AS lat`;

export async function staffById(
  tx: Transaction,
  county: string,
  ids: readonly string[],
): Promise<Map<string, StaffRow>> {
  const rows = await tx.rows<StaffRow>(
    `SELECT ${STAFF_COLUMNS} FROM duty_staff s WHERE s.county = $1 AND s.id = ANY($2::uuid[])`,
    [county, ids],
  );
  return indexBy(rows, (row) => row.id);
}

export async function postsById(
  tx: Transaction,
  county: string,
  ids: readonly string[],
): Promise<Map<string, PostRow>> {
  const rows = await tx.rows<PostRow>(
    `SELECT ${POST_COLUMNS} FROM post t WHERE t.county = $1 AND t.id = ANY($2::uuid[])`,
    [county, ids],
  );
  return indexBy(rows, (row) => row.id);
}

/** Work phones, kept in a table of their own. */
export async function workPhones(
  tx: Transaction,
  county: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await tx.rows<{ id: string; phone: string }>(
    `SELECT c.staff_id AS id, c.work_phone AS phone FROM duty_staff_contact c
     WHERE c.county = $1 AND c.staff_id = ANY($2::uuid[])`,
    [county, ids],
  );
  return new Map(rows.map((row) => [row.id, row.phone]));
}

/** Posts that each member of staff holds at an instant, in slot A or B. */
export async function postsOfStaff(
  tx: Transaction,
  county: string,
  ids: readonly string[],
  at: string,
): Promise<Map<string, PostRow[]>> {
  const rows = await tx.rows<PostRow & { staff: string }>(
    `SELECT ${POST_COLUMNS}, h.staff_id AS staff
     FROM post_holder h JOIN post t ON t.county = $1 AND t.id = h.post_id
     WHERE h.county = $1 AND h.staff_id = ANY($2::uuid[]) AND h.valid_from <= $3::timestamptz AND h.valid_to > $3::timestamptz
     ORDER BY h.staff_id, h.slot, t.kind, t.id`,
    [county, ids, at],
  );
  return groupBy(rows, (row) => row.staff);
}

/** Codes of the areas that each post serves, as they are coded at an instant. */
export async function areaCodesOfPosts(
  tx: Transaction,
  county: string,
  ids: readonly string[],
  at: string,
): Promise<Map<string, string[]>> {
  const rows = await tx.rows<{ post: string; codes: string[] }>(
    `SELECT pa.post_id AS post, json_agg(v.code ORDER BY v.code) AS codes
     FROM post_area pa JOIN area_version v ON v.county = $1 AND v.area_id = pa.area_id AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz
     WHERE pa.county = $1 AND pa.post_id = ANY($2::uuid[]) GROUP BY pa.post_id`,
    [county, ids, at],
  );
  return new Map(rows.map((row) => [row.post, row.codes]));
}

export interface StaffFilter {
  readonly inside: string;
  readonly kinds?: readonly PostKind[] | null | undefined;
  readonly at: string;
}

function staffConditions(params: Params, county: string, filter: StaffFilter): string {
  const c = params.add(county);
  const at = params.add(filter.at);
  const range = codeRange(filter.inside);
  const kinds = filter.kinds ? `AND t.kind = ANY(${params.add(filter.kinds)}::text[])` : "";
  return `s.county = ${c} AND EXISTS (
    SELECT 1 FROM post_holder h
    JOIN post t ON t.county = ${c} AND t.id = h.post_id ${kinds}
    JOIN post_area pa ON pa.county = ${c} AND pa.post_id = t.id
    JOIN area_version v ON v.county = ${c} AND v.area_id = pa.area_id AND v.valid_from <= ${at}::timestamptz AND v.valid_to > ${at}::timestamptz
      AND v.code >= ${params.add(range.from)} AND v.code < ${params.add(range.to)}
    WHERE h.county = ${c} AND h.staff_id = s.id AND h.valid_from <= ${at}::timestamptz AND h.valid_to > ${at}::timestamptz)`;
}

/** A page of staff by name. @param after `[nameSort, id]` of the last row of the page before */
export function listStaff(
  tx: Transaction,
  county: string,
  filter: StaffFilter,
  after: readonly string[] | undefined,
  limit: number,
): Promise<StaffRow[]> {
  const params = new Params();
  const where = staffConditions(params, county, filter);
  const keyset = after
    ? `AND (s.name_sort, s.id) > (${params.add(after[0] ?? "")}, ${params.add(after[1] ?? "")}::uuid)`
    : "";
  return tx.rows<StaffRow>(
    `SELECT ${STAFF_COLUMNS} FROM duty_staff s WHERE ${where} ${keyset}
     ORDER BY s.name_sort, s.id LIMIT ${params.add(limit)}::int`,
    params.values,
  );
}

export async function countStaff(tx: Transaction, county: string, filter: StaffFilter): Promise<number> {
  const params = new Params();
  const where = staffConditions(params, county, filter);
  const rows = await tx.rows<{ count: number }>(
    `SELECT count(*)::int AS count FROM duty_staff s WHERE ${where}`,
    params.values,
  );
  return rows[0]?.count ?? 0;
}

/** Open cases that are assigned to each post, among those that the transaction's scope sees; posts without one are absent. */
export async function openCasesOfPosts(
  tx: Transaction,
  county: string,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const rows = await tx.rows<{ post: string; count: number }>(
    `SELECT i.post_id AS post, count(*)::int AS count FROM incident i
     WHERE i.county = $1 AND i.post_id = ANY($2::uuid[]) AND ${OPEN_SQL} GROUP BY i.post_id`,
    [county, ids],
  );
  return new Map(rows.map(({ post, count }) => [post, count]));
}
