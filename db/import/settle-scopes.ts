import { CaseLocator } from "../../data/geo/case-locator.ts";
import type { Transaction } from "../driver.ts";
import { followCases } from "../repositories/case-rows.ts";
import { recountCases } from "../rollups/apply-delta.ts";
import type { TenantTable } from "../tenant-tables.ts";
import { readLowestAreas, readUpperAreas } from "./lowest-areas.ts";

/** Codes that changed hands, and what they are now where that is one code. */
export interface ChangedCodes {
  readonly codes: readonly string[];
  readonly now: ReadonlyMap<string, string>;
}

/** What stands somewhere and carries the code of the deepest area around it. */
const PLACED: readonly { readonly table: TenantTable; readonly point: string }[] = [
  { table: "camera", point: "t.geom" },
  { table: "station", point: "t.geom" },
  { table: "gauge", point: "t.geom" },
  { table: "notice_board", point: "t.geom" },
  { table: "building", point: "t.label" },
];

const GRID_DIGITS = 15;

const SEALED_HOME = `CASE WHEN t.sensitive THEN coalesce((SELECT g.code FROM area_version g
  WHERE g.county = $1 AND g.area_id = t.grid_id AND upper_inf(g.valid)), '') END`;

/**
 * Gives what lies in areas that changed the codes of today (`scope_code`): cases, cameras, buildings and whatever else has a
 * place by where it stands; contracts and posts by the id of their area; the rest by what its code is now. Where a case
 * fell (`grid_id`, `grid_code_at`) stays. The true place of a sensitive case is sealed: it follows the grid that it fell
 * in, else its code, else the label of its old area.
 */
export async function settleScopes(
  tx: Transaction,
  county: string,
  changed: ChangedCodes,
  nowMs: number,
): Promise<void> {
  if (changed.codes.length === 0) return;
  const locator = new CaseLocator(await readLowestAreas(tx, county, nowMs), await readUpperAreas(tx, county, nowMs));
  const scopeAt = (row: PlacedRow): string => {
    const home = row.scope.length > GRID_DIGITS ? undefined : row.home || undefined;
    const known = row.home === null ? undefined : (home ?? changed.now.get(row.scope));
    return known ?? locator.codes[locator.locate(row.lon, row.lat).owner] ?? changed.now.get(row.scope) ?? county;
  };
  for (const { table, point } of PLACED) {
    const count = await stage(tx, county, changed, table, point, "NULL::text", scopeAt);
    if (count > 0)
      await tx.execute(
        `UPDATE ${table} t SET scope_code = s.scope FROM settle_row s WHERE t.county = $1 AND t.id = s.id`,
        [county],
      );
    await tx.execute("DROP TABLE settle_row");
  }
  const cases = await stage(tx, county, changed, "incident", "t.geom", SEALED_HOME, scopeAt);
  if (cases > 0)
    await recountCases(tx, county, "incident i JOIN settle_row s ON s.id = i.id WHERE i.county = $1", async () => {
      await tx.execute(
        "UPDATE incident i SET scope_code = s.scope FROM settle_row s WHERE i.county = $1 AND i.id = s.id",
        [county],
      );
      await followCases(tx, county, { ids: "SELECT s.id FROM settle_row s", params: [] });
      await tx.execute(
        "UPDATE incident_candidate t SET scope_code = s.scope FROM settle_row s WHERE t.county = $1 AND t.incident_id = s.id",
        [county],
      );
    });
  await tx.execute("DROP TABLE settle_row");
  await settleDuty(tx, county);
  await tx.execute(
    `UPDATE duty_entry t SET scope_code = m.value
       FROM jsonb_each_text($2::jsonb) m WHERE t.county = $1 AND t.scope_code = m.key`,
    [county, JSON.stringify(Object.fromEntries(changed.now))],
  );
  await tx.execute(
    `UPDATE compound t SET community_code = q.code
       FROM (SELECT c.id, min(v.code) AS code FROM compound c
               JOIN area_version v ON v.county = $1 AND v.level = 'community' AND upper_inf(v.valid)
                AND ST_Covers(v.geom, ST_PointOnSurface(c.geom))
              WHERE c.county = $1 AND c.community_code = ANY ($2::text[]) GROUP BY c.id) q
      WHERE t.county = $1 AND t.id = q.id AND t.community_code <> q.code`,
    [county, changed.codes],
  );
}

