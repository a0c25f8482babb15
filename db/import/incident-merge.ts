import { ENDED_STATES } from "../../data/model/incident.ts";
import type { Database, Transaction } from "../driver.ts";
import { suspendForeignKeys } from "../load/bulk-foreign-keys.ts";
import { COARSE_DEGREES, sensitiveClasses } from "../load/sensitive-classes.ts";
import { reserveRefs } from "../repositories/counter-repository.ts";
import { followCases } from "../repositories/whistle-repository.ts";
import { countCases, recountCases } from "../rollups/apply-delta.ts";
import type { ImportContext } from "./import-transaction.ts";
import { importClocks } from "./incident-clocks.ts";

/**
 * The staged rows with codes and ids in place of words; `drawn` is where the case may be shown: sensitive classes at the
 * label point of their deepest area. `county` is $1, the sensitive classes are $2.
 */
const RESOLVED = `
  SELECT t.*, c.code AS class_code, o.id AS organisation_id, g.area_id AS grid_id,
         CASE WHEN length(t.area_code) >= 15 THEN left(t.area_code, 15) END AS grid_code,
         c.code = ANY ($2::text[]) AS sensitive,
         CASE WHEN c.code = ANY ($2::text[]) THEN coalesce(d.label, w.label, ST_SnapToGrid(t.geom, ${COARSE_DEGREES}))
              ELSE t.geom END AS drawn
    FROM import_incident t
    JOIN import_class c ON c.class_text = t.class_text
    LEFT JOIN import_organisation o ON o.name = t.organisation
    LEFT JOIN area_version g ON g.county = $1 AND upper_inf(g.valid) AND g.level = 'grid'
                            AND length(t.area_code) >= 15 AND g.code = left(t.area_code, 15)
    LEFT JOIN area_version d ON d.county = $1 AND upper_inf(d.valid) AND d.code = t.area_code
    LEFT JOIN area_version w ON w.county = $1 AND upper_inf(w.valid) AND w.code = $1`;

/** What is on hold is not due, whatever the source says; without a deadline of the source the county's rules may give one. */
const DUE = "CASE WHEN s.state <> 'on_hold' THEN s.due_at END";

/** What an import may change of a case that is there. A case keeps its id, number and the grid code it fell in. */
const OF_ROW =
  "i.class_code, i.source, i.state, i.title, i.geom, i.grid_id, i.scope_code, i.opened_at, CASE WHEN s.due_at IS NOT NULL THEN i.due_at END, i.closed_at, i.source_verdict, i.border, i.suspicious, i.organisation_id, i.sensitive, p.geom";
const OF_FILE = `s.class_code, s.source, s.state, s.title, s.drawn, s.grid_id, s.area_code, s.opened_at, ${DUE}, s.closed_at, s.verdict, s.border, s.suspicious, s.organisation_id, s.sensitive, CASE WHEN s.sensitive THEN s.geom END`;

/**
 * Writes the staged incidents: new ones with the events that the source tells of (opened, closed), known ones where
 * something differs, with an event where the state changed.
 */
export async function mergeIncidents(
  tx: Transaction,
  form: Database["form"],
  context: ImportContext,
  timezone: string,
): Promise<{ readonly loaded: number; readonly updated: number; readonly unchanged: number }> {
  const { county } = context;
  await tx.execute(`CREATE TEMP TABLE import_resolved ON COMMIT DROP AS ${RESOLVED}`, [
    county,
    [...(await sensitiveClasses(tx, county))].sort(),
  ]);
  await tx.execute(
    `CREATE TEMP TABLE import_match ON COMMIT DROP AS
     SELECT s.position, i.id, i.state AS old_state, (${OF_ROW}) IS DISTINCT FROM (${OF_FILE}) AS differs
       FROM import_resolved s JOIN incident i ON i.county = $1 AND i.source_ref = s.source_ref
       LEFT JOIN incident_sealed_place p ON p.county = $1 AND p.incident_id = i.id`,
    [county],
  );
  await tx.execute("ANALYZE import_resolved, import_match");
  const [matched] = await tx.rows<{ updated: number; unchanged: number }>(
    "SELECT count(*) FILTER (WHERE differs) AS updated, count(*) FILTER (WHERE NOT differs) AS unchanged FROM import_match",
  );
  const { updated = 0, unchanged = 0 } = matched ?? {};
  // Every reference below was just joined from its table, and the embedded form has one connection, so nothing can
  // remove it meanwhile. Measured over Boston's 58,251 cases, twice each: 13 and 16 s of processor time without the
  // row-wise checks, 34 and 35 s with them. A server, where others write at the same time, keeps its checks.
  const suspended = form === "embedded" && (await suspendForeignKeys(tx));
  const loaded = await insertNew(tx, county);
  if (loaded > 0)
    await importClocks(tx, county, timezone, { from: `import_resolved s WHERE ${NEW_ONES}`, key: "s.id" });
  if (suspended) await tx.execute("SET LOCAL session_replication_role = origin");
  // After the new ones: their numbers are reserved before the county's row is locked, as single reports do it.
  if (updated > 0)
    await recountCases(
      tx,
      county,
      "incident i JOIN import_match m ON m.id = i.id WHERE i.county = $1 AND m.differs",
      async () => {
        await updateChanged(tx, context);
        await importClocks(tx, county, timezone, {
          from: "import_match m JOIN import_resolved s ON s.position = m.position WHERE m.differs",
          key: "m.id",
        });
      },
    );
  if (loaded > 0)
    await countCases(
      tx,
      county,
      `incident i JOIN import_resolved s ON s.id = i.id WHERE i.county = $1 AND ${NEW_ONES}`,
    );
  return { loaded, updated, unchanged };
}

