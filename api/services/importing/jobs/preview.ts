import { basename } from "node:path";
import type { Crs } from "../../../../data/geo/crs/crs.ts";
import { crsOf } from "../../../../data/geo/crs/crs-of.ts";
import { type CrsVerdict, judgeCrs } from "../../../../data/geo/crs/judge-crs.ts";
import { OutlineFit } from "../../../../data/geo/crs/outline-fit.ts";
import { recogniseCrs } from "../../../../data/geo/crs/recognise-crs.ts";
import { positionOfTexts } from "../../../../data/importers/degrees-text.ts";
import { POINT_FIELDS, resolveFields } from "../../../../data/importers/field-map.ts";
import { KIND_FIELDS } from "../../../../data/importers/kind-fields.ts";
import { propertyText } from "../../../../data/importers/property-text.ts";
import type { RawFeature, RawGeometry, RawLayer } from "../../../../data/importers/raw-layer.ts";
import { ImportLog } from "../../../../data/importers/report.ts";
import { AppError } from "../../../../data/model/errors.ts";
import type { MultiPolygonRings } from "../../../../data/model/geometry.ts";
import type { ImportFailure } from "../../../../db/repositories/import-job-repository.ts";
import { openLayers } from "../open-layers.ts";
import type { AskedImport } from "./job-request.ts";
import { type DrawnShapes, PreviewShapes } from "./preview-shapes.ts";
import { PreviewTable } from "./preview-table.ts";

/** Features that are looked at, and how long at most (ms): a preview answers while somebody waits. */
const MAX_SEEN = 5_000;
const MAX_MS = 8_000;
/** Features that are drawn in the system that is taken, and in each other one. */
const MAX_DRAWN = 2_000;
const MAX_DRAWN_BESIDE = 300;
const MAX_ALTERNATIVES = 6;
const MAX_SAMPLE = 1_200;

export interface PreviewPlacement extends DrawnShapes {
  readonly crs: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly swapped: boolean;
  readonly insideShare: number | null;
}

export interface PreviewLayer {
  readonly name: string;
  readonly file: string;
  readonly format: string;
  readonly declaredCrs: string | null;
  readonly seen: number;
  readonly whole: boolean;
  readonly columns: { readonly name: string; readonly samples: string[]; readonly field: string | null }[];
  readonly rows: string[][];
  readonly numbers: number[];
  readonly verdict: CrsVerdict | null;
  readonly placements: PreviewPlacement[];
  readonly error: ImportFailure | null;
}

export interface Preview {
  readonly files: { readonly name: string; readonly size: number }[];
  readonly layers: PreviewLayer[];
  readonly notes: { readonly kind: string; readonly count: number; readonly message: string }[];
}

/**
 * Looks at the first features of files without importing any.
 *
 * @param outline of the county, to judge reference systems by; undefined = not known yet
 * @throws DATA error naming a file that is of no format that we know
 */
export async function previewLayers(
  paths: readonly string[],
  asked: AskedImport,
  outline: MultiPolygonRings | undefined,
): Promise<Pick<Preview, "layers" | "notes">> {
  const log = new ImportLog();
  const layers = await openLayers(paths, log, { kind: asked.kind });
  const until = performance.now() + MAX_MS;
  const shown: PreviewLayer[] = [];
  try {
    for (const layer of layers) shown.push(await previewLayer(layer, asked, outline, log, until));
  } finally {
    for (const layer of layers) await layer.close();
  }
  const skipped = log.skipped().map(({ reason, count, samples: [first] }) => ({
    kind: reason,
    count,
    message: first ? `${first.at}: ${first.message}` : reason,
  }));
  return { layers: shown, notes: [...log.flags(), ...skipped] };
}

async function previewLayer(
  layer: RawLayer,
  asked: AskedImport,
  outline: MultiPolygonRings | undefined,
  log: ImportLog,
  until: number,
): Promise<PreviewLayer> {
  const faults: ImportFailure[] = [];
  const fields = fieldsOf(layer, asked, faults);
  const table = new PreviewTable(layer.fields);
  const shapes = new PreviewShapes(MAX_DRAWN);
  let seen = 0;
  let whole = true;
  try {
    for await (const feature of layer.features(log)) {
      if (seen >= MAX_SEEN || performance.now() > until) {
        whole = false;
        break;
      }
      seen++;
      table.add(feature);
      shapes.add(feature.geometry ?? pointOf(feature, fields));
    }
  } catch (error) {
    faults.push(asFailure(error));
  }
  const fieldOf = new Map(Object.entries(fields).map(([field, column]) => [column, field]));
  const { verdict, placements, fault } = placeLayer(layer, shapes, asked, outline);
  return {
    name: layer.name,
    file: basename(layer.file),
    format: layer.format,
    declaredCrs: layer.declaredCrs?.slice(0, 400) ?? null,
    seen,
    whole,
    columns: table.fields.map((name) => ({ name, samples: table.samples(name), field: fieldOf.get(name) ?? null })),
    rows: table.rows,
    numbers: table.numbers,
    verdict,
    placements,
    error: faults[0] ?? fault,
  };
}

