import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { INCIDENT_FIELDS, resolveFields } from "../../../data/importers/field-map.ts";
import { IncidentRowReader, REQUIRED_INCIDENT_FIELDS } from "../../../data/importers/incident-rows.ts";
import { ImportLog } from "../../../data/importers/report.ts";
import { dataError } from "../../../data/model/errors.ts";
import type { MultiPolygonRings } from "../../../data/model/geometry.ts";
import type { IncidentReading } from "../../../db/import/incident-import.ts";
import { importIncidents } from "../../../db/import/incident-import.ts";
import type { IncidentPiece } from "../../../db/import/incident-parts.ts";
import { outlineOf } from "./county-of-job.ts";
import type { ImportJob, ImportRunner } from "./import-job.ts";
import { type CasePiece, casePieces } from "./incident-files.ts";
import { asFileError } from "./input-files.ts";

/** `import incidents`: tables and points of any format, streamed; CSV the fast way. */
export const runIncidents: ImportRunner = async (database, job) => {
  const outline = await outlineOf(database, job);
  const systems = new Set<string>();
  return importIncidents(database, job, {
    log: new ImportLog(job.onSkip),
    fileKey: () => keyOf(job),
    expectedLines: await expectedLines(job.files),
    pieces: (reading, log) => incidentPieces(job, outline, reading, log, (label) => systems.add(label)),
    crs: () => [...systems].join(", "),
    partLines: job.partLines,
  });
};

/** Bytes of a line of cases, at least. */
const LINE_BYTES = 48;
/** How much smaller zips make such lines, at most. */
const ZIP_FACTOR = 12;

async function expectedLines(files: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const path of files) {
    try {
      bytes += (await stat(path)).size * (path.toLowerCase().endsWith(".zip") ? ZIP_FACTOR : 1);
    } catch (error) {
      throw asFileError(error, path);
    }
  }
  return Math.ceil(bytes / LINE_BYTES);
}

/** Hash of the files' bytes and of what decides how they are read. */
async function keyOf({ files, county, crs, layer, map }: ImportJob): Promise<string> {
  const hash = createHash("sha256").update(
    JSON.stringify([county, crs ?? null, layer ?? null, Object.entries(map).sort()]),
  );
  for (const path of files)
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

async function* incidentPieces(
  job: ImportJob,
  outline: MultiPolygonRings | undefined,
  reading: IncidentReading,
  log: ImportLog,
  onCrs: (label: string) => void,
): AsyncGenerator<IncidentPiece> {
  for (const path of job.files) {
    let reader: IncidentRowReader | undefined;
    for await (const piece of casePieces(path, job, outline, log, onCrs)) {
      let lines = piece.records;
      if (reader?.options.file !== piece.file) {
        reader = openFile(job, piece, reading, log);
        lines = lines.slice(1);
      }
      if (lines.length > 0) yield { reader, lines };
    }
  }
}

/** The first record of a file is its header. */
function openFile(
  job: ImportJob,
  { file, mark, guarded, records: [first], map: given }: CasePiece,
  reading: IncidentReading,
  log: ImportLog,
): IncidentRowReader {
  const header = (first?.cells ?? []).map((cell) => cell.replace(/^\uFEFF/, "").trim());
  const { map, guessed } = resolveFields(given, header, INCIDENT_FIELDS, file);
  const missing = REQUIRED_INCIDENT_FIELDS.filter((field) => map[field] === undefined);
  if (missing.length > 0) {
    throw dataError(`${file} has no column for ${missing.join(", ")}`, {
      at: `${file}:1`,
      hint: `Say which it is: --map ${missing.map((field) => `${field}=COLUMN`).join(",")}. Its columns: ${header.slice(0, 40).join(", ")}.`,
    });
  }
  if (guessed.length > 0) log.flag("guessed_fields", `taken from the header: ${guessed.join(", ")}`, guessed.length);
  return new IncidentRowReader({
    file,
    mark,
    guarded,
    county: job.county,
    header,
    fields: map,
    clock: reading.clock,
    areas: reading.areas,
    log,
    nowMs: job.nowMs,
  });
}