/** An open case of the file that no unit has: it waits for the dispatcher of its deepest area, so that it has an owner. */
const WITHOUT_OWNER = `(s.organisation_id IS NULL AND s.state NOT IN (${ENDED_STATES.map((state) => `'${state}'`).join(", ")}))`;

/** Staged rows `s` that no case of an earlier import stands for. */
const NEW_ONES = "NOT EXISTS (SELECT 1 FROM import_match m WHERE m.position = s.position)";

async function insertNew(tx: Transaction, county: string): Promise<number> {
  const [counted] = await tx.rows<{ count: number; sensitive: number }>(
    `SELECT count(*) AS count, count(*) FILTER (WHERE s.sensitive) AS sensitive FROM import_resolved s WHERE ${NEW_ONES}`,
  );
  if (!counted?.count) return 0;
  const firstRef = await reserveRefs(tx, county, counted.count - counted.sensitive, "ordinary");
  const firstSensitive = await reserveRefs(tx, county, counted.sensitive, "sensitive");
  const loaded = await tx.execute(
    `INSERT INTO incident (county, id, ref, class_code, severity, source, state, title, geom, grid_id, grid_code_at,
                           scope_code, opened_at, due_at, closed_at, source_verdict, border, suspicious, source_ref,
                           organisation_id, version, sensitive, inbox_role, inbox_area)
     SELECT $1, s.id, CASE WHEN s.sensitive THEN $3::int ELSE $2::int END - 1
              + row_number() OVER (PARTITION BY s.sensitive ORDER BY s.opened_at, s.position),
            s.class_code, 'normal', s.source, s.state, s.title, s.drawn, s.grid_id, s.grid_code, s.area_code,
            s.opened_at, ${DUE}, s.closed_at, s.verdict, s.border, s.suspicious, s.source_ref, s.organisation_id, 1,
            s.sensitive, CASE WHEN ${WITHOUT_OWNER} THEN 'dispatcher' END,
            CASE WHEN ${WITHOUT_OWNER} THEN coalesce(s.area_code, $1) END
       FROM import_resolved s WHERE ${NEW_ONES} ORDER BY s.id`,
    [county, firstRef, firstSensitive],
  );
  await tx.execute(
    `INSERT INTO incident_sealed_place (county, incident_id, geom)
     SELECT $1, s.id, s.geom FROM import_resolved s WHERE s.sensitive AND ${NEW_ONES} ORDER BY s.id`,
    [county],
  );
  await tx.execute(
    `INSERT INTO incident_event (county, id, incident_id, seq, from_state, to_state, actor, at, scope_code, sensitive, kind)
     SELECT $1, s.opened_event_id, s.id, 1, NULL, CASE WHEN s.closed_event_id IS NULL THEN s.state ELSE 'accepted' END,
            'import', s.opened_at, s.area_code, s.sensitive, 'step'
       FROM import_resolved s WHERE ${NEW_ONES} ORDER BY s.opened_event_id`,
    [county],
  );
  await tx.execute(
    `INSERT INTO incident_event (county, id, incident_id, seq, from_state, to_state, actor, at, scope_code, sensitive, kind)
     SELECT $1, s.closed_event_id, s.id, 2, 'accepted', s.state, 'import', s.closed_at, s.area_code, s.sensitive, 'step'
       FROM import_resolved s WHERE s.closed_event_id IS NOT NULL AND ${NEW_ONES} ORDER BY s.closed_event_id`,
    [county],
  );
  return loaded;
}

