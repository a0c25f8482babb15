import { codePath, codeRange } from "../../data/model/codes.ts";
import type { OrganisationKind, OrganisationRole } from "../../data/model/organisation.ts";
import type { Transaction } from "../driver.ts";
import { columnOrNull } from "../policy/seat-columns.ts";
import { AREA_COLUMNS, type AreaRow, dated } from "./area-repository.ts";
import { groupBy, indexBy, Params } from "./params.ts";

export interface OrganisationRow {
  readonly county: string;
  readonly id: string;
  readonly kind: OrganisationKind;
  readonly name: string;
  readonly nameSort: string;
  readonly creditCode: string | null;
  readonly unitLevel: number | null;
  readonly dutyPhone: string | null;
}

const columns = (
  tx: Transaction,
): string => `o.county, o.id, o.kind, o.name, o.name_sort AS "nameSort", o.credit_code AS "creditCode",
  o.unit_level AS "unitLevel", ${columnOrNull(tx, "organisation", "o.duty_phone", "text")} AS "dutyPhone"`;

export async function organisationsById(
  tx: Transaction,
  county: string,
  ids: readonly string[],
): Promise<Map<string, OrganisationRow>> {
  const rows = await tx.rows<OrganisationRow>(
    `SELECT ${columns(tx)} FROM organisation o WHERE o.county = $1 AND o.id = ANY($2::uuid[])`,
    [county, ids],
  );
  return indexBy(rows, (row) => row.id);
}

export interface OrganisationFilter {
  /** Only units with this role somewhere now. */
  readonly role?: OrganisationRole | null | undefined;
  /** Only units with a role in this area or inside it now. */
  readonly inside?: string | null | undefined;
  readonly at: string;
}

function organisationConditions(params: Params, county: string, filter: OrganisationFilter): string {
  const countyParam = params.add(county);
  if (!filter.role && !filter.inside) return `o.county = ${countyParam}`;
  const at = params.add(filter.at);
  const role = filter.role ? `AND r.role = ${params.add(filter.role)}` : "";
  let area = "";
  if (filter.inside) {
    const range = codeRange(filter.inside);
    area = `AND EXISTS (SELECT 1 FROM area_version v WHERE v.county = ${countyParam} AND v.area_id = r.area_id
      AND v.valid_from <= ${at}::timestamptz AND v.valid_to > ${at}::timestamptz AND v.code >= ${params.add(range.from)} AND v.code < ${params.add(range.to)})`;
  }
  return `o.county = ${countyParam} AND EXISTS (SELECT 1 FROM organisation_role r WHERE r.county = ${countyParam}
    AND r.organisation_id = o.id AND r.valid_from <= ${at}::timestamptz AND r.valid_to > ${at}::timestamptz ${role} ${area})`;
}

/** A page of units by name. @param after `[nameSort, id]` of the last row of the page before */
export function listOrganisations(
  tx: Transaction,
  county: string,
  filter: OrganisationFilter,
  after: readonly string[] | undefined,
  limit: number,
): Promise<OrganisationRow[]> {
  const params = new Params();
  const where = organisationConditions(params, county, filter);
  const keyset = after
    ? `AND (o.name_sort, o.id) > (${params.add(after[0] ?? "")}, ${params.add(after[1] ?? "")}::uuid)`
    : "";
  return tx.rows<OrganisationRow>(
    `SELECT ${columns(tx)} FROM organisation o WHERE ${where} ${keyset}
     ORDER BY o.name_sort, o.id LIMIT ${params.add(limit)}::int`,
    params.values,
  );
}

export async function countOrganisations(tx: Transaction, county: string, filter: OrganisationFilter): Promise<number> {
  const params = new Params();
  const where = organisationConditions(params, county, filter);
  const rows = await tx.rows<{ count: number }>(
    `SELECT count(*)::int AS count FROM organisation o WHERE ${where}`,
    params.values,
  );
  return rows[0]?.count ?? 0;
}

/** Areas that each unit is responsible for at an instant, by code: the first `limit` after a code. */
export async function areasOfOrganisations(
  tx: Transaction,
  county: string,
  organisationIds: readonly string[],
  at: string,
  after: string,
  limit: number,
): Promise<Map<string, AreaRow[]>> {
  const rows = await tx.rows<Omit<AreaRow, "at"> & { organisation: string }>(
    `SELECT * FROM (
       SELECT ${AREA_COLUMNS}, r.organisation_id AS organisation,
         row_number() OVER (PARTITION BY r.organisation_id ORDER BY v.code) AS place
       FROM organisation_role r
       JOIN area_version v ON v.county = $1 AND v.area_id = r.area_id AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz AND v.code > $4
       WHERE r.county = $1 AND r.organisation_id = ANY($2::uuid[]) AND r.role = 'responsible'
         AND r.valid_from <= $3::timestamptz AND r.valid_to > $3::timestamptz
     ) c WHERE c.place <= $5::int ORDER BY c.organisation, c.code`,
    [county, organisationIds, at, after, limit],
  );
  return groupBy(dated(rows, at), (row) => row.organisation);
}

export async function countAreasOfOrganisations(
  tx: Transaction,
  county: string,
  organisationIds: readonly string[],
  at: string,
): Promise<Map<string, number>> {
  const rows = await tx.rows<{ organisation: string; count: number }>(
    `SELECT r.organisation_id AS organisation, count(*)::int AS count
     FROM organisation_role r
     JOIN area_version v ON v.county = $1 AND v.area_id = r.area_id AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz
     WHERE r.county = $1 AND r.organisation_id = ANY($2::uuid[]) AND r.role = 'responsible'
       AND r.valid_from <= $3::timestamptz AND r.valid_to > $3::timestamptz
     GROUP BY r.organisation_id`,
    [county, organisationIds, at],
  );
  return new Map(rows.map((row) => [row.organisation, row.count]));
}

export interface ResponsibilityRow {
  readonly county: string;
  readonly organisationId: string;
  /** Code of the area on which the contract stands. */
  readonly areaCode: string;
  readonly contractNo: string | null;
  readonly from: string;
  readonly to: string | null;
  readonly expired: boolean;
}

/**
 * The unit that answers for each area at an instant: the contract on the area itself or on its closest ancestor that
 * has one which holds. Areas that nobody owns are absent.
 */
export async function responsibilities(
  tx: Transaction,
  county: string,
  codes: readonly string[],
  at: string,
): Promise<Map<string, ResponsibilityRow>> {
  const paths = [...new Set(codes.flatMap(codePath))];
  const rows = await tx.rows<ResponsibilityRow>(
    `SELECT r.county, r.organisation_id AS "organisationId", v.code AS "areaCode", r.contract_no AS "contractNo",
       coalesce(lower(r.valid), '0001-01-01T00:00:00Z') AS "from", upper(r.valid) AS "to", false AS expired
     FROM area_version v
     JOIN organisation_role r ON r.county = $1 AND r.area_id = v.area_id AND r.role = 'responsible'
       AND r.valid_from <= $3::timestamptz AND r.valid_to > $3::timestamptz
     WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz`,
    [county, paths, at],
  );
  const byArea = indexBy(rows, (row) => row.areaCode);
  const found = new Map<string, ResponsibilityRow>();
  for (const code of codes) {
    const closest = codePath(code).findLast((ancestor) => byArea.has(ancestor));
    const row = closest === undefined ? undefined : byArea.get(closest);
    if (row) found.set(code, row);
  }
  return found;
}
