import { createHash } from "node:crypto";
import type { CaseAreas } from "../../data/geo/case-locator.ts";
import { IncidentSurvey } from "../../data/importers/incident-survey.ts";
import { ImportLog, type ImportReport } from "../../data/importers/report.ts";
import { AppError, notFound } from "../../data/model/errors.ts";
import { type Uuid, uuidV7Time } from "../../data/model/ids.ts";
import { ZoneClock } from "../../data/model/zoned-time.ts";
import type { Database, Transaction } from "../driver.ts";
import { analyze } from "../load/load-county.ts";
import { makeIncidentPartitions } from "../load/partitions.ts";
import { refreshStatistics } from "../statistics/refresh-statistics.ts";
import { type ImportContext, lockImports, mintBatch } from "./import-transaction.ts";
import { IncidentDictionary } from "./incident-dictionary.ts";
import { type IncidentPart, type IncidentPiece, oneAhead, readParts, surveyLines } from "./incident-parts.ts";
import { findInterrupted, type InterruptedImport, type PartCounts, recordPart } from "./part-record.ts";
import { type ClockRules, readClockRules } from "./resolved-case.ts";
import { type PartRun, writePart } from "./write-part.ts";

/** What the reader of the files is given. */
export interface IncidentReading {
  readonly clock: ZoneClock;
  readonly areas: CaseAreas;
}

export interface IncidentImport {
  readonly log: ImportLog;
  /** Hash of the files' bytes and of how they are read: the same again means that the same lines come in the same order. */
  readonly fileKey: () => Promise<string>;
  /** An estimate. */
  readonly expectedLines: number;
  /** A pass over the files from the start; called twice. What is wrong with them goes to the log that is given. */
  readonly pieces: (reading: IncidentReading, log: ImportLog) => AsyncIterable<IncidentPiece>;
  readonly crs: () => string;
  /** Lines of a transaction; absent = `PART_LINES`. */
  readonly partLines?: number | undefined;
}

/**
 * Lines of a transaction: so few that an embedded server is not held up for long and little is in memory, so many that what each
 * part costs of its own (its record, audit, roll-ups) is little.
 */
export const PART_LINES = 5_000;

/** Thrown to undo the part of a dry run; carries its counts out of the transaction. */
class DryPart extends AppError {
  constructor(readonly counts: PartCounts) {
    super("USER", "dry run");
  }
}

interface Opened {
  readonly timezone: string;
  readonly batch: Uuid;
  readonly dictionary: IncidentDictionary;
  readonly rules: ClockRules;
}

/**
 * Brings the cases of files in, part by part, each in a transaction of its own that is recorded: whenever the process ends,
 * each part is there as a whole or not at all, with its roll-ups, and the same import again goes on after the last one. Memory
 * does not grow with the files. Lines are matched to the cases of earlier imports by the source's id.
 *
 * @throws USER/NOT_FOUND for a county that is not there; USER/CONFLICT when its areas change meanwhile
 */
export async function importIncidents(
  database: Database,
  context: ImportContext,
  input: IncidentImport,
): Promise<ImportReport> {
  const started = performance.now();
  const { county } = context;
  const { log, partLines = PART_LINES } = input;
  const opened = await database.transaction({ kind: "loader", county }, (tx) => open(tx, context));
  const clock = new ZoneClock(opened.timezone);
  const reading: IncidentReading = { clock, areas: opened.dictionary.places };
  if (reading.areas.codes.length === 0)
    log.flag("no_areas", "the county has no areas yet: incidents are loaded without a grid");
  const survey = new IncidentSurvey(input.expectedLines);
  await surveyLines(input.pieces(reading, new ImportLog()), survey, (lines) =>
    context.onProgress({ phase: "read", rows: lines, message: `${lines} lines looked at` }),
  );
  const suspicious = flagDefaultPoints(survey, log);
  const fileKey = sha256(await input.fileKey(), opened.dictionary.areasHash, String(partLines));
  const before = context.dryRun
    ? undefined
    : await database.transaction({ kind: "loader", county }, (tx) => findInterrupted(tx, county, fileKey));
  const batch = before?.batch ?? opened.batch;
  const run: PartRun = {
    ...opened,
    context,
    form: database.form,
    batch,
    clock,
    log,
    suspicious,
    mayKnow: await database.transaction({ kind: "loader", county }, (tx) => hasImported(tx, county)),
    contentVersion: undefined,
  };
  const totals: Totals = { loaded: 0, updated: 0, unchanged: 0, earlier: { loaded: 0, updated: 0, unchanged: 0 } };
  const report = (counts: PartCounts): ImportReport => ({
    kind: "incidents",
    county,
    read: survey.lines + log.skips("broken_line"),
    loaded: counts.loaded,
    updated: counts.updated,
    unchanged: counts.unchanged,
    skipped: log.skipped(),
    flags: log.flags(),
    crs: input.crs(),
    seconds: Math.round(performance.now() - started) / 1000,
  });
  const months = new Set<string>();
  for await (const part of oneAhead(readParts(input.pieces(reading, log), survey, log, partLines))) {
    const written = before?.parts.get(part.number);
    if (written) {
      passOver(written, totals);
      flagResumed(part, before, thereOf(totals), log);
      continue;
    }
    if (!context.dryRun) await preparePartitions(database, county, part, months);
    const counts = await writeInOneTransaction(database, run, part, async (tx, done) => {
      const sum = {
        loaded: totals.loaded + totals.earlier.loaded + done.loaded,
        updated: totals.updated + totals.earlier.updated + done.updated,
        unchanged: totals.unchanged + totals.earlier.unchanged + done.unchanged,
      };
      await recordPart(tx, context, { ...part, ...done, batch, fileKey }, report(sum));
    });
    totals.loaded += counts.loaded;
    totals.updated += counts.updated;
    totals.unchanged += counts.unchanged;
    context.onProgress({
      phase: "write",
      rows: part.endLine,
      message: `${part.endLine} of ${survey.lines} lines written`,
    });
  }
  if (!context.dryRun) {
    context.onProgress({ phase: "finish", rows: survey.lines, message: "statistics" });
    await analyze(database, county);
    await refreshStatistics(database, county, context.nowMs);
  }
  return report({ loaded: totals.loaded, updated: totals.updated, unchanged: totals.unchanged + thereOf(totals) });
}