interface PlacedRow {
  readonly id: string;
  readonly scope: string;
  readonly lon: number;
  readonly lat: number;
  /** Of a sensitive case, today's code of the grid that it fell in, empty where it is no more; null of everything else. */
  readonly home: string | null;
}

/** Writes what changes of a table into `settle_row`. @returns how many rows do */
async function stage(
  tx: Transaction,
  county: string,
  { codes }: ChangedCodes,
  table: TenantTable,
  point: string,
  home: string,
  scopeAt: (row: PlacedRow) => string,
): Promise<number> {
  await tx.execute(`CREATE TEMP TABLE settle_row (id uuid, scope text COLLATE "C") ON COMMIT DROP`);
  const rows = await tx.rows<PlacedRow>(
    `SELECT t.id, t.scope_code AS scope, ST_X(${point}) AS lon, ST_Y(${point}) AS lat, ${home} AS home
       FROM ${table} t WHERE t.county = $1 AND t.scope_code = ANY ($2::text[])`,
    [county, codes],
  );
  const moved = rows.flatMap((row): (readonly [string, string])[] => {
    const scope = scopeAt(row);
    return scope === row.scope ? [] : [[row.id, scope]];
  });
  if (moved.length > 0) await tx.copyIn("settle_row", ["id", "scope"], moved);
  return moved.length;
}

/** Deepest area that holds the areas of two codes, which are the lowest and the highest of several. */
const COMMON = `CASE WHEN min(a.scope_code) = max(a.scope_code) THEN min(a.scope_code)
  WHEN left(min(a.scope_code), 15) = left(max(a.scope_code), 15) THEN left(min(a.scope_code), 15)
  WHEN left(min(a.scope_code), 12) = left(max(a.scope_code), 12) THEN left(min(a.scope_code), 12)
  WHEN left(min(a.scope_code), 9) = left(max(a.scope_code), 9) THEN left(min(a.scope_code), 9)
  ELSE left(min(a.scope_code), 6) END`;

/** Contracts and posts follow their areas, which keep their ids; staff, shifts and absences follow the posts. */
async function settleDuty(tx: Transaction, county: string): Promise<void> {
  for (const table of ["organisation_role", "post_area"] as const)
    await tx.execute(
      `UPDATE ${table} t SET scope_code = v.code FROM area_version v
        WHERE t.county = $1 AND v.county = $1 AND v.area_id = t.area_id AND upper_inf(v.valid) AND t.scope_code <> v.code`,
      [county],
    );
  const follow = (table: TenantTable, of: string, key: string): Promise<number> =>
    tx.execute(
      `UPDATE ${table} t SET scope_code = o.scope_code FROM ${of} o
        WHERE t.county = $1 AND o.county = $1 AND o.id = t.${key} AND t.scope_code <> o.scope_code`,
      [county],
    );
  await tx.execute(
    `UPDATE post t SET scope_code = q.scope
       FROM (SELECT a.post_id, ${COMMON} AS scope FROM post_area a WHERE a.county = $1 GROUP BY a.post_id) q
      WHERE t.county = $1 AND t.id = q.post_id AND t.scope_code <> q.scope`,
    [county],
  );
  // Staff of a post that moved: by the posts that they hold without an end.
  await tx.execute(
    `UPDATE duty_staff t SET scope_code = q.scope
       FROM (SELECT h.staff_id, ${COMMON} AS scope
               FROM post_holder h JOIN post_area a ON a.county = $1 AND a.post_id = h.post_id
              WHERE h.county = $1 AND upper_inf(h.valid)
                AND h.staff_id IN (SELECT m.staff_id FROM post_holder m JOIN post p ON p.county = $1 AND p.id = m.post_id
                                    WHERE m.county = $1 AND m.scope_code <> p.scope_code)
              GROUP BY h.staff_id) q
      WHERE t.county = $1 AND t.id = q.staff_id AND t.scope_code <> q.scope`,
    [county],
  );
  await follow("post_holder", "post", "post_id");
  await follow("duty_shift", "post", "post_id");
  await follow("duty_staff_contact", "duty_staff", "staff_id");
  await follow("staff_absence", "duty_staff", "staff_id");
}
