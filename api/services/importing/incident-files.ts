import { NOTE_COLUMN } from "../../../data/exporters/export-note.ts";
import { type CrsVerdict, judgeCrs } from "../../../data/geo/crs/judge-crs.ts";
import type { CsvLine } from "../../../data/importers/csv-tokenizer.ts";
import { positionOfTexts } from "../../../data/importers/degrees-text.ts";
import { INCIDENT_FIELDS, resolveFields } from "../../../data/importers/field-map.ts";
import { detectFormat, HEAD_BYTES } from "../../../data/importers/formats/detect-format.ts";
import { isOfRejected } from "../../../data/importers/formats/table-rows.ts";
import { PositionSample } from "../../../data/importers/position-sample.ts";
import type { PlacedLayer, RawFeature } from "../../../data/importers/raw-layer.ts";
import { ImportLog } from "../../../data/importers/report.ts";
import type { MultiPolygonRings } from "../../../data/model/geometry.ts";
import { Archive } from "./bytes/archive.ts";
import { fileBytes, headOf } from "./bytes/input-bytes.ts";
import { readCsvPieces } from "./csv-source.ts";
import type { ImportJob } from "./import-job.ts";
import { openPlaced } from "./open-placed.ts";

/** Records of one file, header first, and which columns hold what is not guessed from it. */
export interface CasePiece {
  readonly file: string;
  readonly mark: ":" | "#";
  /** Cells are as the file has them (`IncidentRowOptions.guarded`). */
  readonly guarded?: boolean;
  readonly records: readonly CsvLine[];
  readonly map: ImportJob["map"];
}

/** Records of the first lines by which the reference system of a table is judged. */
const RECORDS_TO_JUDGE = 2_000;
const PIECE_RECORDS = 1_000;
/** Columns in which the position of a feature stands for the reader of lines; no file has them. */
const LON = "geometry.lon";
const LAT = "geometry.lat";

/**
 * Reads the cases of one file as records of a table. CSV in longitude and latitude is passed on as it is split: a bulk import
 * is mostly that. Everything else (features, workbooks, other reference systems) is placed first.
 *
 * @param onCrs told the reference system and how it was known
 */
export async function* casePieces(
  path: string,
  job: ImportJob,
  outline: MultiPolygonRings | undefined,
  log: ImportLog,
  onCrs: (label: string) => void,
): AsyncGenerator<CasePiece> {
  const verdict = (await isCsv(path)) ? await judgeTable(path, job, outline) : undefined;
  if (verdict === "as_it_stands" || (verdict && isWgs84(verdict))) {
    if (verdict !== "as_it_stands") {
      onCrs(verdict.label);
      for (const { kind, message, count } of verdict.flags) log.flag(kind, message, count);
    }
    for await (const { file, records } of readCsvPieces(path, log))
      yield { file, mark: ":", guarded: true, records, map: job.map };
    return;
  }
  const layers = await openPlaced({ ...job, files: [path] }, INCIDENT_FIELDS, log, outline);
  try {
    for (const layer of layers) {
      onCrs(layer.crs);
      yield* layerPieces(layer, log);
    }
  } finally {
    for (const layer of layers) await layer.close();
  }
}

const isWgs84 = ({ crs, swapped }: CrsVerdict): boolean =>
  (crs.id === "EPSG:4326" || crs.id === "EPSG:4490") && !swapped;

async function isCsv(path: string): Promise<boolean> {
  const bytes = await fileBytes(path);
  const kind = detectFormat(await headOf(bytes, HEAD_BYTES));
  if (kind !== "zip") return kind === "text" || kind === "utf16" || kind === "empty";
  const archive = await Archive.open(bytes);
  try {
    return archive.entries.some((entry) => /\.(csv|tsv)$/i.test(entry.path));
  } finally {
    await archive.close();
  }
}

/**
 * `as_it_stands` where there is nothing to judge by: what is wrong is then said line by line. Undefined for rejected rows
 * that come again: their columns are not all data.
 */
async function judgeTable(
  path: string,
  job: ImportJob,
  outline: MultiPolygonRings | undefined,
): Promise<CrsVerdict | "as_it_stands" | undefined> {
  const sample = new PositionSample();
  let header: readonly string[] | undefined;
  let columns: readonly [number, number] = [-1, -1];
  let name = path;
  let seen = 0;
  for await (const { file, records } of readCsvPieces(path, new ImportLog())) {
    for (const { cells } of records) {
      if (header) sample.add(positionOfTexts(cells[columns[0]] ?? "", cells[columns[1]] ?? ""));
      else {
        name = file;
        header = cells.map((cell) => cell.replace(/^\uFEFF/, "").trim());
        if (isOfRejected(header)) return undefined;
        const { lon, lat } = resolveFields(job.map, header, INCIDENT_FIELDS, file).map;
        if (lon === undefined || lat === undefined) return "as_it_stands";
        columns = [header.indexOf(lon), header.indexOf(lat)];
      }
    }
    seen += records.length;
    if (seen >= RECORDS_TO_JUDGE) break;
  }
  const positions = sample.positions();
  return judgeCrs({
    wanted: job.crs,
    declared: header?.includes(NOTE_COLUMN) ? "EPSG:4326" : undefined,
    sample: positions,
    outline,
    file: name,
  });
}

/** Features as records: their properties as text, their position in two columns more. */
async function* layerPieces(layer: PlacedLayer, log: ImportLog): AsyncGenerator<CasePiece> {
  const header = [...layer.fields, LON, LAT];
  const map = { ...layer.map, lon: LON, lat: LAT };
  let piece: CasePiece | undefined;
  let records: CsvLine[] = [{ line: 1, cells: header }];
  for await (const feature of layer.features(log)) {
    const [, file = feature.at, mark = "#"] = /^(.*)([:#])\d+$/.exec(feature.at) ?? [];
    piece ??= { file, mark: mark === ":" ? ":" : "#", records, map };
    records.push({ line: feature.number, cells: cellsOf(feature, layer.fields) });
    if (records.length < PIECE_RECORDS) continue;
    yield { ...piece, records };
    records = [];
  }
  if (piece && records.length > 0) yield { ...piece, records };
}

function cellsOf({ properties, geometry }: RawFeature, fields: readonly string[]): string[] {
  const [lon, lat] =
    geometry?.type === "Point" || geometry?.type === "MultiPoint" ? positionOf(geometry.coordinates) : [];
  return [...fields.map((field) => textOf(properties[field])), textOf(lon), textOf(lat)];
}

/** Of several points the first: a case happened in one place. */
function positionOf(coordinates: unknown): readonly unknown[] {
  if (!Array.isArray(coordinates)) return [];
  return Array.isArray(coordinates[0]) ? coordinates[0] : coordinates;
}

const textOf = (value: unknown): string =>
  value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
