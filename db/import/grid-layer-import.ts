import { layerKindOf } from "../../data/grid-layers/layer.ts";
import type { GridLayerDraft } from "../../data/importers/grid-layer-features.ts";
import type { ImportLog, ImportReport } from "../../data/importers/report.ts";
import { nameSort } from "../../data/model/name-sort.ts";
import type { CopyValue, Database, Transaction } from "../driver.ts";
import { multiPolygonEwkb } from "../ewkb.ts";
import type { ImportContext, ImportCounty, ImportOutcome } from "./import-transaction.ts";
import { runImport } from "./import-transaction.ts";
import { idRangeOf, mergeRows } from "./merge-rows.ts";
import { idOfKey } from "./own-id.ts";

export interface GridLayerImport {
  readonly drafts: readonly GridLayerDraft[];
  /** Features in the files, skipped ones included. */
  readonly read: number;
  /** What the layers are known as: shown with them. */
  readonly source: string;
  readonly crs: string;
  readonly log: ImportLog;
}

/** Writes grids of layers and maps them to the base grids of today. */
export const importGridLayers = (
  database: Database,
  context: ImportContext,
  input: GridLayerImport,
): Promise<ImportReport> => runImport(database, context, (tx, county) => writeLayers(tx, context, county, input));

const AREA_COLUMNS = ["county", "id", "layer_id", "code", "name", "unit", "source_date", "area_m2", "geom"] as const;
const LAYER_COLUMNS = ["county", "id", "kind", "name", "name_sort", "source", "source_crs", "imported_at"] as const;

async function writeLayers(
  tx: Transaction,
  { county, nowMs }: ImportContext,
  { batch }: ImportCounty,
  { drafts, read, source, crs, log }: GridLayerImport,
): Promise<ImportOutcome> {
  const journal = { county, batch };
  const now = new Date(nowMs).toISOString();
  const idOf = (layer: string): string => idOfKey(county, "grid-layer", layer);
  const names = [...new Set(drafts.map(({ layer }) => layer))];
  const rows = drafts.map(({ layer, code, name, unit, date, areaM2, geometry }): readonly CopyValue[] => [
    county,
    idOfKey(county, `layer-area/${layer}`, code),
    idOf(layer),
    code,
    name,
    unit,
    date,
    areaM2,
    multiPolygonEwkb(geometry),
  ]);
  await mergeRows(tx, journal, {
    table: "grid_layer",
    columns: LAYER_COLUMNS,
    rows: names.map((name) => [county, idOf(name), layerKindOf(name), name, nameSort(name), source, crs, now]),
    merged: { imported_at: "t.imported_at" },
  });
  const counts = await mergeRows(tx, journal, { table: "layer_area", columns: AREA_COLUMNS, rows });
  return {
    entityKind: "area",
    idRange: idRangeOf(rows, 1),
    report: { kind: "layers", county, read, ...counts, skipped: log.skipped(), flags: log.flags(), crs, seconds: 0 },
  };
}
