import { userError } from "../../data/model/errors.ts";
import type { Transaction } from "../driver.ts";
import { followCases } from "../repositories/case-rows.ts";
import { countCases, recountCases } from "../rollups/apply-delta.ts";
import type { Journal } from "./import-journal.ts";
import type { Hanging } from "./undo-hangs.ts";

/** What is noted of a case before an import changes it; incidents are no table of the journal of rows. */
const KIND = "incident";

/** Columns of a case that an import may change. */
const CHANGED =
  "class_code source state title geom grid_id grid_code_at scope_code opened_at due_at closed_at source_verdict border suspicious organisation_id sensitive step inbox_role inbox_area".split(
    " ",
  );

/** Notes the cases of `import_match` that differ, as they stand: the row, its sealed place, its clocks and its last event. */
export async function journalCases(tx: Transaction, county: string, batch: string): Promise<void> {
  await tx.execute(
    `INSERT INTO import_row (county, batch_id, entity_kind, entity_id, before, after_hash)
     SELECT $1, $2::uuid, '${KIND}', i.id::text, jsonb_build_object(
              'row', to_jsonb(i) || jsonb_build_object('geom', i.geom::text), 'place', p.geom::text,
              'clocks', (SELECT jsonb_agg(to_jsonb(c) ORDER BY c.seq) FROM incident_clock c
                          WHERE c.county = $1 AND c.incident_id = i.id),
              'seq', (SELECT max(e.seq) FROM incident_event e WHERE e.county = $1 AND e.incident_id = i.id)),
            (i.version + 1)::text
       FROM import_match m JOIN incident i ON i.county = $1 AND i.id = m.id
       LEFT JOIN incident_sealed_place p ON p.county = $1 AND p.incident_id = i.id
      WHERE m.differs
     ON CONFLICT (county, batch_id, entity_kind, entity_id) DO NOTHING`,
    [county, batch],
  );
}

/** Cases of a batch, `i`: each part says between which ids its own lie. */
const OF_BATCH = `incident i JOIN import_batch_part b ON b.county = $1 AND b.from_id <= i.id AND b.to_id >= i.id
  WHERE i.county = $1 AND i.import_batch = b.batch_id AND b.batch_id = $BATCH`;

const inserted = (batch: string): string => OF_BATCH.replace("$BATCH", batch);

/** Rows that only people write: where there is one, somebody has acted on the case. */
const BY_PEOPLE: readonly (readonly [what: string, from: string])[] = [
  [
    "cases that somebody has worked on",
    "incident_event e WHERE e.county = $1 AND e.incident_id = q.id AND e.actor <> 'import'",
  ],
  ["cases with pictures", "incident_photo t WHERE t.county = $1 AND t.incident_id = q.id"],
  ["cases with a whistle", "whistle t WHERE t.county = $1 AND t.incident_id = q.id"],
  ["cases that were rated", "incident_rating t WHERE t.county = $1 AND t.incident_id = q.id"],
];

/** What came after an import and hangs on the cases that it added or changed. */
export async function hangingOnCases(tx: Transaction, { county, batch }: Journal): Promise<readonly Hanging[]> {
  const found: Hanging[] = [];
  const look = async (what: string, condition: string): Promise<void> => {
    const [row] = await tx.rows<{ count: number; on: string | null }>(
      `SELECT count(*) AS count, min('No. ' || q.ref) AS on
         FROM (SELECT i.id, i.ref, i.version, NULL::text AS left_at FROM ${inserted("$2::uuid")}
               UNION ALL
               SELECT i.id, i.ref, i.version, r.after_hash FROM import_row r
                 JOIN incident i ON i.county = $1 AND i.id = r.entity_id::uuid
                WHERE r.county = $1 AND r.batch_id = $2::uuid AND r.entity_kind = '${KIND}') q
        WHERE ${condition}`,
      [county, batch],
    );
    if (row && row.count > 0) found.push({ what, count: row.count, on: row.on ?? "" });
  };
  for (const [what, from] of BY_PEOPLE) await look(what, `q.left_at IS NULL AND EXISTS (SELECT 1 FROM ${from})`);
  // Cases of the file that changed again: by a later import, or by hand.
  await look("cases that were changed since", "q.version::text <> coalesce(q.left_at, '1')");
  return found;
}

