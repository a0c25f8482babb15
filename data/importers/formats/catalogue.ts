import { dataError } from "../../model/errors.ts";
import { readDegrees } from "../degrees.ts";
import { PositionSample } from "../position-sample.ts";
import type { RawFeature, RawGeometry, RawLayer } from "../raw-layer.ts";
import { ImportLog } from "../report.ts";
import { CATALOGUE_ELEMENTS, DroppedNames } from "./catalogue-elements.ts";
import { CatalogueReader } from "./catalogue-reader.ts";
import { type CatalogueEncoding, catalogueEncoding, catalogueText } from "./catalogue-text.ts";
import { parseXml } from "./xml-events.ts";

/**
 * Opens messages of a GB/T 28181 platform (2016 or 2022 edition): every item of every catalogue in the file, answers and
 * notifications alike, one message or several behind each other. Only `CATALOGUE_ELEMENTS` are read; of the others the names
 * stand in `withheld`.
 *
 * @param open a fresh stream of the bytes
 * @throws DATA error with the line when it is no XML, or where no message of it is a catalogue
 */
export async function openCatalogue(open: () => AsyncIterable<Uint8Array>, file: string): Promise<RawLayer> {
  const encoding = await catalogueEncoding(open, file);
  const dropped = new DroppedNames();
  const sample = new PositionSample();
  const survey = new CatalogueReader(file, new ImportLog(), dropped);
  for await (const item of items(open, encoding, file, survey)) {
    const geometry = positionOf(item.properties).geometry;
    if (geometry && !isZero(geometry)) sample.add(geometry.coordinates);
  }
  if (survey.catalogues === 0)
    throw dataError(
      `${file} holds no catalogue${survey.others.length > 0 ? `: its messages are ${survey.others.join(", ")}` : ""}`,
      { at: file, hint: "Ask the platform for its catalogue (CmdType Catalog)." },
    );
  return {
    name: file.replace(/\.[^.]*$/, ""),
    file,
    format: "gb28181",
    // The standard's own; platforms that send GCJ-02 all the same are told by --crs.
    declaredCrs: "EPSG:4490",
    fields: CATALOGUE_ELEMENTS,
    withheld: dropped.names(),
    sample: sample.positions(),
    features: (log) => features(open, encoding, file, log),
    close: () => Promise.resolve(),
  };
}

/** Answers come in parts, a file each: parts of one call are one layer, of which the reference system is judged as a whole. */
export function joinCatalogues(layers: readonly RawLayer[]): RawLayer[] {
  const [first, ...more] = layers.filter(({ format }) => format === "gb28181");
  if (!first || more.length === 0) return [...layers];
  const parts = [first, ...more];
  const sample = new PositionSample();
  // The outermost of each part stand in its sample twice.
  for (const part of parts)
    for (const position of new Set(part.sample?.map(String))) sample.add(position.split(",").map(Number));
  const joined: RawLayer = {
    ...first,
    file: `${first.file} + ${more.length}`,
    withheld: [...new Set(parts.flatMap(({ withheld }) => withheld ?? []))].sort(),
    sample: sample.positions(),
    async *features(log) {
      for (const part of parts) yield* part.features(log);
    },
    async close() {
      for (const part of parts) await part.close();
    },
  };
  return [...layers.filter(({ format }) => format !== "gb28181"), joined];
}

async function* items(
  open: () => AsyncIterable<Uint8Array>,
  encoding: CatalogueEncoding,
  file: string,
  reader: CatalogueReader,
): AsyncGenerator<RawFeature> {
  yield* parseXml(catalogueText(open(), encoding, file), file, reader, () => reader.take(), { fragments: true });
}

async function* features(
  open: () => AsyncIterable<Uint8Array>,
  encoding: CatalogueEncoding,
  file: string,
  log: ImportLog,
): AsyncGenerator<RawFeature> {
  if (encoding.corrected !== undefined)
    log.flag("encoding_corrected", `${file}: declared as ${encoding.corrected}, but it is ${encoding.read}; read so`);
  for await (const item of items(open, encoding, file, new CatalogueReader(file, log, new DroppedNames()))) {
    const { geometry, fault, sexagesimal } = positionOf(item.properties);
    if (sexagesimal)
      log.flag("degrees_minutes_seconds", `positions in degrees, minutes and seconds were converted, first ${item.at}`);
    if (fault)
      log.flag("unreadable_position", `a longitude or latitude cannot be read, first ${item.at}: it has no place`);
    yield { ...item, geometry };
  }
}

interface ItemPosition {
  readonly geometry: RawGeometry | null;
  /** Something stands there, but no position. */
  readonly fault: boolean;
  readonly sexagesimal: boolean;
}

function positionOf(properties: RawFeature["properties"]): ItemPosition {
  const [lon, lat] = [properties["Longitude"], properties["Latitude"]];
  if (typeof lon !== "string" || typeof lat !== "string") return { geometry: null, fault: false, sexagesimal: false };
  const [x, y] = [readDegrees(lon), readDegrees(lat)];
  if (!x || !y) return { geometry: null, fault: true, sexagesimal: false };
  return {
    geometry: { type: "Point", coordinates: [x.degrees, y.degrees] },
    fault: false,
    sexagesimal: x.sexagesimal || y.sexagesimal,
  };
}

const isZero = ({ coordinates }: RawGeometry): boolean => Array.isArray(coordinates) && coordinates.includes(0);
