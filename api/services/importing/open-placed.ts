import type { CrsVerdict } from "../../../data/geo/crs/judge-crs.ts";
import { judgeCrs } from "../../../data/geo/crs/judge-crs.ts";
import { positionOfTexts } from "../../../data/importers/degrees-text.ts";
import type { FieldMap, FieldNames } from "../../../data/importers/field-map.ts";
import { POINT_FIELDS, resolveFields } from "../../../data/importers/field-map.ts";
import { PositionSample } from "../../../data/importers/position-sample.ts";
import { propertyText } from "../../../data/importers/property-text.ts";
import type { PlacedLayer, RawFeature, RawGeometry, RawLayer } from "../../../data/importers/raw-layer.ts";
import { ImportLog } from "../../../data/importers/report.ts";
import type { MultiPolygonRings } from "../../../data/model/geometry.ts";
import { fromLattice, toLattice } from "../../../data/model/geometry.ts";
import type { ImportSource } from "./import-job.ts";
import { openLayers } from "./open-layers.ts";

/**
 * Opens the layers of a job's files with their fields resolved and their coordinates in WGS 84. A table with columns of
 * longitude and latitude becomes points.
 *
 * @param names of the kind's fields
 * @param outline of the county, to judge the reference system by; undefined = not known yet
 * @throws AppError naming the file that cannot be read, or whose reference system is wrong or unknown
 */
export async function openPlaced(
  job: ImportSource,
  names: FieldNames,
  log: ImportLog,
  outline?: MultiPolygonRings,
): Promise<PlacedLayer[]> {
  const layers = await openLayers(job.files, log, { layer: job.layer, kind: job.kind, held: job.held });
  try {
    const placed: PlacedLayer[] = [];
    for (const layer of layers) placed.push(await place(layer, job, names, log, outline));
    return placed;
  } catch (error) {
    for (const layer of layers) await layer.close();
    throw error;
  }
}

async function place(
  layer: RawLayer,
  job: ImportSource,
  names: FieldNames,
  log: ImportLog,
  outline: MultiPolygonRings | undefined,
): Promise<PlacedLayer> {
  const isTable = layer.format === "csv" || layer.format === "xlsx";
  const { map, guessed } = resolveFields(
    job.map,
    layer.fields,
    isTable ? { ...names, ...POINT_FIELDS } : names,
    layer.file,
  );
  // A catalogue's elements are the standard's: nothing about them is a guess.
  if (guessed.length > 0 && layer.format !== "gb28181")
    log.flag("guessed_fields", `taken from the columns' names: ${guessed.join(", ")}`, guessed.length);
  const columns = isTable ? pointColumns(map) : undefined;
  const geometryOf = (feature: RawFeature): RawGeometry | null =>
    feature.geometry ?? (columns ? pointOf(feature, columns) : null);
  const sample = layer.sample ?? (await samplePositions(layer, geometryOf));
  // A table without a position in it has no reference system to be wrong about.
  const verdict =
    sample.length === 0 && isTable
      ? undefined
      : judgeCrs({ wanted: job.crs, declared: layer.declaredCrs, sample, outline, file: layer.file });
  for (const { kind, message, count } of verdict?.flags ?? []) log.flag(kind, message, count);
  return {
    name: layer.name,
    file: layer.file,
    format: layer.format,
    fields: layer.fields,
    map,
    crs: verdict?.label ?? "none",
    async *features(pass) {
      for await (const feature of layer.features(pass))
        yield { ...feature, geometry: placed(geometryOf(feature), verdict) };
    },
    close: () => layer.close(),
  };
}

async function samplePositions(
  layer: RawLayer,
  geometryOf: (feature: RawFeature) => RawGeometry | null,
): Promise<readonly (readonly [number, number])[]> {
  const sample = new PositionSample();
  for await (const feature of layer.features(new ImportLog())) sample.add(geometryOf(feature)?.coordinates);
  return sample.positions();
}

const pointColumns = ({ lon, lat }: FieldMap): readonly [string, string] | undefined =>
  lon !== undefined && lat !== undefined ? [lon, lat] : undefined;

function pointOf({ properties }: RawFeature, [x, y]: readonly [string, string]): RawGeometry | null {
  const position = positionOfTexts(propertyText(properties, x) ?? "", propertyText(properties, y) ?? "");
  return position.every(Number.isFinite) ? { type: "Point", coordinates: position } : null;
}

/** Only what is a position is moved: what else stands there is judged by the reader of the kind. */
function placed(geometry: RawGeometry | null, verdict: CrsVerdict | undefined): RawGeometry | null {
  if (!geometry) return null;
  const coordinates = placedPositions(geometry.coordinates, verdict);
  return coordinates === geometry.coordinates ? geometry : { type: geometry.type, coordinates };
}

/** What lies where it should already is given back as it is: most files do, and copies of all positions cost more than a look. */
function placedPositions(value: unknown, verdict: CrsVerdict | undefined): unknown {
  if (!Array.isArray(value)) return value;
  const [x, y] = value;
  if (typeof x === "number" && typeof y === "number") {
    const moved = verdict ? (verdict.swapped ? verdict.crs.toWgs84(y, x) : verdict.crs.toWgs84(x, y)) : value;
    const lon = fromLattice(toLattice(moved[0]));
    const lat = fromLattice(toLattice(moved[1]));
    return lon === x && lat === y && value.length === 2 ? value : [lon, lat];
  }
  let copy: unknown[] | undefined;
  for (let n = 0; n < value.length; n++) {
    const inner = placedPositions(value[n], verdict);
    if (inner === value[n]) continue;
    copy ??= value.slice();
    copy[n] = inner;
  }
  return copy ?? value;
}

/** Closes layers whatever happens in between. */
export async function withPlaced<T>(
  layers: readonly PlacedLayer[],
  work: (layers: readonly PlacedLayer[]) => Promise<T>,
): Promise<T> {
  try {
    return await work(layers);
  } finally {
    for (const layer of layers) await layer.close();
  }
}
