import { UNDO_DAYS } from "../../../../db/import/import-journal.ts";
import type { ImportBatchRow } from "../../../../db/repositories/import-batch-repository.ts";

/** May an import still be undone, as far as its own row says? What hangs on it is found out when it is tried. */
export const isUndoable = ({ at, undoneAt, journalled, report }: ImportBatchRow, nowMs: number): boolean =>
  undoneAt === null &&
  journalled &&
  report.loaded + report.updated > 0 &&
  Date.parse(at) >= nowMs - UNDO_DAYS * 86_400_000;
