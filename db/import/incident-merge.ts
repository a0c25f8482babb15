import { ENDED_STATES } from "../../data/model/incident.ts";
import type { Transaction } from "../driver.ts";
import { pointEwkb } from "../ewkb.ts";
import { followCases } from "../repositories/case-rows.ts";
import { recountCases } from "../rollups/apply-delta.ts";
import type { ImportContext } from "./import-transaction.ts";
import { importClocks } from "./incident-clocks.ts";
import { journalCases } from "./incident-journal.ts";
import type { ResolvedCase } from "./resolved-case.ts";

/** What is on hold is not due, whatever the source says; without a deadline of the source the county's rules may give one. */
const DUE = "CASE WHEN s.state <> 'on_hold' THEN s.due_at END";

/** What clocks follow from. */
const CLOCKS_OF_ROW =
  "i.class_code, i.source, i.state, i.opened_at, CASE WHEN s.due_at IS NOT NULL THEN i.due_at END, i.closed_at, i.source_verdict";
const CLOCKS_OF_FILE = `s.class_code, s.source, s.state, s.opened_at, ${DUE}, s.closed_at, s.verdict`;

/** What an import may change of a case that is there. A case keeps its id, number and the grid code it fell in. */
const OF_ROW = `${CLOCKS_OF_ROW}, i.title, i.geom, i.grid_id, i.scope_code, i.border, i.suspicious, i.organisation_id, i.sensitive, p.geom`;
const OF_FILE = `${CLOCKS_OF_FILE}, s.title, s.drawn, s.grid_id, s.area_code, s.border, s.suspicious, s.organisation_id, s.sensitive, CASE WHEN s.sensitive THEN s.geom END`;

const COLUMNS = [
  "position",
  "source_ref",
  "change_event_id",
  "class_code",
  "sensitive",
  "title",
  "source",
  "state",
  "geom",
  "drawn",
  "area_code",
  "grid_id",
  "grid_code",
  "border",
  "suspicious",
  "opened_at",
  "due_at",
  "closed_at",
  "verdict",
  "organisation_id",
] as const;

/** Ids of the cases that earlier imports brought, by the source's id. */
export async function knownCases(
  tx: Transaction,
  county: string,
  cases: readonly ResolvedCase[],
): Promise<ReadonlyMap<string, string>> {
  const found = await tx.rows<{ ref: string; id: string }>(
    `SELECT i.source_ref AS ref, i.id FROM incident i
      WHERE i.county = $1 AND i.source_ref = ANY ($2::text[]) ORDER BY i.id`,
    [county, cases.map(({ draft }) => draft.sourceRef)],
  );
  return new Map(found.map(({ ref, id }) => [ref, id]));
}

/**
 * Compares lines of a file with the cases that stand for them and writes what differs, with an event where the state changed,
 * and new clocks where something changed that clocks follow from.
 */
export async function mergeKnownCases(
  tx: Transaction,
  context: ImportContext,
  batch: string,
  timezone: string,
  known: ReadonlyMap<string, string>,
  cases: readonly ResolvedCase[],
): Promise<{ readonly updated: number; readonly unchanged: number }> {
  if (cases.length === 0) return { updated: 0, unchanged: 0 };
  const { county } = context;
  await stage(tx, county, known, cases);
  const [matched] = await tx.rows<{ updated: number; unchanged: number; clocks: number }>(
    `SELECT count(*) FILTER (WHERE differs) AS updated, count(*) FILTER (WHERE NOT differs) AS unchanged,
            count(*) FILTER (WHERE clocks) AS clocks FROM import_match`,
  );
  const { updated = 0, unchanged = 0, clocks = 0 } = matched ?? {};
  if (context.dryRun || updated === 0) return { updated, unchanged };
  await recountCases(
    tx,
    county,
    "incident i JOIN import_match m ON m.id = i.id WHERE i.county = $1 AND m.differs",
    async () => {
      await journalCases(tx, county, batch);
      await updateChanged(tx, context);
      if (clocks > 0)
        await importClocks(tx, county, timezone, {
          from: "import_match m JOIN import_resolved s ON s.position = m.position WHERE m.clocks",
          key: "m.id",
        });
    },
  );
  return { updated, unchanged };
}

