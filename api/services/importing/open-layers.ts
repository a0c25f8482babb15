import { basename } from "node:path";
import { readFeatureCollection } from "../../../data/importers/feature-collection.ts";
import type { RawFeature, RawLayer } from "../../../data/importers/raw-layer.ts";
import { ImportLog } from "../../../data/importers/report.ts";
import { dataError } from "../../../data/model/errors.ts";
import { readCsvRecords } from "./csv-source.ts";
import { readWholeFile } from "./input-files.ts";

/**
 * Opens the layers of files: every layer of every file, in order. Close each of them.
 *
 * @param paths of the files
 * @throws DATA error naming the file that cannot be read, or is of no format that we know
 */
export async function openLayers(paths: readonly string[], log: ImportLog): Promise<RawLayer[]> {
  const layers: RawLayer[] = [];
  for (const path of paths) {
    if (/\.(csv|tsv|txt|zip)$/i.test(path)) layers.push(...(await openCsv(path)));
    else layers.push(await openGeoJson(path, log));
  }
  return layers;
}

async function openGeoJson(path: string, _log: ImportLog): Promise<RawLayer> {
  const { name, bytes } = await readWholeFile(path);
  const collection = readFeatureCollection(bytes, name);
  if (collection.features.length === 0) throw dataError(`${name} holds no feature`, { at: name });
  return {
    name: name.replace(/\.[^.]*$/, ""),
    file: name,
    format: "geojson",
    declaredCrs: collection.crsName,
    fields: [...new Set(collection.features.flatMap((feature) => Object.keys(feature.properties)))],
    async *features() {
      yield* collection.features;
    },
    close: () => Promise.resolve(),
  };
}

/** One layer for each file of a zip. */
async function openCsv(path: string): Promise<RawLayer[]> {
  const headers = new Map<string, readonly string[]>();
  for await (const { file, cells } of readCsvRecords(path, new ImportLog()))
    if (!headers.has(file))
      headers.set(
        file,
        cells.map((cell) => cell.replace(/^\uFEFF/, "").trim()),
      );
  return [...headers].map(([file, fields]) => ({
    name: basename(file).replace(/\.[^.]*$/, ""),
    file,
    format: "csv",
    declaredCrs: undefined,
    fields,
    features: (log) => csvFeatures(path, file, fields, log),
    close: () => Promise.resolve(),
  }));
}

async function* csvFeatures(
  path: string,
  file: string,
  fields: readonly string[],
  log: ImportLog,
): AsyncGenerator<RawFeature> {
  let header = true;
  for await (const record of readCsvRecords(path, log)) {
    if (record.file !== file) continue;
    if (header) {
      header = false;
      continue;
    }
    const { line, cells } = record;
    const at = `${file}:${line}`;
    if (cells.length !== fields.length) {
      const message = `${cells.length} columns where the header has ${fields.length}`;
      log.skip("wrong_column_count", { at, value: cells.join(","), message });
      continue;
    }
    const properties = Object.fromEntries(fields.map((name, index) => [name, cells[index] ?? ""]));
    yield { at, number: line, id: undefined, properties, geometry: null };
  }
}
