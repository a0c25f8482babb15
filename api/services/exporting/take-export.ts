import type { ExportNote } from "../../../data/exporters/export-note.ts";
import { columnsFor, exportOf } from "../../../data/exporters/registry.ts";
import { zonedInstant } from "../../../data/exporters/values.ts";
import { AppError } from "../../../data/model/errors.ts";
import type { Viewer } from "../../../data/policy/viewer.ts";
import type { Database, Scope } from "../../../db/driver.ts";
import { countFeatures } from "../../../db/features/read-features.ts";
import { type AuditEntry, appendAudit } from "../../../db/repositories/audit-repository.ts";
import { checkWish, type ExportWish } from "./export-wish.ts";
import { featurePages } from "./feature-pages.ts";
import { EXPORT_WRITERS } from "./writers.ts";

/** Who takes it. */
export interface ExportTaker {
  readonly database: Database;
  /** What the rows are cut by. */
  readonly scope: Scope;
  /** Undefined for the system itself, at its command line. */
  readonly viewer: Viewer | undefined;
  readonly audited: Pick<AuditEntry, "actor" | "actorName" | "role" | "address">;
  readonly nowMs: number;
}

/** The county's profile, as far as files tell of it. */
export interface ExportCounty {
  readonly county: string;
  readonly name: string;
  readonly timezone: string;
  readonly source: string;
}

export interface TakenExport {
  readonly fileName: string;
  readonly type: string;
  /** Rows that there were when it was begun. */
  readonly rows: number;
  readonly asOf: string;
  readonly bytes: AsyncIterable<string | Uint8Array>;
}

/**
 * Begins an export: checks it, counts the rows, writes the audit entry, and gives the file piece by piece as it is read.
 *
 * @throws FORBIDDEN for who may not, BAD_USER_INPUT for what cannot be asked, TOO_COMPLEX for more rows than a format takes
 */
export async function takeExport(taker: ExportTaker, county: ExportCounty, wish: ExportWish): Promise<TakenExport> {
  const { database, scope, viewer, nowMs } = taker;
  const { kind, format } = wish;
  const checked = checkWish(viewer, wish, county.timezone, nowMs);
  const writer = EXPORT_WRITERS[format];
  const rows = await database.transaction(scope, async (tx) => {
    const count = await countFeatures(tx, kind, checked.query);
    if (writer.mostRows !== undefined && count > writer.mostRows)
      throw new AppError("USER", `${count} rows are too many for ${format}, which takes ${writer.mostRows}`, {
        code: "TOO_COMPLEX",
        at: "format",
        hint: "Take csv or gpkg, or a smaller area or window.",
      });
    await appendAudit(tx, county.county, {
      ...taker.audited,
      action: "export.file",
      entity: { kind, format, area: checked.area, rows: count, asOf: checked.asOf, filter: checked.filter },
      reason: null,
      at: new Date(nowMs).toISOString(),
    });
    return count;
  });
  const columns = columnsFor(kind, viewer ?? null);
  const description = exportOf(kind);
  const exportedAt = zonedInstant(nowMs, county.timezone);
  const asOf = zonedInstant(checked.asOf, county.timezone);
  const note: ExportNote = {
    kind,
    label: description.label,
    county: { code: county.county, name: county.name },
    area: checked.area,
    source: county.source,
    exportedAt,
    asOf,
    exportedBy: viewer ? `${viewer.name} (${viewer.actor})` : taker.audited.actor,
    filter: checked.filter,
  };
  const names = columns.map(({ name }) => name);
  const pages = featurePages(database, scope, kind, checked.query, names);
  return {
    fileName: `jingwei-${checked.area}-${kind}-${exportedAt.slice(0, 10)}.${writer.ending}`,
    type: writer.type,
    rows,
    asOf,
    bytes: writer.write({ kind: description, columns, pages, note, timezone: county.timezone }),
  };
}
