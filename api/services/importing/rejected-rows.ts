import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { REJECTION_COLUMNS, WKT_COLUMN } from "../../../data/importers/formats/table-rows.ts";
import { writeWkt } from "../../../data/importers/formats/wkt.ts";
import type { RawFeature } from "../../../data/importers/raw-layer.ts";
import type { SkipSample } from "../../../data/importers/report.ts";
import { ImportLog } from "../../../data/importers/report.ts";
import { asFileError } from "./input-files.ts";
import { type LayerChoice, openLayers } from "./open-layers.ts";

/** Rows that are kept to be corrected; whoever has more has another fault than some bad rows. */
const MAX_KEPT = 100_000;

interface Rejection {
  readonly reason: string;
  readonly sample: SkipSample;
  /** Cells of a row that has too few or too many for its header. */
  readonly cells: readonly string[] | undefined;
}

/** What an import left out, by its place in the files. */
export class RejectedRows {
  readonly #byPlace = new Map<string, Rejection>();

  /** A row may be at fault twice: the first reason stands. */
  add(reason: string, sample: SkipSample, cells?: readonly string[]): void {
    if (this.#byPlace.size < MAX_KEPT && !this.#byPlace.has(sample.at))
      this.#byPlace.set(sample.at, { reason, sample, cells });
  }

  get size(): number {
    return this.#byPlace.size;
  }

  get places(): ReadonlyMap<string, Rejection> {
    return this.#byPlace;
  }
}

/**
 * Writes what was left out as CSV: place, reason, message and value in front, then the columns of its file and its geometry as
 * well-known text in the file's own numbers, so that it can be corrected and imported again; the columns in front are then
 * passed over. Values stand as in the file, for whoever gave it. Give `--crs` again where the files' system was judged.
 *
 * @param path where to; an older file is replaced
 */
export async function writeRejected(
  files: readonly string[],
  rejected: RejectedRows,
  path: string,
  choice: LayerChoice = {},
): Promise<void> {
  try {
    await pipeline(Readable.from(lines(files, rejected, choice)), createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    await rm(path, { force: true });
    throw asFileError(error, path);
  }
}

async function* lines(files: readonly string[], { places }: RejectedRows, choice: LayerChoice): AsyncGenerator<string> {
  const quiet = new ImportLog();
  const layers = await openLayers(files, quiet, choice);
  try {
    const fields = [...new Set(layers.flatMap((layer) => layer.fields))];
    // With a mark, or Excel takes it for the system's own encoding.
    yield `\uFEFF${row([...REJECTION_COLUMNS, ...fields, WKT_COLUMN])}`;
    const left = new Map(places);
    const head = (at: string, { reason, sample }: Rejection): string[] => [at, reason, sample.message, sample.value];
    for (const layer of layers) {
      for await (const feature of layer.features(quiet)) {
        const entry = left.get(feature.at);
        if (!entry) continue;
        left.delete(feature.at);
        yield row([...head(feature.at, entry), ...cellsOf(feature, fields)]);
        if (left.size === 0) return;
      }
    }
    // Rows that could not be read at all: their cells as far as they are known, else their text as the value.
    for (const [at, entry] of left) yield row([...head(at, entry), ...(entry.cells ?? [...fields.map(() => ""), ""])]);
  } finally {
    for (const layer of layers) await layer.close();
  }
}

const cellsOf = ({ properties, geometry }: RawFeature, fields: readonly string[]): string[] => [
  ...fields.map((field) => textOf(properties[field])),
  geometry ? (writeWkt(geometry) ?? "") : "",
];

const textOf = (value: unknown): string =>
  value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);

const row = (cells: readonly string[]): string => `${cells.map(csvCell).join(",")}\r\n`;

/** A cell of RFC 4180. What a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !Number.isFinite(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
