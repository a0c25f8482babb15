import type { LonLat } from "../../data/model/geometry.ts";
import type { Transaction } from "../driver.ts";
import { pointEwkb } from "../ewkb.ts";

/** Rows of a case that carry its area in a column of their own; a test holds the list equal to the catalogue. */
export const CASE_SCOPE_TABLES = ["incident_event", "alarm"] as const;

/** The area that a case is decided to belong to. */
export interface NewOwner {
  readonly code: string;
  readonly gridId: string | null;
  readonly gridCode: string | null;
  /** Where a case of a sensitive class is drawn from now on; null leaves the point where it is. */
  readonly drawn: LonLat | null;
}

/**
 * Gives a case near a border to one of its candidates: where it fell is known only now, so its grid is written too. Going
 * to another area than it waited in, it leaves whoever had it there and waits in an inbox of the new one; a unit keeps it.
 */
export const reownCase = (tx: Transaction, county: string, id: string, owner: NewOwner): Promise<number> =>
  tx.execute(
    `UPDATE incident SET scope_code = $3, grid_id = $4::uuid, grid_code_at = $5,
       geom = coalesce($6::geometry, geom),
       handler_id = CASE WHEN scope_code = $3 THEN handler_id END,
       post_id = CASE WHEN scope_code = $3 THEN post_id END,
       inbox_role = CASE WHEN scope_code = $3 OR organisation_id IS NOT NULL THEN inbox_role
         ELSE coalesce(inbox_role, 'dispatcher') END,
       inbox_area = CASE WHEN scope_code = $3 THEN inbox_area
         WHEN organisation_id IS NOT NULL AND inbox_role IS NULL THEN NULL ELSE $3 END,
       version = version + 1
     WHERE county = $1 AND id = $2::uuid`,
    [county, id, owner.code, owner.gridId, owner.gridCode, owner.drawn && pointEwkb(owner.drawn)],
  );

/** Moves what hangs on a case to its area, so that the same people see both. */
export async function moveCaseRows(tx: Transaction, county: string, id: string, code: string): Promise<void> {
  for (const table of CASE_SCOPE_TABLES)
    await tx.execute(`UPDATE ${table} SET scope_code = $3 WHERE county = $1 AND incident_id = $2::uuid`, [
      county,
      id,
      code,
    ]);
}
