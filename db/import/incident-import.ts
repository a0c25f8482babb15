import { LocateIndex } from "../../data/geo/locate-index.ts";
import type { IncidentDraft } from "../../data/importers/incident-rows.ts";
import type { ImportLog, ImportReport } from "../../data/importers/report.ts";
import { uuidV7Time } from "../../data/model/ids.ts";
import { ZoneClock } from "../../data/model/zoned-time.ts";
import type { CopyValue, Database, Transaction } from "../driver.ts";
import { pointEwkb } from "../ewkb.ts";
import { makeIncidentPartitions } from "../load/partitions.ts";
import type { ImportContext, ImportCounty, ImportOutcome } from "./import-transaction.ts";
import { runImport } from "./import-transaction.ts";
import { dropDuplicates, markDefaultPoints } from "./incident-checks.ts";
import { mapClasses, mapOrganisations } from "./incident-dictionaries.ts";
import { mergeIncidents } from "./incident-merge.ts";
import { readLowestAreas } from "./lowest-areas.ts";

/** What the reader of the files is given. */
export interface IncidentReading {
  readonly clock: ZoneClock;
  readonly areas: LocateIndex;
}

export interface IncidentImport {
  readonly log: ImportLog;
  /** Starts reading; yields one draft a line. Called once, inside the transaction. */
  readonly read: (reading: IncidentReading) => AsyncIterable<IncidentDraft>;
  /** Lines read so far, skipped ones included. */
  readonly linesRead: () => number;
  readonly crs: () => string;
}

/**
 * Streams incidents into a temporary table and merges them from there: memory does not grow with the file, and either
 * all of it is seen or nothing. Rows are matched to those of earlier imports by the source's id.
 */
export function importIncidents(
  database: Database,
  context: ImportContext,
  input: IncidentImport,
): Promise<ImportReport> {
  return runImport(database, context, (tx, county) => writeIncidents(tx, database.form, context, county, input));
}

async function writeIncidents(
  tx: Transaction,
  form: Database["form"],
  context: ImportContext,
  county: ImportCounty,
  input: IncidentImport,
): Promise<ImportOutcome> {
  const { log } = input;
  const areas = new LocateIndex(await readLowestAreas(tx, context.county));
  if (areas.codes.length === 0)
    log.flag("no_areas", "the county has no areas yet: incidents are loaded without a grid");
  const clock = new ZoneClock(county.timezone);
  await createStaging(tx);
  const months = new Set<string>();
  const staged = await tx.copyIn(
    "import_incident",
    STAGED_COLUMNS,
    stagedRows(input.read({ clock, areas }), context, months),
  );
  context.onProgress({
    phase: "read",
    rows: input.linesRead(),
    message: `${input.linesRead()} lines read, ${staged} to merge`,
  });
  await dropDuplicates(tx, log);
  await markDefaultPoints(tx, log);
  await mapClasses(tx, context, log);
  await mapOrganisations(tx, context, log);
  await preparePartitions(tx, months);
  context.onProgress({ phase: "write", rows: staged, message: "writing incidents" });
  const counts = await mergeIncidents(tx, form, context, county.timezone);
  const [range] = await tx.rows<{ from: string | null; to: string | null }>(
    "SELECT min(id::text) AS from, max(id::text) AS to FROM import_incident",
  );
  return {
    entityKind: "incident",
    idRange: range?.from && range.to ? [range.from, range.to] : undefined,
    report: {
      kind: "incidents",
      county: context.county,
      read: input.linesRead(),
      ...counts,
      skipped: log.skipped(),
      flags: log.flags(),
      crs: input.crs(),
      seconds: 0,
    },
  };
}

const STAGED_COLUMNS = [
  "position",
  "at",
  "source_ref",
  "content_key",
  "id",
  "opened_event_id",
  "closed_event_id",
  "change_event_id",
  "class_text",
  "title",
  "source",
  "state",
  "geom",
  "area_code",
  "border",
  "opened_at",
  "due_at",
  "closed_at",
  "verdict",
  "organisation",
] as const;

async function createStaging(tx: Transaction): Promise<void> {
  await tx.execute(
    `CREATE TEMP TABLE import_incident (
       position integer, at text, source_ref text COLLATE "C", content_key text COLLATE "C", id uuid,
       opened_event_id uuid, closed_event_id uuid, change_event_id uuid, class_text text COLLATE "C", title text, source text, state text,
       geom geometry(Point, 4326), area_code text COLLATE "C", border boolean, opened_at timestamptz, due_at timestamptz,
       closed_at timestamptz, verdict text, organisation text COLLATE "C") ON COMMIT DROP`,
  );
}

const PROGRESS_EVERY = 20_000;

async function* stagedRows(
  drafts: AsyncIterable<IncidentDraft>,
  context: ImportContext,
  months: Set<string>,
): AsyncGenerator<readonly CopyValue[]> {
  let position = 0;
  for await (const draft of drafts) {
    position++;
    if (position % PROGRESS_EVERY === 0)
      context.onProgress({ phase: "read", rows: position, message: `${position} lines read` });
    for (const id of [draft.id, draft.closedEventId, draft.changeEventId]) {
      if (id) months.add(new Date(uuidV7Time(id)).toISOString().slice(0, 7));
    }
    yield [
      position,
      draft.at,
      draft.sourceRef,
      draft.contentKey,
      draft.id,
      draft.openedEventId,
      draft.closedEventId,
      draft.changeEventId,
      draft.classText,
      draft.title,
      draft.source,
      draft.state,
      pointEwkb([draft.lon, draft.lat]),
      draft.areaCode,
      draft.border,
      draft.openedAt,
      draft.dueAt,
      draft.closedAt,
      draft.verdict,
      draft.organisation,
    ];
  }
}

/** Partitions are made before rows go in (data rule 3), for the months that the ids of incidents and events name. */
async function preparePartitions(tx: Transaction, months: ReadonlySet<string>): Promise<void> {
  for (const month of [...months].sort()) {
    const ms = Date.parse(`${month}-01T00:00:00Z`);
    await makeIncidentPartitions(tx, ms, ms);
  }
}
