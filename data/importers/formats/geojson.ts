import { dataError } from "../../model/errors.ts";
import { PositionSample } from "../position-sample.ts";
import type { RawFeature, RawGeometry, RawLayer } from "../raw-layer.ts";
import { ImportLog } from "../report.ts";
import { FieldNamesSeen } from "./field-names-seen.ts";
import { readJsonLines, startsWithOneValuePerLine } from "./geojson-lines.ts";
import { type JsonPiece, JsonScanner, nestsTooDeep } from "./json-scanner.ts";
import { utf8Text } from "./utf8-text.ts";

/** Members of a root object that say something; others are passed over unread. */
const KEPT: readonly string[] = [
  "type",
  "crs",
  "name",
  "id",
  "properties",
  "geometry",
  "coordinates",
  "geometries",
  "features",
];

const SAMPLE_OF_VALUE = 200;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Opens GeoJSON (RFC 7946: FeatureCollection, Feature or bare geometry) or newline-delimited GeoJSON (GeoJSONL, or GeoJSON
 * text sequences with RS bytes, RFC 8142). The whole text is read once for its properties' names, its `crs` member, which
 * may stand last, and positions; then again at each pass, unless all features are held.
 *
 * @param open a fresh stream of the bytes
 * @param held the reader will hold all features at once: they are kept from the first reading
 * @throws DATA error with the line when it is not UTF-8, not JSON, not GeoJSON or holds no feature
 */
export async function openGeoJson(
  open: () => AsyncIterable<Uint8Array>,
  file: string,
  held = false,
): Promise<RawLayer> {
  const lines = await startsWithOneValuePerLine(utf8Text(open, file));
  const read = lines
    ? (log: ImportLog) => lineFeatures(open, file, log)
    : (log: ImportLog, root?: Root) => collectionFeatures(open, file, log, root);
  const pass = held ? readOnce(read) : read;
  const survey = await surveyed(pass, file);
  return {
    name: survey.name ?? file.replace(/\.[^.]*$/, ""),
    file,
    format: lines ? "geojsonl" : "geojson",
    declaredCrs: survey.crs,
    fields: survey.fields,
    sample: survey.sample,
    features: (log) => pass(log),
    close: () => Promise.resolve(),
  };
}

interface Root {
  crs?: string;
  name?: string;
}

type Pass = (log: ImportLog, root?: Root) => AsyncGenerator<RawFeature>;

/** The first pass, and then its features and what it skipped once more from memory. */
function readOnce(read: Pass): Pass {
  const features: RawFeature[] = [];
  const skips: Parameters<ImportLog["skip"]>[] = [];
  let isRead = false;
  return async function* (log, root) {
    if (isRead) {
      for (const skip of skips) log.skip(...skip);
      yield* features;
      return;
    }
    const own = new ImportLog((...skip) => {
      skips.push(skip);
      log.skip(...skip);
    });
    for await (const feature of read(own, root)) {
      features.push(feature);
      yield feature;
    }
    isRead = true;
  };
}

/** The first pass; throws away what it reads but for the names. */
async function surveyed(
  pass: Pass,
  file: string,
): Promise<Root & { readonly fields: readonly string[]; readonly sample: RawLayer["sample"] }> {
  const log = new ImportLog();
  const root: Root = {};
  const fields = new FieldNamesSeen(file);
  const sample = new PositionSample();
  let count = 0;
  for await (const { properties, geometry } of pass(log, root)) {
    count++;
    fields.add(properties);
    sample.add(geometry?.coordinates);
  }
  if (count + log.skipped().length === 0) throw dataError(`${file} holds no feature`, { at: file });
  return { ...root, fields: fields.names(), sample: sample.positions() };
}

