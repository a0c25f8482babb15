import type { PublishedFigure } from "../../data/model/county.ts";
import { userError } from "../../data/model/errors.ts";
import { nameSort } from "../../data/model/name-sort.ts";
import type { Database } from "../driver.ts";
import { appendAudit, systemActor } from "../repositories/audit-repository.ts";

export interface NewCounty {
  readonly code: string;
  readonly name: string;
  readonly timezone: string;
  readonly nameEn?: string | undefined;
  readonly gridTerm?: string | undefined;
  /** Where the data comes from, shown on every card. */
  readonly source?: string | undefined;
  readonly figures?: readonly PublishedFigure[] | undefined;
}

export interface CountySummary {
  readonly code: string;
  readonly name: string;
  readonly timezone: string;
  readonly demo: boolean;
}

/**
 * Adds an empty county.
 *
 * @throws CONFLICT when there is one with this code
 */
export async function addCounty(database: Database, county: NewCounty, nowMs: number, actor?: string): Promise<void> {
  const { code, name } = county;
  const at = new Date(nowMs).toISOString();
  await database.transaction({ kind: "loader", county: code }, async (tx) => {
    const added = await tx.execute(
      `INSERT INTO county_profile (county, name, name_en, name_sort, timezone, demo, anchor_at, grid_term, source, figures,
                                   extra_classes, content_version, updated_at)
       VALUES ($1, $2, $3, $4, $5, false, NULL, $6, $7, $8, '[]', $10, $9) ON CONFLICT (county) DO NOTHING`,
      [
        code,
        name,
        county.nameEn ?? name,
        nameSort(name),
        county.timezone,
        county.gridTerm ?? "网格",
        county.source ?? "",
        JSON.stringify(county.figures ?? []),
        at,
        // Milliseconds, as loadCounty does: it also grows when a county is removed and made again.
        nowMs,
      ],
    );
    if (added === 1) {
      const entity = { type: "county", county: code, name, timezone: county.timezone };
      await appendAudit(tx, code, { ...systemActor(actor), action: "county.add", entity, at });
      return;
    }
    throw userError(`county ${code} is there already`, {
      code: "CONFLICT",
      at: "CODE",
      hint: `Remove it first if it should be made anew: jingwei county remove ${code}`,
    });
  });
}

/** All counties, by code. */
export const listCounties = (database: Database): Promise<CountySummary[]> =>
  database.transaction({ kind: "reviewed", name: "county-list" }, (tx) =>
    tx.rows<CountySummary>("SELECT county AS code, name, timezone, demo FROM county_profile ORDER BY county"),
  );

/** How much a county holds: current areas and incidents. */
export const countCounty = (
  database: Database,
  county: string,
): Promise<{ readonly areas: number; readonly incidents: number }> =>
  database.transaction({ kind: "county", county }, async (tx) => {
    const [row] = await tx.rows<{ areas: number; incidents: number }>(
      `SELECT (SELECT count(*) FROM area_version WHERE county = $1 AND upper_inf(valid)) AS areas,
              (SELECT count(*) FROM incident WHERE county = $1) AS incidents`,
      [county],
    );
    return row ?? { areas: 0, incidents: 0 };
  });

/** The database server's clock, epoch ms. */
export const databaseClock = (database: Database): Promise<number> =>
  database.transaction({ kind: "reference" }, async (tx) => {
    const [row] = await tx.rows<{ ms: number }>("SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms");
    return row?.ms ?? 0;
  });
