import type { Decisions } from "../../../data/editions/decisions.ts";
import type { FieldMap } from "../../../data/importers/field-map.ts";
import type { ImportKind } from "../../../data/importers/registry.ts";
import type { ImportReport } from "../../../data/importers/report.ts";
import type { AreaLevel } from "../../../data/model/codes.ts";
import type { Database } from "../../../db/driver.ts";
import type { ImportContext } from "../../../db/import/import-transaction.ts";

/** Files to read, and what the person said of them. */
export interface ImportSource {
  /** What is read from them; absent = shapes of no kind in particular. `IMPORT_RUNNERS` says it. */
  readonly kind?: ImportKind | undefined;
  /** Paths. */
  readonly files: readonly string[];
  /** Value of `--crs`; undefined = auto. */
  readonly crs: string | undefined;
  readonly map: FieldMap;
  /** Name of the one layer, sheet or file within a zip to read; absent = all (of a workbook the first sheet). */
  readonly layer?: string | undefined;
  /** All features will be held at once (`LayerChoice.held`). */
  readonly held?: boolean | undefined;
  /** Lines of incidents that are written in one transaction; absent = as many as is best. */
  readonly partLines?: number | undefined;
}

/** What the command line or the wizard asked for. */
export interface ImportJob extends ImportContext, ImportSource {
  readonly level: AreaLevel | undefined;
  /** Layers of grids only: the name of the layer where no column names it. */
  readonly layerOfGrids?: string | undefined;
  /** Areas only: gaps and overlaps are repaired unless this is false. */
  readonly repair?: boolean;
  /** Areas only: the files are a new edition, that holds from a day on (yyyy-mm-dd in the county's zone). */
  readonly edition?: { readonly effective: string; readonly decisions: Decisions } | undefined;
}

/** Reads the job's files and writes them in one transaction. */
export type ImportRunner = (database: Database, job: ImportJob) => Promise<ImportReport>;