async function* collectionFeatures(
  open: () => AsyncIterable<Uint8Array>,
  file: string,
  log: ImportLog,
  root: Root = {},
): AsyncGenerator<RawFeature> {
  const scanner = new JsonScanner(file, (key) => KEPT.includes(key));
  const members: Record<string, unknown> = {};
  let number = 0;
  let streamed = false;
  for await (const text of utf8Text(open, file)) {
    for (const piece of scanner.feed(text)) {
      if (piece.key === undefined) {
        streamed = true;
        const feature = featureOf(piece, file, ++number, log);
        if (feature) yield feature;
      } else members[piece.key] = memberValue(piece, file);
    }
  }
  scanner.finish();
  const crs = isObject(members["crs"]) && isObject(members["crs"]["properties"]) ? members["crs"]["properties"] : {};
  if (typeof crs["name"] === "string") root.crs = crs["name"];
  if (typeof members["name"] === "string" && members["name"] !== "") root.name = members["name"];
  const { type } = members;
  if (streamed || type === "FeatureCollection") {
    if (type !== "FeatureCollection" || (!streamed && "features" in members)) throw notGeoJson(file);
    return;
  }
  const only =
    type === "Feature"
      ? members
      : typeof type === "string" && ("coordinates" in members || "geometries" in members)
        ? { type: "Feature", properties: {}, geometry: members }
        : undefined;
  if (only) yield toFeature(only, file, 1);
  else if (type === "Topology") throw dataError(`${file} is TopoJSON`, { at: file, hint: "Export it as GeoJSON." });
  else throw notGeoJson(file);
}

async function* lineFeatures(
  open: () => AsyncIterable<Uint8Array>,
  file: string,
  log: ImportLog,
): AsyncGenerator<RawFeature> {
  let number = 0;
  for await (const { text, line } of readJsonLines(utf8Text(open, file), file)) {
    if (nestsTooDeep(text)) {
      log.skip("broken_line", {
        at: `${file}:${line}`,
        value: text.slice(0, SAMPLE_OF_VALUE),
        message: "nested deeper than any map data",
      });
      continue;
    }
    const feature = featureOf({ key: undefined, text, line }, file, ++number, log);
    if (feature) yield { ...feature, at: `${file}:${line}`, number: line };
  }
}

function memberValue(piece: JsonPiece, file: string): unknown {
  try {
    return JSON.parse(piece.text);
  } catch (error) {
    const { line, message } = jsonFault(error, piece);
    throw dataError(`${file} is not JSON: ${message} on line ${line}`, { at: `${file}:${line}` });
  }
}

/** A feature of which nothing but its text is wrong costs itself, not the file: its end is known. */
function featureOf(piece: JsonPiece, file: string, number: number, log: ImportLog): RawFeature | undefined {
  const value = piece.text.slice(0, SAMPLE_OF_VALUE);
  try {
    const parsed: unknown = JSON.parse(piece.text);
    if (isObject(parsed) && parsed["type"] === "Feature") return toFeature(parsed, file, number);
    if (isObject(parsed) && typeof parsed["type"] === "string" && "coordinates" in parsed)
      return toFeature({ geometry: parsed }, file, number);
    const message = `feature ${number} is not a GeoJSON Feature`;
    log.skip("not_feature", { at: `${file}#${number}`, value, message });
  } catch (error) {
    const { line, message } = jsonFault(error, piece);
    log.skip("broken_feature", { at: `${file}#${number}`, value, message: `not JSON: ${message} on line ${line}` });
  }
  return undefined;
}

function jsonFault(error: unknown, { text, line }: JsonPiece): { readonly line: number; readonly message: string } {
  const message = error instanceof Error ? error.message : String(error);
  const position = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
  let at = line;
  for (let i = 0; i < Math.min(position, text.length); i++) if (text.charCodeAt(i) === 10) at++;
  return {
    line: at,
    message: message.replace(/,? (\.\.\.)?"[\s\S]*" is not valid JSON$| in JSON at position[\s\S]*$/, ""),
  };
}

function toFeature(item: Record<string, unknown>, file: string, number: number): RawFeature {
  const { id, properties, geometry } = item;
  return {
    at: `${file}#${number}`,
    number,
    id: typeof id === "string" || typeof id === "number" ? String(id) : undefined,
    properties: isObject(properties) ? properties : {},
    geometry: geometryOf(geometry),
  };
}

function geometryOf(geometry: unknown): RawGeometry | null {
  if (!isObject(geometry) || typeof geometry["type"] !== "string") return null;
  return { type: geometry["type"], coordinates: geometry["coordinates"] ?? geometry["geometries"] };
}

const notGeoJson = (file: string): Error =>
  dataError(`${file} is JSON but not a GeoJSON FeatureCollection`, {
    at: file,
    hint: 'Expected {"type": "FeatureCollection", "features": […]} (RFC 7946).',
  });