/** Takes the cases of an import away and puts those that it changed back. @returns how many it took away */
export async function undoCases(tx: Transaction, { county, batch }: Journal): Promise<number> {
  const params = [county, batch];
  const [own] = await tx.rows<{ count: number }>(`SELECT count(*) AS count FROM ${inserted("$2::uuid")}`, params);
  await tx.execute(
    `CREATE TEMP TABLE undo_case ON COMMIT DROP AS SELECT i.id, true AS added FROM ${inserted("$2::uuid")}
     UNION ALL SELECT r.entity_id::uuid, false FROM import_row r
      WHERE r.county = $1 AND r.batch_id = $2::uuid AND r.entity_kind = '${KIND}'`,
    params,
  );
  await tx.execute("ANALYZE undo_case");
  if (own && own.count > 0) {
    await countCases(tx, county, "incident i JOIN undo_case u ON u.id = i.id WHERE i.county = $1 AND u.added", -1);
    const gone = await tx.execute(
      "DELETE FROM incident i USING undo_case u WHERE i.county = $1 AND i.id = u.id AND u.added",
      [county],
    );
    if (gone !== own.count)
      throw userError("the cases of this import are being changed just now", { code: "CONFLICT", at: "BATCH" });
  }
  await recountCases(tx, county, "incident i JOIN undo_case u ON u.id = i.id WHERE i.county = $1 AND NOT u.added", () =>
    putBack(tx, county, batch),
  );
  return own?.count ?? 0;
}

async function putBack(tx: Transaction, county: string, batch: string): Promise<void> {
  const params = [county, batch];
  const noted = `import_row r WHERE r.county = $1 AND r.batch_id = $2::uuid AND r.entity_kind = '${KIND}'`;
  await tx.execute(
    `UPDATE incident i SET ${CHANGED.map((name) => `${name} = q.${name}`).join(", ")}, version = i.version + 1
       FROM (SELECT b.id, ${CHANGED.map((name) => `b.${name}`).join(", ")}
               FROM (SELECT r.before -> 'row' AS image FROM ${noted}) n
              CROSS JOIN LATERAL jsonb_populate_record(NULL::incident, n.image - 'cell') b) q
      WHERE i.county = $1 AND i.id = q.id`,
    params,
  );
  await tx.execute(
    `DELETE FROM incident_event e USING (SELECT r.entity_id::uuid AS id, (r.before ->> 'seq')::int AS seq FROM ${noted}) q
      WHERE e.county = $1 AND e.incident_id = q.id AND e.seq > q.seq`,
    params,
  );
  await tx.execute(
    `DELETE FROM incident_clock c USING (SELECT r.entity_id::uuid AS id FROM ${noted}) q
      WHERE c.county = $1 AND c.incident_id = q.id`,
    params,
  );
  await tx.execute(
    `INSERT INTO incident_clock SELECT c.* FROM (SELECT r.before -> 'clocks' AS clocks FROM ${noted}) q
      CROSS JOIN LATERAL jsonb_populate_recordset(NULL::incident_clock, CASE WHEN jsonb_typeof(q.clocks) = 'array' THEN q.clocks ELSE '[]' END) c
      WHERE c.county = $1`,
    params,
  );
  await tx.execute(
    `DELETE FROM incident_sealed_place p USING (SELECT r.entity_id::uuid AS id FROM ${noted}) q
      WHERE p.county = $1 AND p.incident_id = q.id`,
    params,
  );
  await tx.execute(
    `INSERT INTO incident_sealed_place (county, incident_id, handler_id, geom)
     SELECT $1, i.id, i.handler_id, (q.place)::geometry
       FROM (SELECT r.entity_id::uuid AS id, r.before ->> 'place' AS place FROM ${noted}) q
       JOIN incident i ON i.county = $1 AND i.id = q.id WHERE q.place IS NOT NULL`,
    params,
  );
  await followCases(tx, county, {
    ids: `SELECT r.entity_id::uuid FROM import_row r WHERE r.county = $1 AND r.batch_id = $2::uuid AND r.entity_kind = '${KIND}'`,
    params: [batch],
  });
}