async function open(tx: Transaction, context: ImportContext): Promise<Opened> {
  const { county, nowMs } = context;
  const [row] = await tx.rows<{ timezone: string; batches: number }>(
    `SELECT timezone, (SELECT count(*) FROM import_batch WHERE county = $1) AS batches
       FROM county_profile WHERE county = $1`,
    [county],
  );
  if (!row)
    throw notFound(`there is no county ${county}`, {
      at: "--county",
      hint: `Add it first: jingwei county add ${county} --name NAME --timezone ZONE`,
    });
  return {
    timezone: row.timezone,
    batch: mintBatch(county, nowMs, row.batches),
    dictionary: await IncidentDictionary.read(tx, context),
    rules: await readClockRules(tx, county, row.timezone),
  };
}

/** Whether any case of the county came with an id of its source: if none did, nothing needs to be looked for. */
async function hasImported(tx: Transaction, county: string): Promise<boolean> {
  const [row] = await tx.rows<{ found: boolean }>(
    "SELECT EXISTS (SELECT 1 FROM incident i WHERE i.county = $1 AND i.source_ref IS NOT NULL) AS found",
    [county],
  );
  return row?.found ?? true;
}

/** Positions that look like defaults, as `lon,lat`: cases there stay in every count and are left out of heat and points. */
function flagDefaultPoints(survey: IncidentSurvey, log: ImportLog): ReadonlySet<string> {
  const { points, rows } = survey.takeDefaultPoints();
  for (const { lon, lat, count } of points) {
    const share = ((100 * count) / rows).toFixed(1);
    log.flag(
      "default_point",
      `${share} % of the rows lie on one point (${lat}, ${lon}), which looks like a default: counted, but marked suspicious`,
      count,
    );
  }
  return new Set(points.map(({ lon, lat }) => `${lon},${lat}`));
}

const sha256 = (...texts: readonly string[]): string => createHash("sha256").update(texts.join("\n")).digest("hex");

interface Totals {
  loaded: number;
  updated: number;
  unchanged: number;
  /** What an earlier run of the same import had written. */
  earlier: PartCounts;
}

/** Lines that an earlier run had written. */
const thereOf = ({ earlier }: Totals): number => earlier.loaded + earlier.updated + earlier.unchanged;

function passOver(written: PartCounts, totals: Totals): void {
  totals.earlier = {
    loaded: totals.earlier.loaded + written.loaded,
    updated: totals.earlier.updated + written.updated,
    unchanged: totals.earlier.unchanged + written.unchanged,
  };
}

/** Said once, with the last of the parts that were there. */
function flagResumed(part: IncidentPart, before: InterruptedImport | undefined, there: number, log: ImportLog): void {
  const parts = before?.parts ?? new Map<number, unknown>();
  if (part.number !== Math.max(...parts.keys())) return;
  log.flag(
    "resumed",
    `an earlier run of this import ended early: its ${parts.size} parts (${there} cases) were there already and were not written again`,
    there,
  );
}

async function writeInOneTransaction(
  database: Database,
  run: PartRun,
  part: IncidentPart,
  record: (tx: Transaction, done: Awaited<ReturnType<typeof writePart>>) => Promise<void>,
): Promise<PartCounts> {
  const { county, dryRun } = run.context;
  try {
    return await database.transaction({ kind: "loader", county }, async (tx) => {
      await lockImports(tx, county);
      const done = await writePart(tx, run, part);
      if (dryRun) throw new DryPart(done);
      await record(tx, done);
      run.contentVersion = await contentVersion(tx, county);
      return done;
    });
  } catch (error) {
    if (error instanceof DryPart) return error.counts;
    throw error;
  }
}

async function contentVersion(tx: Transaction, county: string): Promise<number> {
  const [row] = await tx.rows<{ version: number }>(
    "SELECT content_version AS version FROM county_profile WHERE county = $1",
    [county],
  );
  return row?.version ?? 0;
}

/** Partitions are made before rows go in (data rule 3), for the months that the ids of cases and events name. */
async function preparePartitions(
  database: Database,
  county: string,
  { drafts }: IncidentPart,
  made: Set<string>,
): Promise<void> {
  const wanted = new Set<string>();
  for (const { id, closedEventId, changeEventId } of drafts)
    for (const one of [id, closedEventId, changeEventId]) if (one) wanted.add(monthOf(one));
  const missing = [...wanted].filter((month) => !made.has(month)).sort();
  if (missing.length === 0) return;
  // In a transaction of its own: making one holds up everybody who writes cases.
  await database.transaction({ kind: "loader", county }, async (tx) => {
    for (const month of missing) {
      const ms = Date.parse(`${month}-01T00:00:00Z`);
      await makeIncidentPartitions(tx, ms, ms);
    }
  });
  for (const month of missing) made.add(month);
}

const MONTH_DIGITS = 7;
const monthOf = (id: Uuid): string => new Date(uuidV7Time(id)).toISOString().slice(0, MONTH_DIGITS);