/** Lines and what stands for them as temporary tables; one import may go through several in one session. */
async function stage(
  tx: Transaction,
  county: string,
  known: ReadonlyMap<string, string>,
  cases: readonly ResolvedCase[],
): Promise<void> {
  await tx.execute(
    `CREATE TEMP TABLE import_resolved (
       position integer, case_id uuid, source_ref text COLLATE "C", change_event_id uuid, class_code text COLLATE "C", sensitive boolean,
       title text, source text COLLATE "C", state text COLLATE "C", geom geometry(Point, 4326), drawn geometry(Point, 4326),
       area_code text COLLATE "C", grid_id uuid, grid_code text COLLATE "C", border boolean, suspicious boolean,
       opened_at timestamptz, due_at timestamptz, closed_at timestamptz, verdict text COLLATE "C", organisation_id uuid) ON COMMIT DROP`,
  );
  await tx.copyIn(
    "import_resolved",
    ["case_id", ...COLUMNS],
    cases.map((one, position) => [
      known.get(one.draft.sourceRef) ?? null,
      position,
      one.draft.sourceRef,
      one.draft.changeEventId,
      one.classCode,
      one.sensitive,
      one.draft.title,
      one.draft.source,
      one.draft.state,
      pointEwkb([one.draft.lon, one.draft.lat]),
      pointEwkb(one.drawn),
      one.draft.areaCode,
      one.gridId,
      one.gridCode,
      one.draft.border,
      one.suspicious,
      one.draft.openedAt,
      one.draft.dueAt,
      one.draft.closedAt,
      one.draft.verdict,
      one.organisationId,
    ]),
  );
  await tx.execute("ANALYZE import_resolved");
  await tx.execute(
    `CREATE TEMP TABLE import_match ON COMMIT DROP AS
     SELECT s.position, i.id, i.state AS old_state, (${OF_ROW}) IS DISTINCT FROM (${OF_FILE}) AS differs,
            (${CLOCKS_OF_ROW}) IS DISTINCT FROM (${CLOCKS_OF_FILE}) AS clocks
       FROM import_resolved s JOIN incident i ON i.county = $1 AND i.id = s.case_id
       LEFT JOIN incident_sealed_place p ON p.county = $1 AND p.incident_id = i.id`,
    [county],
  );
  await tx.execute("ANALYZE import_match");
}

/** An open case of the file that no unit has: it waits for the dispatcher of its deepest area, so that it has an owner. */
const WITHOUT_OWNER = `(s.organisation_id IS NULL AND s.state NOT IN (${ENDED_STATES.map((state) => `'${state}'`).join(", ")}))`;

async function updateChanged(tx: Transaction, context: ImportContext): Promise<void> {
  const { county } = context;
  const at = new Date(context.nowMs).toISOString();
  await tx.execute(
    `INSERT INTO incident_event (county, id, incident_id, seq, from_state, to_state, actor, at, note, scope_code,
                                 sensitive, kind)
     SELECT $1, s.change_event_id, m.id, e.last + 1, m.old_state, s.state, 'import',
            coalesce(s.closed_at, $2::timestamptz), 'changed by an import', s.area_code, s.sensitive, 'step'
       FROM import_match m JOIN import_resolved s ON s.position = m.position
       JOIN (SELECT x.incident_id, max(x.seq) AS last FROM incident_event x
              WHERE x.county = $1 AND x.incident_id IN (SELECT c.id FROM import_match c WHERE c.differs)
              GROUP BY x.incident_id) e ON e.incident_id = m.id
      WHERE m.differs AND m.old_state <> s.state`,
    [county, at],
  );
  await tx.execute(
    `UPDATE incident i
        SET class_code = s.class_code, source = s.source, state = s.state, title = s.title, geom = s.drawn,
            grid_id = s.grid_id, grid_code_at = coalesce(i.grid_code_at, s.grid_code), scope_code = s.area_code,
            opened_at = s.opened_at, due_at = CASE WHEN m.clocks THEN ${DUE} ELSE i.due_at END, closed_at = s.closed_at, source_verdict = s.verdict,
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
  await followCases(tx, county, { ids: "SELECT m.id FROM import_match m WHERE m.differs", params: [] });
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
