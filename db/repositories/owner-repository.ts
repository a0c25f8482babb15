import type { LonLat } from "../../data/model/geometry.ts";
import type { Transaction } from "../driver.ts";
import { pointEwkb } from "../ewkb.ts";
import type { CaseOwner } from "./flow-repository.ts";

/** The area that a case is decided to belong to. */
export interface NewOwner extends Omit<CaseOwner, "organisationId"> {
  readonly code: string;
  readonly gridId: string | null;
  readonly gridCode: string | null;
  /** Where a case of a sensitive class is drawn from now on; null leaves the point where it is. */
  readonly drawn: LonLat | null;
}

/**
 * Gives a case near a border to one of its candidates: where it fell is known only now, so its grid is written too. Who had it
 * in another area has it no more.
 */
export const reownCase = (tx: Transaction, county: string, id: string, to: NewOwner): Promise<number> =>
  tx.execute(
    `UPDATE incident SET scope_code = $3, grid_id = $4::uuid, grid_code_at = $5, geom = coalesce($6::geometry, geom),
       handler_id = $7::uuid, post_id = $8::uuid, inbox_role = $9, inbox_area = $10, version = version + 1
     WHERE county = $1 AND id = $2::uuid`,
    [
      county,
      id,
      to.code,
      to.gridId,
      to.gridCode,
      to.drawn && pointEwkb(to.drawn),
      to.handlerId,
      to.postId,
      to.inbox?.role ?? null,
      to.inbox?.area ?? null,
    ],
  );
