import type { AreaKind } from "../../data/model/area.ts";
import type { MultiPolygonRings } from "../../data/model/geometry.ts";
import type { Uuid } from "../../data/model/ids.ts";
import type { PlanChange, PlanState } from "../../data/planning/plan.ts";
import type { Transaction } from "../driver.ts";
import { multiPolygonEwkb } from "../ewkb.ts";
import { groupBy, indexBy, Params } from "./params.ts";

/** Plans and the cells that they change. Every function sends one statement. Instants are ISO 8601 text. */

/** Versions that a plan was drawn on, one for each cell. */
export type PlanBaseVersions = readonly (readonly [areaId: string, versionId: string])[];

export interface PlanRow {
  readonly county: string;
  readonly id: string;
  readonly scopeCode: string;
  readonly name: string;
  readonly summary: string | null;
  readonly state: PlanState;
  readonly revision: number;
  readonly baseAt: string;
  /** Day, YYYY-MM-DD. */
  readonly effectiveOn: string | null;
  readonly authorId: string | null;
  readonly author: string;
  /** Accounts that changed what it draws. */
  readonly editors: readonly string[];
  readonly savedName: string;
  readonly savedAt: string;
  readonly approvedName: string | null;
  readonly reverts: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

const COLUMNS = `p.county, p.id, p.scope_code AS "scopeCode", p.name, p.summary, p.state, p.revision, p.base_at AS "baseAt",
  p.effective_on AS "effectiveOn", p.author_id AS "authorId", p.author, p.editors, p.saved_name AS "savedName",
  p.saved_at AS "savedAt", p.approved_name AS "approvedName", p.reverts, p.created_at AS "createdAt", p.updated_at AS "updatedAt"`;

export interface NewPlan
  extends Pick<
    PlanRow,
    "county" | "scopeCode" | "name" | "summary" | "baseAt" | "authorId" | "author" | "editors" | "reverts" | "createdAt"
  > {
  readonly id: Uuid;
  readonly base: PlanBaseVersions;
}

export const insertPlan = (tx: Transaction, plan: NewPlan): Promise<number> =>
  tx.execute(
    `INSERT INTO plan (county, id, scope_code, name, summary, state, revision, base_at, base, author_id, author, editors,
       saved_name, saved_at, reverts, created_at, updated_at)
     VALUES ($1, $2::uuid, $3, $4, $5, 'draft', 1, $6::timestamptz, $7::jsonb, $8::uuid, $9, $10::jsonb, $9, $11::timestamptz,
       $12::uuid, $11::timestamptz, $11::timestamptz)`,
    [
      plan.county,
      plan.id,
      plan.scopeCode,
      plan.name,
      plan.summary,
      plan.baseAt,
      JSON.stringify(plan.base),
      plan.authorId,
      plan.author,
      JSON.stringify(plan.editors),
      plan.createdAt,
      plan.reverts,
    ],
  );

export async function plansById(
  tx: Transaction,
  county: string,
  ids: readonly string[],
): Promise<Map<string, PlanRow>> {
  const rows = await tx.rows<PlanRow>(`SELECT ${COLUMNS} FROM plan p WHERE p.county = $1 AND p.id = ANY($2::uuid[])`, [
    county,
    ids,
  ]);
  return indexBy(rows, ({ id }) => id);
}

/** Locks a plan for a change; undefined when there is none. */
export async function lockPlan(tx: Transaction, county: string, id: string): Promise<PlanRow | undefined> {
  const rows = await tx.rows<PlanRow>(
    `SELECT ${COLUMNS} FROM plan p WHERE p.county = $1 AND p.id = $2::uuid FOR UPDATE`,
    [county, id],
  );
  return rows[0];
}

export async function baseOfPlan(tx: Transaction, county: string, id: string): Promise<PlanBaseVersions> {
  const rows = await tx.rows<{ base: PlanBaseVersions }>(
    "SELECT p.base FROM plan p WHERE p.county = $1 AND p.id = $2::uuid",
    [county, id],
  );
  return rows[0]?.base ?? [];
}

export interface PlanListFilter {
  /** From and to of the codes of their scopes. */
  readonly from: string;
  readonly to: string;
  readonly states?: readonly PlanState[] | null | undefined;
  /** Account that drew them. */
  readonly editor?: string | undefined;
}

function conditions(params: Params, county: string, { from, to, states, editor }: PlanListFilter): string {
  const parts = [
    `p.county = ${params.add(county)}`,
    `p.scope_code >= ${params.add(from)} AND p.scope_code < ${params.add(to)}`,
  ];
  if (states) parts.push(`p.state = ANY(${params.add(states)}::text[])`);
  if (editor !== undefined) parts.push(`p.editors @> ${params.add(JSON.stringify([editor]))}::jsonb`);
  return parts.join(" AND ");
}

/** Plans, changed last first. @param after `[updatedAt, id]` of the last row of the page before */
export function listPlans(
  tx: Transaction,
  county: string,
  filter: PlanListFilter,
  after: readonly string[] | undefined,
  limit: number,
): Promise<PlanRow[]> {
  const params = new Params();
  const where = conditions(params, county, filter);
  const keyset = after
    ? `AND (p.updated_at, p.id) < (${params.add(after[0] ?? "")}::timestamptz, ${params.add(after[1] ?? "")}::uuid)`
    : "";
  return tx.rows<PlanRow>(
    `SELECT ${COLUMNS} FROM plan p WHERE ${where} ${keyset}
     ORDER BY p.updated_at DESC, p.id DESC LIMIT ${params.add(limit)}::int`,
    params.values,
  );
}

export async function countPlans(tx: Transaction, county: string, filter: PlanListFilter): Promise<number> {
  const params = new Params();
  const rows = await tx.rows<{ count: number }>(
    `SELECT count(*)::int AS count FROM plan p WHERE ${conditions(params, county, filter)}`,
    params.values,
  );
  return rows[0]?.count ?? 0;
}

/** What a save changes of the plan itself. */
export interface SavedPlan {
  readonly name: string;
  readonly summary: string | null;
  readonly editors: readonly string[];
  readonly savedName: string;
  readonly at: string;
}

export const countSave = (tx: Transaction, county: string, id: string, saved: SavedPlan): Promise<number> =>
  tx.execute(
    `UPDATE plan SET revision = revision + 1, name = $3, summary = $4, editors = $5::jsonb, saved_name = $6,
       saved_at = $7::timestamptz, updated_at = $7::timestamptz WHERE county = $1 AND id = $2::uuid`,
    [county, id, saved.name, saved.summary, JSON.stringify(saved.editors), saved.savedName, saved.at],
  );

/** What a step changes of the plan itself; what is left out stays. */
export interface PlanStepChange {
  readonly state: PlanState;
  readonly at: string;
  readonly approvedName: string | null;
  readonly effectiveOn: string | null;
}

export const setPlanState = (tx: Transaction, county: string, id: string, change: PlanStepChange): Promise<number> =>
  tx.execute(
    `UPDATE plan SET state = $3, updated_at = $4::timestamptz, approved_name = $5, effective_on = $6::date
     WHERE county = $1 AND id = $2::uuid`,
    [county, id, change.state, change.at, change.approvedName, change.effectiveOn],
  );

export const touchPlan = (tx: Transaction, county: string, id: string, at: string): Promise<number> =>
  tx.execute("UPDATE plan SET updated_at = $3::timestamptz WHERE county = $1 AND id = $2::uuid", [county, id, at]);

export const setPlanBase = (
  tx: Transaction,
  county: string,
  id: string,
  baseAt: string,
  base: PlanBaseVersions,
): Promise<number> =>
  tx.execute("UPDATE plan SET base_at = $3::timestamptz, base = $4::jsonb WHERE county = $1 AND id = $2::uuid", [
    county,
    id,
    baseAt,
    JSON.stringify(base),
  ]);

/** Puts cells of a plan: one that it has already is replaced. */
export function putPlanAreas(
  tx: Transaction,
  county: string,
  planId: string,
  scopeCode: string,
  changes: readonly PlanChange[],
): Promise<number> {
  return tx.execute(
    `INSERT INTO plan_area (county, plan_id, scope_code, cell, area_id, code, kind, name, geom)
     SELECT $1, $2::uuid, $3, c.cell, c.area_id, c.code, c.kind, c.name, c.geom::geometry
     FROM unnest($4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[])
       AS c(cell, area_id, code, kind, name, geom)
     ON CONFLICT (county, plan_id, cell) DO UPDATE SET code = excluded.code, kind = excluded.kind, name = excluded.name,
       geom = excluded.geom`,
    [
      county,
      planId,
      scopeCode,
      changes.map(({ cell }) => cell),
      changes.map(({ areaId }) => areaId),
      changes.map(({ code }) => code),
      changes.map(({ kind }) => kind),
      changes.map(({ name }) => name),
      changes.map(({ geometry }) => geometry && multiPolygonEwkb(geometry)),
    ],
  );
}

/** Drops cells of a plan; all of them without a list. */
export const dropPlanAreas = (
  tx: Transaction,
  county: string,
  planId: string,
  cells: readonly string[],
): Promise<number> =>
  tx.execute("DELETE FROM plan_area WHERE county = $1 AND plan_id = $2::uuid AND cell = ANY($3::text[])", [
    county,
    planId,
    cells,
  ]);

/** Cells that plans change, by plan, each in order of code and name of the cell. */
export async function changesOfPlans(
  tx: Transaction,
  county: string,
  ids: readonly string[],
): Promise<Map<string, PlanChange[]>> {
  interface Row {
    readonly planId: string;
    readonly cell: string;
    readonly areaId: string | null;
    readonly code: string;
    readonly kind: AreaKind;
    readonly name: string;
    readonly geometry: { readonly coordinates: MultiPolygonRings } | null;
  }
  const rows = await tx.rows<Row>(
    `SELECT a.plan_id AS "planId", a.cell, a.area_id AS "areaId", a.code, a.kind, a.name, ST_AsGeoJSON(a.geom, 7)::json AS geometry
     FROM plan_area a WHERE a.county = $1 AND a.plan_id = ANY($2::uuid[]) ORDER BY a.code, a.cell`,
    [county, ids],
  );
  const groups = groupBy(rows, ({ planId }) => planId);
  return new Map(
    [...groups].map(([id, group]) => [
      id,
      group.map(({ planId: _, geometry, ...row }) => ({ ...row, geometry: geometry?.coordinates ?? null })),
    ]),
  );
}

/**
 * Whether plans were drawn on the boundaries of an instant: every version of their bases is valid then, no later one
 * has been published, and no community that stood for itself has grids now.
 */
export async function currentBases(
  tx: Transaction,
  county: string,
  ids: readonly string[],
  at: string,
): Promise<Map<string, boolean>> {
  const rows = await tx.rows<{ id: string; current: boolean }>(
    `SELECT p.id, NOT EXISTS (
         SELECT FROM jsonb_array_elements(p.base) b
         LEFT JOIN area_version v ON v.county = $1 AND v.id = (b ->> 1)::uuid AND v.valid_from <= $3::timestamptz
         WHERE v.id IS NULL OR v.valid_to <> 'infinity' OR (v.level = 'community' AND EXISTS (SELECT FROM area_version m
           WHERE m.county = $1 AND m.code > v.code AND m.code < (v.code || '~') COLLATE "C"
             AND m.valid_from <= $3::timestamptz AND m.valid_to = 'infinity'))) AS current
     FROM plan p WHERE p.county = $1 AND p.id = ANY($2::uuid[])`,
    [county, ids, at],
  );
  return new Map(rows.map(({ id, current }) => [id, current]));
}
