import type { ExportRow } from "../../../data/exporters/column.ts";
import type { ExportKind } from "../../../data/exporters/registry.ts";
import type { Database, Scope } from "../../../db/driver.ts";
import type { FeatureQuery } from "../../../db/features/feature-query.ts";
import { listFeatures } from "../../../db/features/read-features.ts";

/** Rows that are read at a time: the file grows as it is sent, not in memory. */
const PAGE = 1000;

/**
 * All features of a query, page by page, each in a transaction of its own: a slow reader holds none open. Rows that are
 * there all the time come once each, whatever is written meanwhile, since pages go on after a key that never changes.
 */
export async function* featurePages(
  database: Database,
  scope: Scope,
  kind: ExportKind,
  query: FeatureQuery,
  columns: readonly string[],
  page = PAGE,
): AsyncGenerator<ExportRow[]> {
  let after: string | undefined;
  for (;;) {
    const from = after;
    const rows = await database.transaction(scope, (tx) => listFeatures(tx, kind, query, columns, from, page));
    if (rows.length > 0) yield rows;
    if (rows.length < page) return;
    after = rows.at(-1)?.key;
  }
}
