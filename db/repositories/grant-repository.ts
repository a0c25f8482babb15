import type { Role } from "../../data/policy/roles.ts";
import type { Transaction } from "../driver.ts";
import { groupBy, indexBy } from "./params.ts";

/** One role on one area, as it is kept: the area by its id, whose code may change. Instants are ISO 8601 text. */
export interface GrantRow {
  /** Home county of the account. */
  readonly county: string;
  readonly id: string;
  readonly accountId: string;
  readonly role: Role;
  /** County of the area; 000000 for every county. */
  readonly areaCounty: string;
  /** Null for the whole county. */
  readonly areaId: string | null;
  readonly grantedBy: string;
  readonly grantedAt: string;
}

const COLUMNS = `g.county, g.id, g.account_id AS "accountId", g.role, g.area_county AS "areaCounty", g.area_id AS "areaId",
  g.granted_by AS "grantedBy", g.granted_at AS "grantedAt"`;

export const insertGrant = (tx: Transaction, grant: GrantRow): Promise<number> =>
  tx.execute(
    `INSERT INTO role_grant (county, id, account_id, role, area_county, area_id, granted_by, granted_at, revoked_by, revoked_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL)`,
    [
      grant.county,
      grant.id,
      grant.accountId,
      grant.role,
      grant.areaCounty,
      grant.areaId,
      grant.grantedBy,
      grant.grantedAt,
    ],
  );

/** Grants of accounts that hold, oldest first. */
export const grantsOfAccounts = async (
  tx: Transaction,
  county: string,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, GrantRow[]>> =>
  groupBy(
    await tx.rows<GrantRow>(
      `SELECT ${COLUMNS} FROM role_grant g WHERE g.county = $1 AND g.account_id = ANY($2) AND g.revoked_at IS NULL
       ORDER BY g.granted_at, g.id`,
      [county, accountIds],
    ),
    ({ accountId }) => accountId,
  );

/** A grant that holds; undefined when there is none or it was revoked. */
export async function grantById(tx: Transaction, county: string, id: string): Promise<GrantRow | undefined> {
  const rows = await tx.rows<GrantRow>(
    `SELECT ${COLUMNS} FROM role_grant g WHERE g.county = $1 AND g.id = $2 AND g.revoked_at IS NULL`,
    [county, id],
  );
  return rows[0];
}

/** Takes a grant back; false when somebody else did. */
export const revokeGrant = async (
  tx: Transaction,
  county: string,
  id: string,
  revokedBy: string,
  revokedAt: string,
): Promise<boolean> =>
  (await tx.execute(
    "UPDATE role_grant SET revoked_by = $3, revoked_at = $4 WHERE county = $1 AND id = $2 AND revoked_at IS NULL",
    [county, id, revokedBy, revokedAt],
  )) === 1;

/** Code and name of an area. */
export interface GrantedArea {
  readonly areaId: string;
  readonly code: string;
  readonly name: string;
}

/** What areas are called at an instant, by their ids; one that is closed is missing. */
export const grantedAreas = async (
  tx: Transaction,
  county: string,
  areaIds: readonly string[],
  at: string,
): Promise<ReadonlyMap<string, GrantedArea>> =>
  indexBy(
    await tx.rows<GrantedArea>(
      `SELECT v.area_id AS "areaId", v.code, v.name FROM area_version v
       WHERE v.county = $1 AND v.area_id = ANY($2) AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz`,
      [county, areaIds, at],
    ),
    ({ areaId }) => areaId,
  );

/** An area by its code at an instant, to grant it; undefined when there is none. */
export async function areaToGrant(
  tx: Transaction,
  county: string,
  code: string,
  at: string,
): Promise<GrantedArea | undefined> {
  const rows = await tx.rows<GrantedArea>(
    `SELECT v.area_id AS "areaId", v.code, v.name FROM area_version v
     WHERE v.county = $1 AND v.code = $2 AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz`,
    [county, code, at],
  );
  return rows[0];
}

/** What signing in must know of a county. */
export interface CountyFacts {
  readonly county: string;
  readonly name: string;
  readonly demo: boolean;
}

/** Name of a county and whether it is a demonstration; undefined when it is not on this server. */
export async function countyFacts(tx: Transaction, county: string): Promise<CountyFacts | undefined> {
  const rows = await tx.rows<CountyFacts>("SELECT county, name, demo FROM county_profile WHERE county = $1", [county]);
  return rows[0];
}

/** How many grants hold on areas. */
export async function grantsOnAreas(tx: Transaction, county: string, areaIds: readonly string[]): Promise<number> {
  const rows = await tx.rows<{ count: number }>(
    `SELECT count(*)::int AS count FROM role_grant g
     WHERE g.county = $1 AND g.area_id = ANY($2::uuid[]) AND g.revoked_at IS NULL`,
    [county, areaIds],
  );
  return rows[0]?.count ?? 0;
}
