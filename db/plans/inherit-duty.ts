import type { Transaction } from "../driver.ts";
import { seededUuid } from "../import/import-transaction.ts";

/** New areas and areas that took over ended ones, each with the area that most of its ground came from. */
const HEIRS = `SELECT DISTINCT ON (l.to_area) l.to_area AS heir, l.from_area AS source, l.to_code AS code FROM area_lineage l
  WHERE l.county = $1 AND l.plan_id = $2::uuid AND l.at = $3::timestamptz AND l.from_area <> l.to_area
    AND l.kind IN ('split', 'merge') ORDER BY l.to_area, l.to_share DESC, l.from_code`;

/**
 * Contracts and posts follow the ground: a new area has those of the area that most of it came from; an area that others were
 * merged into keeps its own, and takes theirs where it had none. Contracts of areas that ended end with them. Codes that
 * rows about duty carry are those of today.
 */
export async function inheritDuty(tx: Transaction, county: string, planId: string, at: string): Promise<void> {
  const params = [county, planId, at];
  const heirs = await tx.rows<{ heir: string; source: string; code: string; contract: string | null }>(
    `WITH h AS (${HEIRS})
     SELECT h.heir, h.source, h.code, r.id AS contract FROM h
     LEFT JOIN organisation_role r ON r.county = $1 AND r.area_id = h.source AND r.valid_from <= $3::timestamptz
       AND r.valid_to > $3::timestamptz
       AND NOT EXISTS (SELECT FROM organisation_role o WHERE o.county = $1 AND o.area_id = h.heir AND o.role = r.role
         AND o.valid_to > $3::timestamptz)`,
    params,
  );
  const contracts = heirs.filter(({ contract }) => contract !== null);
  if (contracts.length > 0)
    await tx.execute(
      `INSERT INTO organisation_role (county, id, organisation_id, area_id, role, contract_no, valid, scope_code)
       SELECT $1, m.id, r.organisation_id, m.heir, r.role, r.contract_no, tstzrange($6::timestamptz, upper(r.valid), '[)'), m.code
       FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[]) AS m(id, heir, contract, code)
       JOIN organisation_role r ON r.county = $1 AND r.id = m.contract`,
      [
        county,
        contracts.map(({ heir, contract }) => seededUuid(`${county}/heir/${heir}/${contract}`, Date.parse(at))),
        contracts.map(({ heir }) => heir),
        contracts.map(({ contract }) => contract),
        contracts.map(({ code }) => code),
        at,
      ],
    );
  await tx.execute(
    `WITH h AS (${HEIRS})
     INSERT INTO post_area (county, post_id, area_id, lead, scope_code)
     SELECT $1, p.post_id, h.heir, p.lead, h.code FROM h JOIN post_area p ON p.county = $1 AND p.area_id = h.source
     ON CONFLICT (county, post_id, area_id) DO NOTHING`,
    params,
  );
  const ended = await tx.rows<{ id: string }>(
    `SELECT DISTINCT l.from_area AS id FROM area_lineage l
     WHERE l.county = $1 AND l.plan_id = $2::uuid AND l.at = $3::timestamptz
       AND NOT EXISTS (SELECT FROM area_version v WHERE v.county = $1 AND v.area_id = l.from_area AND v.valid_to > $3::timestamptz)`,
    params,
  );
  const gone = ended.map(({ id }) => id);
  await tx.execute(
    `UPDATE organisation_role SET valid = tstzrange(lower(valid), $3::timestamptz, '[)')
     WHERE county = $1 AND area_id = ANY($2::uuid[]) AND valid_from < $3::timestamptz AND valid_to > $3::timestamptz`,
    [county, gone, at],
  );
  await tx.execute("DELETE FROM post_area WHERE county = $1 AND area_id = ANY($2::uuid[])", [county, gone]);
  for (const table of ["organisation_role", "post_area"])
    await tx.execute(
      `UPDATE ${table} t SET scope_code = v.code FROM area_version v
       WHERE t.county = $1 AND v.county = $1 AND v.area_id = t.area_id AND v.plan_id = $2::uuid
         AND v.valid_from = $3::timestamptz AND t.scope_code <> v.code`,
      params,
    );
  await rescope(tx, county);
}

/** Deepest area that holds every code of a group. */
const deepest = (code: string): string => `CASE WHEN min(${code}) = max(${code}) THEN min(${code})
  WHEN left(min(${code}), 15) = left(max(${code}), 15) THEN left(min(${code}), 15)
  WHEN left(min(${code}), 12) = left(max(${code}), 12) THEN left(min(${code}), 12)
  WHEN left(min(${code}), 9) = left(max(${code}), 9) THEN left(min(${code}), 9) ELSE left(min(${code}), 6) END`;

/** Posts and staff carry the deepest area that holds all they serve (docs/need-to-know.md). */
async function rescope(tx: Transaction, county: string): Promise<void> {
  await tx.execute(
    `UPDATE post t SET scope_code = s.code FROM (
       SELECT a.post_id, ${deepest("a.scope_code")} AS code FROM post_area a WHERE a.county = $1 GROUP BY a.post_id) s
     WHERE t.county = $1 AND t.id = s.post_id AND t.scope_code <> s.code`,
    [county],
  );
  for (const table of ["post_holder", "duty_shift"])
    await tx.execute(
      `UPDATE ${table} t SET scope_code = p.scope_code FROM post p
       WHERE t.county = $1 AND p.county = $1 AND p.id = t.post_id AND t.scope_code <> p.scope_code`,
      [county],
    );
  await tx.execute(
    `UPDATE duty_staff t SET scope_code = s.code FROM (
       SELECT h.staff_id, ${deepest("h.scope_code")} AS code FROM post_holder h
       WHERE h.county = $1 AND upper_inf(h.valid) GROUP BY h.staff_id) s
     WHERE t.county = $1 AND t.id = s.staff_id AND t.scope_code <> s.code`,
    [county],
  );
  for (const table of ["duty_staff_contact", "staff_absence"])
    await tx.execute(
      `UPDATE ${table} t SET scope_code = s.scope_code FROM duty_staff s
       WHERE t.county = $1 AND s.county = $1 AND s.id = t.staff_id AND t.scope_code <> s.scope_code`,
      [county],
    );
}
