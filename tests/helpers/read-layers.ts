import { openLayers } from "../../api/services/importing/open-layers.ts";
import type { RawFeature, RawLayer } from "../../data/importers/raw-layer.ts";
import type { ImportKind } from "../../data/importers/registry.ts";
import { ImportLog } from "../../data/importers/report.ts";

export type ReadLayer = Pick<RawLayer, "name" | "format" | "declaredCrs" | "fields"> & {
  readonly features: readonly RawFeature[];
};

/** Reads files whole, as an import does: opens the layers, passes over their features once, closes them. */
export async function readLayers(
  paths: readonly string[],
  layer?: string,
  kind?: ImportKind,
): Promise<{ readonly layers: readonly ReadLayer[]; readonly log: ImportLog }> {
  const log = new ImportLog();
  const opened = await openLayers(paths, log, { layer, kind });
  try {
    const layers: ReadLayer[] = [];
    for (const { name, format, declaredCrs, fields, ...rest } of opened) {
      const features: RawFeature[] = [];
      for await (const feature of rest.features(log)) features.push(feature);
      layers.push({ name, format, declaredCrs, fields, features });
    }
    return { layers, log };
  } finally {
    for (const one of opened) await one.close();
  }
}
