import { readdir } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { openCatalogue } from "../../../data/importers/formats/catalogue.ts";
import {
  type Detected,
  detectFormat,
  FORMATS_HINT,
  HEAD_BYTES,
} from "../../../data/importers/formats/detect-format.ts";
import { openGeoJson } from "../../../data/importers/formats/geojson.ts";
import { openKml } from "../../../data/importers/formats/kml.ts";
import { layersOfKind } from "../../../data/importers/kind-layers.ts";
import type { RawLayer } from "../../../data/importers/raw-layer.ts";
import type { ImportKind } from "../../../data/importers/registry.ts";
import type { ImportLog } from "../../../data/importers/report.ts";
import { dataError } from "../../../data/model/errors.ts";
import { Archive } from "./bytes/archive.ts";
import { fileBytes, headOf, type InputBytes } from "./bytes/input-bytes.ts";
import { openCsv } from "./formats/csv-layer.ts";
import { openGeoPackage } from "./formats/geopackage.ts";
import { openShapefile, type ShapefileParts } from "./formats/shapefile.ts";
import { sharedClose } from "./formats/shared-close.ts";
import { openXlsx } from "./formats/xlsx.ts";

export interface LayerChoice {
  /** Name of a layer, sheet or file within a zip; undefined = all that there are (of a workbook the first). */
  readonly layer?: string | undefined;
  /** What is to be read; a file that cannot carry it is refused. Absent = shapes of no kind in particular. */
  readonly kind?: ImportKind | undefined;
  /** All features will be held at once: text is read once instead of twice. */
  readonly held?: boolean | undefined;
}

/** Files that belong to a .shp, or to a .tab beside it. */
const SIDE_FILES =
  /\.(dbf|shx|prj|cpg|sbn|sbx|qix|qpj|qmd|qml|sld|fbn|fbx|ain|aih|ixs|mxs|atx|lyr|shp\.xml|dbf\.xml)$/i;
/** In a zip these are words about the data, unless there is nothing else. */
const WORDS = /\.(txt|md|html?|pdf|docx?|xml|json5|lic|license|png|jpe?g)$|(^|\/)(readme|licen[cs]e)[^/]*$/i;

/**
 * Opens the layers of files: every layer of every file, in order. What a file is, is decided by its content. Close each
 * layer.
 *
 * @param paths of the files; the parts of a shapefile may all be named, or only its .shp
 * @throws DATA error naming the file that cannot be read, or is of no format that we know
 */
export async function openLayers(
  paths: readonly string[],
  log: ImportLog,
  choice: LayerChoice = {},
): Promise<RawLayer[]> {
  const layers: RawLayer[] = [];
  try {
    for (const path of await withoutSideFiles(paths)) {
      const bytes = await fileBytes(path);
      layers.push(...(await openBytes(bytes, () => siblings(path), log, choice)));
    }
    const chosen = choice.layer === undefined ? layers : layers.filter((layer) => isChosen(layer, choice));
    for (const layer of layers) if (!chosen.includes(layer)) await layer.close();
    if (chosen.length > 0) return layersOfKind(chosen, choice.kind, log);
    throw dataError(`there is no layer "${choice.layer}"`, {
      at: "--layer",
      hint: `Found: ${layers.map(({ name }) => name).join(", ") || "none of that name"}.`,
    });
  } catch (error) {
    for (const layer of layers) await layer.close();
    throw error;
  }
}

const isChosen = ({ name, file }: RawLayer, { layer }: LayerChoice): boolean => layer === name || layer === file;

type Parts = () => Promise<ShapefileParts>;

async function openBytes(bytes: InputBytes, parts: Parts, log: ImportLog, choice: LayerChoice): Promise<RawLayer[]> {
  const kind = detectFormat(await headOf(bytes, HEAD_BYTES));
  return kind === "zip" ? openZip(bytes, log, choice) : openDetected(kind, bytes, parts, log, choice);
}

