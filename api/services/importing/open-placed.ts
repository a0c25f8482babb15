import { coordinateRange, detectCrs } from "../../../data/geo/detect-crs.ts";
import type { FieldNames } from "../../../data/importers/field-map.ts";
import { POINT_FIELDS, resolveFields } from "../../../data/importers/field-map.ts";
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
  _outline?: MultiPolygonRings,
): Promise<PlacedLayer[]> {
  const layers = await openLayers(job.files, log);
  try {
    const placed: PlacedLayer[] = [];
    for (const layer of layers) placed.push(await place(layer, job, names, log));
    return placed;
  } catch (error) {
    for (const layer of layers) await layer.close();
    throw error;
  }
}

async function place(layer: RawLayer, job: ImportSource, names: FieldNames, log: ImportLog): Promise<PlacedLayer> {
  const table = layer.format === "csv" || layer.format === "xlsx";
  const { map, guessed } = resolveFields(
    job.map,
    layer.fields,
    table ? { ...names, ...POINT_FIELDS } : names,
    layer.file,
  );
  if (guessed.length > 0)
    log.flag("guessed_fields", `taken from the columns' names: ${guessed.join(", ")}`, guessed.length);
  const ranges: unknown[] = [];
  const points = table ? pointColumns(map) : undefined;
  const geometryOf = (feature: RawFeature): RawGeometry | null =>
    feature.geometry ?? (points ? pointOf(feature, points) : null);
  for await (const feature of layer.features(new ImportLog())) {
    const range = coordinateRange([geometryOf(feature)?.coordinates]);
    if (range) ranges.push([range.minX, range.minY], [range.maxX, range.maxY]);
  }
  const { label } = detectCrs(job.crs, layer.declaredCrs, coordinateRange(ranges), layer.file);
  return {
    name: layer.name,
    file: layer.file,
    format: layer.format,
    map,
    crs: label,
    async *features(pass) {
      for await (const feature of layer.features(pass)) yield { ...feature, geometry: snapped(geometryOf(feature)) };
    },
    close: () => layer.close(),
  };
}

const pointColumns = (map: Readonly<Record<string, string>>): readonly [string, string] | undefined => {
  const { lon, lat } = map;
  return lon !== undefined && lat !== undefined ? [lon, lat] : undefined;
};

function pointOf({ properties }: RawFeature, [x, y]: readonly [string, string]): RawGeometry | null {
  const position = [properties[x], properties[y]].map((value) =>
    typeof value === "string" && value.trim() !== "" ? Number(value) : value,
  );
  return position.every((value) => typeof value === "number" && Number.isFinite(value))
    ? { type: "Point", coordinates: position }
    : null;
}

/** Only what is a number is moved: what else stands there is judged by the reader of the kind. */
function snapped(geometry: RawGeometry | null): RawGeometry | null {
  const visit = (value: unknown): unknown => {
    if (!Array.isArray(value)) return value;
    const [x, y] = value;
    if (typeof x === "number" && typeof y === "number") return [fromLattice(toLattice(x)), fromLattice(toLattice(y))];
    return value.map(visit);
  };
  return geometry && { type: geometry.type, coordinates: visit(geometry.coordinates) };
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
