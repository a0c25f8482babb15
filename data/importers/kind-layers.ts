import { dataError } from "../model/errors.ts";
import { joinCatalogues } from "./formats/catalogue.ts";
import type { FormatName, RawLayer } from "./raw-layer.ts";
import { IMPORTERS, type ImportKind } from "./registry.ts";
import { ImportLog, type SkipSample } from "./report.ts";

/** How a format is called when a file of it does not fit. */
const FORMAT_WORDS: Readonly<Record<FormatName, string>> = {
  geojson: "GeoJSON",
  geojsonl: "GeoJSON by lines",
  shapefile: "a shapefile",
  geopackage: "a GeoPackage",
  kml: "KML",
  csv: "CSV",
  xlsx: "a workbook",
  gb28181: "a GB/T 28181 catalogue",
};

/**
 * Layers as a kind may read them: of formats that can carry it, without columns that it may not hold. What is left out is
 * flagged by name, never by value.
 *
 * @param kind absent = shapes of no kind in particular
 * @throws DATA error for a file of a format that cannot carry the kind
 */
export function layersOfKind(layers: readonly RawLayer[], kind: ImportKind | undefined, log: ImportLog): RawLayer[] {
  for (const { format, file } of layers) requireFormat(format, file, kind);
  const isWithheld = kind && IMPORTERS[kind].withheld;
  const own = joinCatalogues(isWithheld ? layers.map((layer) => withoutColumns(layer, isWithheld)) : layers);
  const withheld = [...new Set(own.flatMap((layer) => layer.withheld ?? []))].sort();
  if (withheld.length > 0)
    log.flag("fields_dropped", `never imported, neither read nor kept: ${withheld.join(", ")}`, withheld.length);
  return own;
}

function requireFormat(format: FormatName, file: string, kind: ImportKind | undefined): void {
  if (kind ? IMPORTERS[kind].formats.includes(format) : format !== "gb28181") return;
  if (format === "gb28181")
    throw dataError(`${file} is a GB/T 28181 catalogue, which holds cameras only`, {
      at: file,
      hint: "Import it as cameras: jingwei import cameras FILE… --county CODE.",
    });
  const formats = kind ? IMPORTERS[kind].formats.map((one) => FORMAT_WORDS[one]).join(", ") : "";
  throw dataError(`${file} is ${FORMAT_WORDS[format]}, from which ${kind} are not read`, {
    at: file,
    hint: `They come as ${formats}.`,
  });
}

function withoutColumns(layer: RawLayer, isWithheld: (column: string) => boolean): RawLayer {
  const withheld = layer.fields.filter(isWithheld);
  if (withheld.length === 0) return layer;
  const fields = layer.fields.filter((field) => !withheld.includes(field));
  return {
    ...layer,
    fields,
    withheld: [...(layer.withheld ?? []), ...withheld],
    async *features(log) {
      for await (const feature of layer.features(new ValuelessLog(log))) {
        const properties: Record<string, unknown> = {};
        for (const field of fields) if (field in feature.properties) properties[field] = feature.properties[field];
        yield { ...feature, properties };
      }
    },
  };
}

/** A row that cannot be split into its columns may hold what is withheld anywhere: it is told by its place alone. */
class ValuelessLog extends ImportLog {
  constructor(readonly to: ImportLog) {
    super();
  }

  override skip(reason: string, sample: SkipSample): void {
    this.to.skip(reason, { ...sample, value: "" });
  }

  override flag(kind: string, message: string, count?: number): void {
    this.to.flag(kind, message, count);
  }
}