async function openDetected(
  kind: Detected,
  bytes: InputBytes,
  parts: Parts,
  log: ImportLog,
  choice: LayerChoice,
): Promise<RawLayer[]> {
  const file = bytes.name;
  switch (kind) {
    case "json":
      return [await openGeoJson(() => bytes.stream(), file, choice.held)];
    case "kml":
      return [await openKml(() => bytes.stream(), file)];
    case "shp":
      return [await openShapefile(await parts(), log)];
    case "sqlite":
      return openGeoPackage(bytes, log, choice.layer);
    case "text":
      if (/\.dbf$/i.test(file)) throw withoutShapes(file);
      return [await openCsv(bytes)];
    case "empty":
    case "emptyZip":
      throw dataError(`${file} is empty`, { at: file });
    case "utf16":
      throw dataError(`${file} is UTF-16 text`, { at: `${file}:1`, hint: "Save it as UTF-8 (CSV UTF-8 in Excel)." });
    case "gb28181":
      return [await openCatalogue(() => bytes.stream(), file)];
    case "xml":
      throw dataError(`${file} is XML, but neither KML nor a GB/T 28181 catalogue`, { at: file, hint: FORMATS_HINT });
    case "zip":
      throw dataError(`${file} is a zip within a zip`, { at: file, hint: "Unpack the outer one." });
    default:
      if (/\.(dbf|shx)$/i.test(file)) throw withoutShapes(file);
      throw dataError(`${file} is ${kind.refused}`, { at: file, hint: kind.hint });
  }
}

const withoutShapes = (file: string): Error =>
  dataError(`${file} is a part of a shapefile whose .shp is not there`, {
    at: file,
    hint: "Put .shp, .dbf, .shx and .prj side by side, or into one zip.",
  });

/** A workbook, a KMZ, or an archive of files; each layer of each of its files. */
async function openZip(bytes: InputBytes, log: ImportLog, choice: LayerChoice): Promise<RawLayer[]> {
  const archive = await Archive.open(bytes);
  const layers: RawLayer[] = [];
  try {
    if (archive.entries.some(({ path }) => /^\[Content_Types\]\.xml$/i.test(path)))
      layers.push(...(await openXlsx(archive, bytes.name, log, choice.layer)));
    else {
      for (const { path, bytes: entry } of dataEntries(archive)) {
        const kind = detectFormat(await headOf(entry, HEAD_BYTES));
        if (typeof kind === "object") continue;
        layers.push(...(await openDetected(kind, entry, async () => archiveParts(archive, path), log, choice)));
      }
      if (layers.length === 0)
        throw dataError(`${bytes.name} holds no file that can be read`, {
          at: bytes.name,
          hint: `It holds: ${
            archive.entries
              .slice(0, 10)
              .map(({ path }) => path)
              .join(", ") || "nothing"
          }. ${FORMATS_HINT}`,
        });
    }
    return await sharedClose(layers, () => archive.close());
  } catch (error) {
    for (const layer of layers) await layer.close();
    await archive.close();
    throw error;
  }
}

/** Side files belong to their .shp; words about the data are only read where nothing else is there. */
function dataEntries({ entries }: Archive): Archive["entries"] {
  const stems = new Set(entries.filter(({ path }) => /\.shp$/i.test(path)).map(({ path }) => stem(path)));
  const data = entries.filter(({ path }) => !(SIDE_FILES.test(path) && stems.has(stem(path))));
  const first = data.filter(({ path }) => !WORDS.test(path));
  return first.length > 0 ? first : data;
}

const stem = (path: string): string => path.replace(/(\.shp|\.dbf)?\.[^./]*$/i, "").toLowerCase();
const ending = (path: string): string => extname(path).slice(1).toLowerCase();

function archiveParts({ entries }: Archive, shp: string): ShapefileParts {
  return new Map(
    entries.filter(({ path }) => stem(path) === stem(shp)).map(({ path, bytes }) => [ending(path), bytes]),
  );
}

/** Files beside a .shp that have its name, whatever the case of their endings. */
async function siblings(shp: string): Promise<ShapefileParts> {
  const wanted = stem(basename(shp));
  const parts = new Map<string, InputBytes>();
  for (const name of await readdir(dirname(shp)))
    if (/\.(dbf|shx|prj|cpg)$/i.test(name) && stem(name) === wanted)
      parts.set(ending(name), await fileBytes(join(dirname(shp), name)));
  return parts.set("shp", await fileBytes(shp));
}

/** `data.*` names the side files too: they are read with their .shp, which one of them alone stands for. */
async function withoutSideFiles(paths: readonly string[]): Promise<string[]> {
  const out: string[] = [];
  for (const path of paths) {
    let main = path;
    if (SIDE_FILES.test(path)) {
      const names = await readdir(dirname(path)).catch(() => []);
      const shp = names.find((name) => /\.shp$/i.test(name) && stem(name) === stem(basename(path)));
      if (shp !== undefined) main = join(dirname(path), shp);
    }
    if (!out.includes(main)) out.push(main);
  }
  return out;
}
