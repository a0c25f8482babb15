import { detectCrs } from "../../../data/geo/detect-crs.ts";
import { INCIDENT_FIELDS, resolveFields } from "../../../data/importers/field-map.ts";
import type { IncidentDraft } from "../../../data/importers/incident-rows.ts";
import { IncidentRowReader, REQUIRED_INCIDENT_FIELDS } from "../../../data/importers/incident-rows.ts";
import { ImportLog } from "../../../data/importers/report.ts";
import { dataError } from "../../../data/model/errors.ts";
import type { IncidentReading } from "../../../db/import/incident-import.ts";
import { importIncidents } from "../../../db/import/incident-import.ts";
import { readCsvRecords } from "./csv-source.ts";
import type { ImportJob, ImportRunner } from "./import-job.ts";

/** `import incidents`: CSV files, also inside zips, streamed. */
export const runIncidents: ImportRunner = (database, job) => {
  const log = new ImportLog(job.onSkip);
  const reader = new IncidentFiles(job, log);
  // The numbers are checked line by line; here only what was asked for.
  const crs = detectCrs(job.crs, undefined, undefined, job.files.join(", "));
  return importIncidents(database, job, {
    log,
    read: (reading) => reader.drafts(reading),
    linesRead: () => reader.lines + log.skips("broken_line"),
    crs: () => crs.label,
  });
};

class IncidentFiles {
  /** Lines that were CSV, headers left out. */
  lines = 0;

  constructor(
    readonly job: ImportJob,
    readonly log: ImportLog,
  ) {}

  async *drafts(reading: IncidentReading): AsyncGenerator<IncidentDraft> {
    for (const path of this.job.files) {
      let rows: IncidentRowReader | undefined;
      for await (const { file, line, cells } of readCsvRecords(path, this.log)) {
        if (!rows || rows.options.file !== file) {
          rows = this.#open(file, cells, reading);
          continue;
        }
        this.lines++;
        const draft = rows.read(cells, line);
        if (draft) yield draft;
      }
    }
  }

  /** The first record of a file is its header. */
  #open(file: string, cells: readonly string[], reading: IncidentReading): IncidentRowReader {
    const header = cells.map((cell) => cell.replace(/^\uFEFF/, "").trim());
    const { map, guessed } = resolveFields(this.job.map, header, INCIDENT_FIELDS, file);
    const missing = REQUIRED_INCIDENT_FIELDS.filter((field) => map[field] === undefined);
    if (missing.length > 0) {
      throw dataError(`${file} has no column for ${missing.join(", ")}`, {
        at: `${file}:1`,
        hint: `Say which it is: --map ${missing.map((field) => `${field}=COLUMN`).join(",")}. Its columns: ${header.slice(0, 40).join(", ")}.`,
      });
    }
    if (guessed.length > 0) {
      this.log.flag("guessed_fields", `taken from the header: ${guessed.join(", ")}`, guessed.length);
    }
    return new IncidentRowReader({
      file,
      county: this.job.county,
      header,
      fields: map,
      clock: reading.clock,
      areas: reading.areas,
      log: this.log,
      nowMs: this.job.nowMs,
    });
  }
}
