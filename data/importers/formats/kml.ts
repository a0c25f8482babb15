import { dataError } from "../../model/errors.ts";
import { PositionSample } from "../position-sample.ts";
import type { RawFeature, RawGeometry, RawLayer } from "../raw-layer.ts";
import { ImportLog } from "../report.ts";
import { FieldNamesSeen } from "./field-names-seen.ts";
import { parseXml, type XmlHandler } from "./xml-events.ts";
import { xmlText } from "./xml-text.ts";

/**
 * Opens KML (OGC 12-007r2): every Placemark with its name, description, ExtendedData and geometry. The whole text is read
 * once for the names of its data, then again at each pass.
 *
 * @param open a fresh stream of the bytes
 * @throws DATA error with the line when it is no KML or holds no Placemark
 */
export async function openKml(open: () => AsyncIterable<Uint8Array>, file: string): Promise<RawLayer> {
  const pass = (log: ImportLog): AsyncGenerator<RawFeature> => placemarks(open, file, log);
  const fields = new FieldNamesSeen(file);
  const sample = new PositionSample();
  const log = new ImportLog();
  let count = 0;
  for await (const { properties, geometry } of pass(log)) {
    count++;
    fields.add(properties);
    sample.add(geometry?.coordinates);
  }
  if (count + log.skipped().length === 0) throw dataError(`${file} holds no Placemark`, { at: file });
  return {
    name: file.replace(/\.[^.]*$/, ""),
    file,
    format: "kml",
    // KML knows one system (OGC 12-007r2, 6.2).
    declaredCrs: "EPSG:4326",
    fields: fields.names(),
    sample: sample.positions(),
    features: pass,
    close: () => Promise.resolve(),
  };
}

async function* placemarks(
  open: () => AsyncIterable<Uint8Array>,
  file: string,
  log: ImportLog,
): AsyncGenerator<RawFeature> {
  const reader = new PlacemarkReader(file, log);
  yield* parseXml(xmlText(open(), file), file, reader, () => reader.take());
}

/** A geometry being read: the members of a MultiGeometry, or the rings of a Polygon. */
interface Open {
  readonly tag: string;
  readonly members: RawGeometry[];
  coordinates: readonly (readonly [number, number])[] | undefined;
  readonly rings: (readonly (readonly [number, number])[])[];
}

const GEOMETRIES: readonly string[] = ["Point", "LineString", "LinearRing", "Polygon", "MultiGeometry"];
/** Elements of a Placemark whose text becomes a property. */
const TEXTS: readonly string[] = ["name", "description", "address", "phoneNumber"];

class PlacemarkReader implements XmlHandler {
  readonly #done: RawFeature[] = [];
  readonly #path: string[] = [];
  #number = 0;
  #properties: Record<string, unknown> | undefined;
  #id: string | undefined;
  #geometry: RawGeometry | undefined;
  #open: Open[] = [];
  #fault: string | undefined;
  #text = "";
  #dataName: string | undefined;

  constructor(
    readonly file: string,
    readonly log: ImportLog,
  ) {}

  take(): RawFeature[] {
    return this.#done.splice(0);
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (this.#path.length === 0 && name !== "kml" && name !== "Document" && name !== "Folder" && name !== "Placemark")
      throw dataError(`${this.file} is XML but not KML: its first element is ${name}`, { at: `${this.file}:1` });
    this.#path.push(name);
    this.#text = "";
    if (name === "Placemark") {
      this.#properties = {};
      this.#id = attributes["id"];
      this.#geometry = undefined;
      this.#open = [];
      this.#fault = undefined;
    }
    if (!this.#properties) return;
    if (GEOMETRIES.includes(name)) this.#open.push({ tag: name, members: [], coordinates: undefined, rings: [] });
    if (name === "Data" || name === "SimpleData") this.#dataName = attributes["name"];
  }

  text(text: string): void {
    if (this.#properties) this.#text += text;
  }

  close(name: string): void {
    this.#path.pop();
    if (!this.#properties) return;
    const text = this.#text.trim();
    this.#text = "";
    const parent = this.#path[this.#path.length - 1];
    if (name === "Placemark") this.#finish();
    else if (name === "coordinates") this.#coordinates(text);
    else if (GEOMETRIES.includes(name)) this.#closeGeometry();
    else if ((name === "value" && parent === "Data") || name === "SimpleData") {
      if (this.#dataName !== undefined) this.#properties[this.#dataName] = text;
    } else if (parent === "Placemark" && TEXTS.includes(name)) this.#properties[name] = text;
    else if (name === "Model" || name === "Track" || name === "MultiTrack") this.#fault = `a ${name} is not read`;
  }

  #coordinates(text: string): void {
    const top = this.#open[this.#open.length - 1];
    if (!top) return;
    const tuples = text.replace(/\s*,\s*/g, ",").split(/\s+/);
    const positions: (readonly [number, number])[] = [];
    for (const tuple of tuples) {
      if (tuple === "") continue;
      const [lon = Number.NaN, lat = Number.NaN] = tuple.split(",").map(Number);
      if (Number.isFinite(lon) && Number.isFinite(lat)) positions.push([lon, lat]);
      else this.#fault = `"${tuple.slice(0, 60)}" is no longitude,latitude`;
    }
    top.coordinates = positions;
  }

  #closeGeometry(): void {
    const done = this.#open.pop() as Open;
    const holder = this.#open[this.#open.length - 1];
    if (done.tag === "LinearRing" && holder?.tag === "Polygon") {
      // Exterior first, wherever it stands.
      if (this.#path.includes("outerBoundaryIs")) holder.rings.unshift(done.coordinates ?? []);
      else holder.rings.push(done.coordinates ?? []);
      return;
    }
    const geometry = geometryOf(done);
    if (!geometry) return;
    if (holder) holder.members.push(geometry);
    else this.#geometry = geometry;
  }

  #finish(): void {
    const at = `${this.file}#${++this.#number}`;
    const properties = this.#properties ?? {};
    this.#properties = undefined;
    if (this.#fault !== undefined) {
      this.log.skip("broken_geometry", { at, value: String(properties["name"] ?? ""), message: this.#fault });
      return;
    }
    this.#done.push({ at, number: this.#number, id: this.#id, properties, geometry: this.#geometry ?? null });
  }
}

function geometryOf({ tag, members, coordinates, rings }: Open): RawGeometry | undefined {
  switch (tag) {
    case "Point":
      return coordinates?.[0] && { type: "Point", coordinates: coordinates[0] };
    case "Polygon":
      return rings.length === 0 ? undefined : { type: "Polygon", coordinates: rings };
    case "MultiGeometry":
      return collected(members);
    default:
      return coordinates && { type: "LineString", coordinates };
  }
}

/** Members of one type are a Multi of it; what is mixed stays a collection. */
function collected(members: readonly RawGeometry[]): RawGeometry | undefined {
  const types = new Set(members.map(({ type }) => type.replace(/^Multi/, "")));
  const [type] = types;
  if (type === undefined) return undefined;
  if (types.size > 1 || type === "GeometryCollection") return { type: "GeometryCollection", coordinates: members };
  const parts = members.flatMap((one) =>
    one.type.startsWith("Multi") ? (one.coordinates as unknown[]) : [one.coordinates],
  );
  return { type: `Multi${type}`, coordinates: parts };
}
