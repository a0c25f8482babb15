import type { FieldMap } from "../../../data/importers/field-map.ts";
import type { ImportReport } from "../../../data/importers/report.ts";
import type { AreaLevel } from "../../../data/model/codes.ts";
import type { Database } from "../../../db/driver.ts";
import type { ImportContext } from "../../../db/import/import-transaction.ts";

/** What the command line asked for; `files` are paths. */
export interface ImportJob extends ImportContext {
  readonly level: AreaLevel | undefined;
  /** Value of `--crs`; undefined = auto. */
  readonly crs: string | undefined;
  readonly map: FieldMap;
  /** Name of the one layer, sheet or file within a zip to read; absent = all (of a workbook the first sheet). */
  readonly layer?: string | undefined;
  /** Lines of incidents that are written in one transaction; absent = as many as is best. */
  readonly partLines?: number | undefined;
}

/** Reads the job's files and writes them in one transaction. */
export type ImportRunner = (database: Database, job: ImportJob) => Promise<ImportReport>;
