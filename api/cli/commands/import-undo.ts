import type { ImportBatch } from "../../../db/repositories/import-repository.ts";
import type { CommandCall, CommandIo } from "../command.ts";
import { EXIT, printResult, requiredFlag, UsageError, withDatabase } from "../command.ts";
import { requireCountyCode } from "../county-code.ts";

/** Lines of the usage of `import`. */
export const IMPORT_UNDO_USAGE = `jingwei import list --county CODE [--json]
jingwei import undo BATCH --county CODE [--json]`;

/** Imports that are listed. */
const LISTED = 200;

function countyOf(call: CommandCall): string {
  const county = requiredFlag(call, "county");
  requireCountyCode(county, "--county");
  return county;
}

/** `import undo BATCH`: takes one import back as a whole. */
export async function undoImportCommand(call: CommandCall, io: CommandIo): Promise<number> {
  const [, batch, ...extra] = call.positionals;
  if (batch === undefined) throw new UsageError("BATCH is missing");
  if (extra.length > 0) throw new UsageError(`unexpected words: ${extra.join(" ")}`);
  const county = countyOf(call);
  const { undoImport } = await import("../../../db/import/undo-import.ts");
  const report = await withDatabase(call, io, ({ database }) =>
    undoImport(database, { county, nowMs: io.now(), actor: "cli" }, batch),
  );
  printResult(
    call,
    io,
    report,
    `已撤销 undone: ${report.kind} → ${county}\n  删除 removed ${report.removed}  复原 restored ${report.restored}  用时 ${report.seconds.toFixed(1)} s`,
  );
  return EXIT.done;
}

/** `import list`: the county's imports with the ids that `undo` takes. */
export async function listImportsCommand(call: CommandCall, io: CommandIo): Promise<number> {
  const [, ...extra] = call.positionals;
  if (extra.length > 0) throw new UsageError(`unexpected words: ${extra.join(" ")}`);
  const county = countyOf(call);
  const { listImportBatches } = await import("../../../db/repositories/import-repository.ts");
  const batches = await withDatabase(call, io, ({ database }) =>
    database.transaction({ kind: "county", county }, (tx) => listImportBatches(tx, county, LISTED)),
  );
  printResult(call, io, batches, batches.map(lineOf).join("\n") || "没有导入记录 no imports");
  return EXIT.done;
}

function lineOf({ id, at, kind, files, report, undoneAt }: ImportBatch): string {
  const undone = undoneAt === null ? "" : `  已撤销 undone ${undoneAt}`;
  return `${id}  ${at}  ${kind}  +${report.loaded} ~${report.updated}  ${files}${undone}`;
}