async function updateChanged(tx: Transaction, context: ImportContext): Promise<void> {
  const { county } = context;
  const at = new Date(context.nowMs).toISOString();
  await tx.execute(
    `INSERT INTO incident_event (county, id, incident_id, seq, from_state, to_state, actor, at, note, scope_code,
                                 sensitive, kind)
     SELECT $1, s.change_event_id, m.id, e.last + 1, m.old_state, s.state, 'import',
            coalesce(s.closed_at, $2::timestamptz), 'changed by an import', s.area_code, s.sensitive, 'step'
       FROM import_match m JOIN import_resolved s ON s.position = m.position
       JOIN (SELECT incident_id, max(seq) AS last FROM incident_event WHERE county = $1 GROUP BY incident_id) e
         ON e.incident_id = m.id
      WHERE m.differs AND m.old_state <> s.state`,
    [county, at],
  );
  await tx.execute(
    `UPDATE incident i
        SET class_code = s.class_code, source = s.source, state = s.state, title = s.title, geom = s.drawn,
            grid_id = s.grid_id, grid_code_at = coalesce(i.grid_code_at, s.grid_code), scope_code = s.area_code,
            opened_at = s.opened_at, due_at = ${DUE}, closed_at = s.closed_at, source_verdict = s.verdict,
            border = s.border, suspicious = s.suspicious, organisation_id = s.organisation_id, sensitive = s.sensitive,
            -- An import tells states, not steps: the case stands at the first step of its state again.
            step = CASE WHEN i.state = s.state THEN i.step END,
            inbox_role = CASE WHEN ${WITHOUT_OWNER} AND i.handler_id IS NULL AND i.post_id IS NULL
                              THEN coalesce(i.inbox_role, 'dispatcher') END,
            inbox_area = CASE WHEN ${WITHOUT_OWNER} AND i.handler_id IS NULL AND i.post_id IS NULL
                              THEN coalesce(s.area_code, $1) END,
            version = i.version + 1
       FROM import_match m JOIN import_resolved s ON s.position = m.position
      WHERE i.county = $1 AND i.id = m.id AND m.differs`,
    [county],
  );
  // A case that moved to another area or class takes its steps and pictures along: who sees the case sees them.
  await tx.execute(
    `UPDATE incident_event e SET scope_code = s.area_code, sensitive = s.sensitive
       FROM import_match m JOIN import_resolved s ON s.position = m.position
      WHERE e.county = $1 AND e.incident_id = m.id AND m.differs
        AND (e.scope_code, e.sensitive) IS DISTINCT FROM (s.area_code, s.sensitive)`,
    [county],
  );
  await followCases(tx, county);
  await tx.execute(
    `UPDATE incident_photo p SET scope_code = s.area_code, sensitive = s.sensitive
       FROM import_match m JOIN import_resolved s ON s.position = m.position
      WHERE p.county = $1 AND p.incident_id = m.id AND m.differs
        AND (p.scope_code, p.sensitive) IS DISTINCT FROM (s.area_code, s.sensitive)`,
    [county],
  );
  await tx.execute(
    `UPDATE alarm a SET scope_code = s.area_code, sensitive = s.sensitive
       FROM import_match m JOIN import_resolved s ON s.position = m.position
      WHERE a.county = $1 AND a.incident_id = m.id AND m.differs
        AND (a.scope_code, a.sensitive) IS DISTINCT FROM (s.area_code, s.sensitive)`,
    [county],
  );
  await tx.execute(
    `DELETE FROM incident_sealed_place p USING import_match m JOIN import_resolved s ON s.position = m.position
      WHERE p.county = $1 AND p.incident_id = m.id AND NOT s.sensitive`,
    [county],
  );
  await tx.execute(
    `INSERT INTO incident_sealed_place (county, incident_id, handler_id, geom)
     SELECT $1, i.id, i.handler_id, s.geom FROM import_match m JOIN import_resolved s ON s.position = m.position
       JOIN incident i ON i.county = $1 AND i.id = m.id
      WHERE m.differs AND s.sensitive
     ON CONFLICT (county, incident_id) DO UPDATE SET geom = excluded.geom`,
    [county],
  );
}
