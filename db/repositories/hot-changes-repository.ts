import type { IncidentRow } from "../../data/columns/store.ts";
import type { Transaction } from "../driver.ts";
import { CASE_SQL } from "./case-sql.ts";

/** What happened to a county's cases since a version: their rows as they are at the version that it tells. */
export interface CaseChanges {
  readonly contentVersion: string;
  readonly liveVersion: number;
  /** End of the county's feed. */
  readonly seq: number;
  /** A load touched more than rows by id. */
  readonly bulk: boolean;
  /** A case went from one area to another: one of a sensitive class was drawn elsewhere before. */
  readonly moved: boolean;
  /** How many versions the changes speak of: fewer than have passed = some are no longer kept. */
  readonly versions: number;
  readonly rows: readonly IncidentRow[];
  /** Numbers of cases that are no longer there. */
  readonly gone: readonly number[];
}

/**
 * Cases that changed after a live version, and the version that they have now: one statement, so that all of it is of one
 * instant. It reads what the relay has moved already (`change_feed` after `seq`) and what it has not (`outbox`).
 *
 * @param liveVersion version that is known
 * @param seq end of the feed when it was read
 * @returns undefined when there is no such county
 */
export async function caseChanges(
  tx: Transaction,
  county: string,
  liveVersion: number,
  seq: number,
): Promise<CaseChanges | undefined> {
  const [found] = await tx.rows<CaseChanges>(
    `WITH e AS MATERIALIZED (
       SELECT f.op, f.kind, f.entity, f.live_version, f.scope_before, f.scope_after FROM change_feed f
         WHERE f.county = $1 AND f.seq > $3::bigint AND f.live_version > $2::bigint
       UNION ALL
       SELECT o.op, o.kind, o.entity, o.live_version, o.scope_before, o.scope_after FROM outbox o WHERE o.county = $1 AND o.live_version > $2::bigint),
     ids AS MATERIALIZED (
       SELECT DISTINCT (e.entity ->> 'id')::uuid AS id, (e.entity ->> 'ref')::int AS ref FROM e
       WHERE e.kind = 'incident' AND e.op <> 'BULK'),
     c AS MATERIALIZED (
       -- One look into an index for each id: a plan that is made for few rows stays good for many.
       SELECT ids.ref AS named, r.* FROM ids LEFT JOIN LATERAL (
         SELECT ${CASE_SQL}, i.class_code AS "classCode", i.scope_code AS grid
         FROM incident i WHERE i.county = $1 AND i.id = ids.id LIMIT 1) r ON true)
     SELECT p.content_version::text AS "contentVersion", p.live_version AS "liveVersion",
       coalesce((SELECT h.seq FROM feed_head h WHERE h.county = $1), 0) AS seq,
       EXISTS (SELECT FROM e WHERE e.op = 'BULK') AS bulk,
       EXISTS (SELECT FROM e WHERE e.kind = 'incident' AND e.scope_before <> e.scope_after) AS moved,
       (SELECT count(DISTINCT e.live_version) FROM e) AS versions,
       (SELECT coalesce(json_agg(c), '[]') FROM c WHERE c.ref IS NOT NULL) AS rows,
       (SELECT coalesce(json_agg(c.named), '[]') FROM c WHERE c.ref IS NULL) AS gone
     FROM county_profile p WHERE p.county = $1`,
    [county, liveVersion, seq],
  );
  return found;
}
