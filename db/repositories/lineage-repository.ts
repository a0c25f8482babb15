import type { LineageKind } from "../../data/model/lineage.ts";
import type { Transaction } from "../driver.ts";
import { groupBy } from "./params.ts";

/** What became of an area, for one of the areas that it became. */
export interface LineageRow {
  readonly id: string;
  /** Ids of the areas; the same where the area lives on. */
  readonly fromArea: string;
  readonly toArea: string;
  readonly kind: LineageKind;
  /** Codes before and after. */
  readonly fromCode: string;
  readonly toCode: string;
  /** Share of the old area's ground that went to the new one, 0–1; null where nobody measured it. */
  readonly share: number | null;
  /** Share of the new area's ground that came from the old one, 0–1. */
  readonly toShare: number | null;
  /** ISO 8601: 00:00 of the effective date in the county's zone. */
  readonly at: string;
  /** The import or the plan that it came with. */
  readonly batchId: string | null;
  readonly planId: string | null;
}

/**
 * Writes what became of areas; one row for each pair of areas, date and import or plan. They wait to be settled (`settleEditions`): what
 * lies in the areas carries the old codes until then.
 */
export const recordLineage = (tx: Transaction, county: string, rows: readonly LineageRow[]): Promise<number> =>
  tx.execute(
    `INSERT INTO area_lineage (county, id, from_area, to_area, kind, from_code, to_code, share, to_share, at, batch_id,
                               plan_id, settled)
     SELECT $1, r."id", r."fromArea", r."toArea", r."kind", r."fromCode", r."toCode", r."share", r."toShare", r."at",
            r."batchId", r."planId", false
       FROM jsonb_to_recordset($2::jsonb) AS r("id" uuid, "fromArea" uuid, "toArea" uuid, "kind" text, "fromCode" text,
              "toCode" text, "share" double precision, "toShare" double precision, "at" timestamptz, "batchId" uuid,
              "planId" uuid)`,
    [county, JSON.stringify(rows)],
  );

const COLUMNS = `l.id, l.from_area AS "fromArea", l.to_area AS "toArea", l.kind, l.from_code AS "fromCode",
  l.to_code AS "toCode", l.share, l.to_share AS "toShare", l.at, l.batch_id AS "batchId", l.plan_id AS "planId"`;

/** What areas became, each list by date, then code; an area's changes of itself included. */
export const lineageFrom = async (
  tx: Transaction,
  county: string,
  areaIds: readonly string[],
): Promise<ReadonlyMap<string, LineageRow[]>> =>
  groupBy(
    await tx.rows<LineageRow>(
      `SELECT ${COLUMNS} FROM area_lineage l WHERE l.county = $1 AND l.from_area = ANY ($2::uuid[])
        ORDER BY l.at, l.to_code, l.id`,
      [county, areaIds],
    ),
    ({ fromArea }) => fromArea,
  );

/** What areas came from, each list by date, then code; an area's changes of itself included. */
export const lineageTo = async (
  tx: Transaction,
  county: string,
  areaIds: readonly string[],
): Promise<ReadonlyMap<string, LineageRow[]>> =>
  groupBy(
    await tx.rows<LineageRow>(
      `SELECT ${COLUMNS} FROM area_lineage l WHERE l.county = $1 AND l.to_area = ANY ($2::uuid[])
        ORDER BY l.at, l.from_code, l.id`,
      [county, areaIds],
    ),
    ({ toArea }) => toArea,
  );

/** What a plan made of areas, by code. */
export const lineageOfPlan = (tx: Transaction, county: string, planId: string): Promise<LineageRow[]> =>
  tx.rows<LineageRow>(
    `SELECT ${COLUMNS} FROM area_lineage l WHERE l.county = $1 AND l.plan_id = $2::uuid ORDER BY l.from_code, l.to_code, l.id`,
    [county, planId],
  );
