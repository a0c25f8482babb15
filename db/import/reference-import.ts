import type { ReferenceDraft } from "../../data/importers/reference-features.ts";
import type { ReferenceKind } from "../../data/importers/reference-fields.ts";
import type { ImportLog, ImportReport } from "../../data/importers/report.ts";
import type { CopyValue, Database, Transaction } from "../driver.ts";
import { multiLineStringEwkb, multiPolygonEwkb } from "../ewkb.ts";
import type { ImportContext, ImportCounty, ImportOutcome } from "./import-transaction.ts";
import { runImport, seededUuid } from "./import-transaction.ts";
import { idRangeOf, mergeRows } from "./merge-rows.ts";

export interface ReferenceImport {
  readonly kind: ReferenceKind;
  readonly drafts: readonly ReferenceDraft[];
  /** Features in the files, skipped ones included. */
  readonly read: number;
  /** What the layer is known as: shown with it. */
  readonly source: string;
  readonly crs: string;
  readonly log: ImportLog;
}

const COLUMNS = [
  "county",
  "id",
  "kind",
  "rank",
  "class",
  "name",
  "geom",
  "length_m",
  "area_m2",
  "source",
  "source_ref",
  "source_date",
] as const;

/** Reference features have no event time: ids share one, so that they depend on the key alone (data rule 3). */
const ID_TIME = Date.UTC(2000, 0, 1);

/** Writes a reference layer; a feature's id is drawn from its key in the source, so that a second import finds it again. */
export const importReference = (
  database: Database,
  context: ImportContext,
  input: ReferenceImport,
): Promise<ImportReport> => runImport(database, context, (tx, county) => writeReference(tx, context, county, input));

async function writeReference(
  tx: Transaction,
  { county }: ImportContext,
  { batch }: ImportCounty,
  { kind, drafts, read, source, crs, log }: ReferenceImport,
): Promise<ImportOutcome> {
  const rows = drafts.map((draft): readonly CopyValue[] => [
    county,
    seededUuid(`${county}/${kind}/${draft.key}`, ID_TIME),
    draft.kind,
    draft.rank,
    draft.class,
    draft.name,
    draft.geometry.type === "MultiPolygon"
      ? multiPolygonEwkb(draft.geometry.coordinates)
      : multiLineStringEwkb(draft.geometry.coordinates),
    draft.lengthM,
    draft.areaM2,
    source,
    draft.sourceRef,
    draft.date,
  ]);
  const counts = await mergeRows(tx, { county, batch }, { table: "context_feature", columns: COLUMNS, rows });
  return {
    entityKind: "area",
    idRange: idRangeOf(rows, COLUMNS.indexOf("id")),
    report: { kind, county, read, ...counts, skipped: log.skipped(), flags: log.flags(), crs, seconds: 0 },
  };
}