/** Column of each field, as chosen or guessed. */
function fieldsOf(
  layer: RawLayer,
  { kind, map }: AskedImport,
  faults: ImportFailure[],
): Readonly<Record<string, string>> {
  const isTable = layer.format === "csv" || layer.format === "xlsx";
  const names = { ...KIND_FIELDS[kind].names, ...(isTable ? POINT_FIELDS : {}) };
  try {
    return resolveFields(map, layer.fields, names, layer.file).map;
  } catch (error) {
    faults.push(asFailure(error));
    return resolveFields({}, layer.fields, names, layer.file).map;
  }
}

function pointOf({ properties }: RawFeature, { lon, lat }: Readonly<Record<string, string>>): RawGeometry | null {
  if (lon === undefined || lat === undefined) return null;
  const position = positionOfTexts(propertyText(properties, lon) ?? "", propertyText(properties, lat) ?? "");
  return position.every(Number.isFinite) ? { type: "Point", coordinates: position } : null;
}

/** Where the layer lies as it would be read, and elsewhere. A system that cannot be right is an error, with where it would lie. */
function placeLayer(
  { declaredCrs: declared, file }: RawLayer,
  shapes: PreviewShapes,
  { crs: wanted }: AskedImport,
  outline: MultiPolygonRings | undefined,
): {
  readonly verdict: CrsVerdict | null;
  readonly placements: PreviewPlacement[];
  readonly fault: ImportFailure | null;
} {
  const sample = shapes.sample(MAX_SAMPLE);
  if (sample.length === 0) return { verdict: null, placements: [], fault: null };
  let fault: ImportFailure | null = null;
  const judged = (question: { readonly wanted: string | undefined; readonly declared: string | undefined }) => {
    try {
      return judgeCrs({ ...question, sample, outline, file });
    } catch (error) {
      fault ??= asFailure(error);
      return null;
    }
  };
  const verdict = judged({ wanted, declared });
  const otherwise = verdict ?? judged({ wanted: undefined, declared: undefined });
  const fit = outline && outline.length > 0 ? new OutlineFit(outline) : undefined;
  const drawn = new Map<string, PreviewPlacement>();
  const draw = (crs: Crs, swapped: boolean, most: number): void => {
    const key = `${crs.id}/${swapped}`;
    if (drawn.size > MAX_ALTERNATIVES || drawn.has(key)) return;
    const { zh, en } = crs.label;
    const inside = sample.filter(([x, y]) => fit?.holds(swapped ? crs.toWgs84(y, x) : crs.toWgs84(x, y))).length;
    drawn.set(key, {
      crs: crs.id,
      nameZh: zh,
      nameEn: en,
      swapped,
      insideShare: fit ? inside / sample.length : null,
      ...shapes.draw(crs, swapped, most),
    });
  };
  // First what was asked for, or what the file says: also where it cannot be right, so that one sees why.
  const said = verdict ? undefined : saidSystem(wanted ?? declared);
  if (said) draw(said, false, MAX_DRAWN);
  if (otherwise) draw(otherwise.crs, otherwise.swapped, MAX_DRAWN);
  for (const { id, swapped } of otherwise?.alternatives ?? []) draw(crsOf(id), swapped, MAX_DRAWN_BESIDE);
  return { verdict, placements: [...drawn.values()], fault };
}

function saidSystem(text: string | undefined): Crs | undefined {
  const known = text === undefined ? undefined : recogniseCrs(text);
  return known && "crs" in known ? known.crs : undefined;
}

function asFailure(error: unknown): ImportFailure {
  if (!(error instanceof AppError) || error.kind === "BUG") throw error;
  return { code: error.code, message: error.message, at: error.at ?? null, hint: error.hint ?? null };
}
