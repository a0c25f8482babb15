import type { Pile } from "../../data/importers/default-points.ts";
import { findDefaultPoints, PILES_TO_READ } from "../../data/importers/default-points.ts";
import type { ImportLog } from "../../data/importers/report.ts";
import { MAX_SAMPLES } from "../../data/importers/report.ts";
import type { Transaction } from "../driver.ts";

/**
 * Leaves one row an id: the last, which is the newest in an export that appends. Files without ids get the hash of the
 * line as id, numbered where a line occurs more than once.
 */
export async function dropDuplicates(tx: Transaction, log: ImportLog): Promise<void> {
  await tx.execute(
    `UPDATE import_incident t SET source_ref = 'line:' || t.content_key || CASE WHEN n.nth > 1 THEN '#' || n.nth ELSE '' END
       FROM (SELECT position, row_number() OVER (PARTITION BY content_key ORDER BY position) AS nth
               FROM import_incident WHERE source_ref IS NULL) n
      WHERE t.position = n.position`,
  );
  const repeated = await tx.rows<{ at: string; source_ref: string; last_at: string; total: number }>(
    `SELECT at, source_ref, last_at, count(*) OVER () AS total
       FROM (SELECT position, at, source_ref,
                    first_value(at) OVER w AS last_at, row_number() OVER w AS nth
               FROM import_incident WINDOW w AS (PARTITION BY source_ref ORDER BY position DESC)) d
      WHERE nth > 1 ORDER BY position LIMIT ${MAX_SAMPLES}`,
  );
  const total = repeated[0]?.total ?? 0;
  if (total === 0) return;
  for (let i = 0; i < total; i++) {
    const sample = repeated[i];
    const message = sample ? `the same id again at ${sample.last_at}, which was taken` : "";
    log.skip("duplicate_id", { at: sample?.at ?? "", value: sample?.source_ref ?? "", message });
  }
  await tx.execute(
    `DELETE FROM import_incident t USING (SELECT source_ref, max(position) AS last FROM import_incident GROUP BY source_ref) k
      WHERE t.source_ref = k.source_ref AND t.position < k.last`,
  );
}

/** Marks the rows on default points: they stay in every count and are left out of heat and points. */
export async function markDefaultPoints(tx: Transaction, log: ImportLog): Promise<void> {
  await tx.execute("ALTER TABLE import_incident ADD COLUMN suspicious boolean NOT NULL DEFAULT false");
  const piles = await tx.rows<Pile & { readonly rows: number; readonly places: number }>(
    `SELECT ST_X(geom) AS lon, ST_Y(geom) AS lat, count, (sum(count) OVER ())::bigint AS rows, count(*) OVER () AS places
       FROM (SELECT geom, count(*) AS count FROM import_incident GROUP BY geom) p ORDER BY count DESC, geom LIMIT ${PILES_TO_READ}`,
  );
  const [first] = piles;
  if (!first) return;
  for (const { lon, lat, count } of findDefaultPoints(piles, first.rows, first.places)) {
    await tx.execute(
      "UPDATE import_incident SET suspicious = true WHERE ST_X(geom) = $1::float8 AND ST_Y(geom) = $2::float8",
      [lon, lat],
    );
    const share = ((100 * count) / first.rows).toFixed(1);
    log.flag(
      "default_point",
      `${share} % of the rows lie on one point (${lat}, ${lon}), which looks like a default: counted, but marked suspicious`,
      count,
    );
  }
}
