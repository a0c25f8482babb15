import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { pipeline, Readable } from "node:stream";
import { promisify } from "node:util";
import { type CsvError, parse } from "csv-parse";
import type { Entry, ZipFile } from "yauzl";
import { open as openZip } from "yauzl";
import { type CsvLine, CsvTokenizer } from "../../../data/importers/csv-tokenizer.ts";
import type { ImportLog } from "../../../data/importers/report.ts";
import { detectEncoding, type TextEncoding } from "../../../data/importers/text-encoding.ts";
import { dataError } from "../../../data/model/errors.ts";
import { asFileError } from "./input-files.ts";

/** One line of a CSV file, or its header (line 1). */
export interface CsvRecord {
  /** Name of the file, within a zip that of the entry. */
  readonly file: string;
  /** Line where the record ends, first = 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** A record longer than this is taken for a quote that was never closed. */
const MAX_RECORD_CHARS = 4_000_000;
const FATAL: readonly string[] = ["CSV_QUOTE_NOT_CLOSED", "CSV_MAX_RECORD_SIZE"];
const DELIMITERS = [",", ";", "\t", "|"] as const;

/** Some records of one file, header (line 1) first. */
export interface CsvPiece {
  /** Name of the file, within a zip that of the entry. */
  readonly file: string;
  readonly records: readonly CsvLine[];
}

/** As `readCsvPieces`, one record at a time. */
export async function* readCsvRecords(path: string, log: ImportLog): AsyncGenerator<CsvRecord> {
  for await (const { file, records } of readCsvPieces(path, log))
    for (const { line, cells } of records) yield { file, line, cells };
}

/**
 * Streams the records of a CSV file, or of every CSV in a zip, header first for each, in pieces as they come: a promise for
 * each record would cost more than reading it. Encoding (UTF-8 with or without mark, GBK) and delimiter are found from the
 * beginning of the text. Lines that are no CSV go to the log.
 *
 * @throws DATA error when the file cannot be read at all
 */
export async function* readCsvPieces(path: string, log: ImportLog): AsyncGenerator<CsvPiece> {
  if (!path.toLowerCase().endsWith(".zip")) {
    yield* parseCsv(fileBytes(path), basename(path), log);
    return;
  }
  const zip = await openArchive(path);
  try {
    let found = 0;
    for (const entry of await csvEntries(zip, path)) {
      found++;
      yield* parseCsv(await entryBytes(zip, entry), basename(entry.fileName), log);
    }
    if (found === 0)
      throw dataError(`${basename(path)} holds no CSV file`, {
        at: basename(path),
        hint: "Its CSV must end in .csv, .tsv or .txt.",
      });
  } finally {
    zip.close();
  }
}

async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) yield chunk as Uint8Array;
  } catch (error) {
    throw asFileError(error, path);
  }
}

async function openArchive(path: string): Promise<ZipFile> {
  try {
    return await promisify<string, { lazyEntries: true; autoClose: false }, ZipFile>(openZip)(path, {
      lazyEntries: true,
      autoClose: false,
    });
  } catch (error) {
    const known = asFileError(error, path);
    if (known !== error) throw known;
    throw dataError(`${basename(path)} is not a zip file: ${(error as Error).message}`, { at: basename(path) });
  }
}

/** CSV entries in the order of the archive; folders and the side files of macOS are passed over. */
function csvEntries(zip: ZipFile, path: string): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on("entry", (entry: Entry) => {
      if (/\.(csv|tsv|txt)$/i.test(entry.fileName) && !entry.fileName.startsWith("__MACOSX/")) entries.push(entry);
      zip.readEntry();
    });
    zip.on("end", () => resolve(entries));
    zip.on("error", (error: Error) => reject(dataError(`${basename(path)}: ${error.message}`, { at: basename(path) })));
    zip.readEntry();
  });
}

async function entryBytes(zip: ZipFile, entry: Entry): Promise<AsyncIterable<Uint8Array>> {
  if (entry.isEncrypted())
    throw dataError(`${entry.fileName} is encrypted`, { at: entry.fileName, hint: "Unpack it first." });
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(dataError(`${entry.fileName}: ${error.message}`, { at: entry.fileName }));
      else resolve(stream);
    });
  });
}

export async function* parseCsv(
  bytes: AsyncIterable<Uint8Array>,
  file: string,
  log: ImportLog,
): AsyncGenerator<CsvPiece> {
  const text = decode(bytes, file);
  const first = await text.next();
  if (first.done) throw dataError(`${file} is empty`, { at: file });
  const tokenizer = new CsvTokenizer(guessDelimiter(first.value), MAX_RECORD_CHARS);
  for (let piece: IteratorResult<string, void> = first; !piece.done; piece = await text.next()) {
    const records = tokenizer.push(piece.value);
    if (records.length > 0) yield { file, records };
    if (tokenizer.stopped) break;
  }
  if (!tokenizer.stopped) {
    const records = tokenizer.end();
    if (records.length > 0) yield { file, records };
  }
  if (tokenizer.stopped) yield* parseIrregular(tokenizer, text, file, log);
}

const PIECE_RECORDS = 1000;

/** What is no well-formed CSV, from the first such record on: read by the library, which says what is wrong with it. */
async function* parseIrregular(
  { delimiter, rest, line: before }: CsvTokenizer,
  text: AsyncGenerator<string, void>,
  file: string,
  log: ImportLog,
): AsyncGenerator<CsvPiece> {
  const parser = parse({
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    raw: true,
    max_record_size: MAX_RECORD_CHARS,
  });
  parser.on("skip", (error: CsvError | undefined, raw: string | undefined) => {
    // An open quote swallows the rest of the file: that is no broken line but a broken file.
    if (error && FATAL.includes(error.code)) {
      parser.destroy(error);
      return;
    }
    const line = before + Number((error as { lines?: number } | undefined)?.lines ?? 0);
    const message = error?.message.replace(/ at line \d+.*$/, "") ?? "not a line of CSV";
    log.skip("broken_line", { at: `${file}:${line}`, value: raw?.trimEnd() ?? error?.code ?? "", message });
  });
  const all = async function* (): AsyncGenerator<string> {
    yield rest;
    yield* text;
  };
  // Errors of either end reach the loop below through the parser.
  pipeline(Readable.from(all()), parser, () => undefined);
  try {
    let records: CsvLine[] = [];
    for await (const { info, record } of parser as AsyncIterable<{ info: { lines: number }; record: string[] }>) {
      records.push({ line: before + info.lines, cells: record });
      if (records.length < PIECE_RECORDS) continue;
      yield { file, records };
      records = [];
    }
    if (records.length > 0) yield { file, records };
  } catch (error) {
    const code = (error as CsvError).code;
    if (FATAL.includes(code)) {
      const line = before + Number((error as { lines?: number }).lines ?? 0);
      throw dataError(`${file}: a quotation mark is opened and never closed`, {
        at: `${file}:${line}`,
        hint: 'Close it, or double it ("") where it is part of the text.',
      });
    }
    throw error;
  }
}

/** Decodes a stream of bytes; the encoding is decided where the first byte beyond ASCII stands. */
async function* decode(bytes: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<string, void, undefined> {
  let decoder: TextDecoder | undefined;
  let encoding: TextEncoding = "utf-8";
  let offset = 0;
  const fault = (): Error =>
    dataError(
      `${file} is not ${encoding === "utf-8" ? "UTF-8" : "GBK"} throughout: a byte near ${offset} does not belong`,
      {
        at: file,
        hint: "Save the whole file as UTF-8.",
      },
    );
  for await (const chunk of bytes) {
    if (!decoder && (chunk.some((byte) => byte >= 0x80) || chunk.includes(0))) {
      encoding = detectEncoding(chunk, file);
      decoder = new TextDecoder(encoding, { fatal: true });
    }
    try {
      const text = (decoder ?? new TextDecoder("utf-8", { fatal: true })).decode(chunk, {
        stream: decoder !== undefined,
      });
      if (text !== "") yield text;
    } catch {
      throw fault();
    }
    offset += chunk.length;
  }
  try {
    const rest = decoder?.decode() ?? "";
    if (rest !== "") yield rest;
  } catch {
    throw fault();
  }
}

/** The delimiter that the header holds most of, outside quotes. */
function guessDelimiter(text: string): string {
  const header = (text.split(/\r?\n/, 1)[0] ?? "").replace(/"[^"]*"/g, "");
  const count = (delimiter: string): number => header.split(delimiter).length;
  return DELIMITERS.reduce((best, one) => (count(one) > count(best) ? one : best));
}
