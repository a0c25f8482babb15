import type { OrganisationDraft } from "../../data/importers/organisation-rows.ts";
import type { ImportLog, ImportReport } from "../../data/importers/report.ts";
import { nameSort } from "../../data/model/name-sort.ts";
import type { CopyValue, Database, Transaction } from "../driver.ts";
import type { ImportContext, ImportCounty, ImportOutcome } from "./import-transaction.ts";
import { runImport, seededUuid } from "./import-transaction.ts";
import { idRangeOf, mergeRows } from "./merge-rows.ts";

export interface OrganisationImport {
  readonly drafts: readonly OrganisationDraft[];
  /** Rows in the files, skipped ones included. */
  readonly read: number;
  readonly crs: string;
  readonly log: ImportLog;
}

const COLUMNS = ["county", "id", "kind", "name", "name_sort", "credit_code", "unit_level", "duty_phone"] as const;

/** Organisations have no event time: ids share one, so that they depend on the key alone (data rule 3). */
const ID_TIME = Date.UTC(2000, 0, 1);

/** What a file does not say does not wipe out what is known. */
const MERGED: Readonly<Record<string, string>> = {
  credit_code: "coalesce(s.credit_code, t.credit_code)",
  unit_level: "coalesce(s.unit_level, t.unit_level)",
  duty_phone: "coalesce(s.duty_phone, t.duty_phone)",
};

/** Writes organisations; one that is there already is known by its credit code, else by its name. */
export const importOrganisations = (
  database: Database,
  context: ImportContext,
  input: OrganisationImport,
): Promise<ImportReport> =>
  runImport(database, context, (tx, county) => writeOrganisations(tx, context, county, input));

/** Organisations of a county by credit code and, where it is one's alone, by name. */
export async function readOrganisations(
  tx: Transaction,
  county: string,
): Promise<{ readonly byCode: ReadonlyMap<string, string>; readonly byName: ReadonlyMap<string, string> }> {
  const rows = await tx.rows<{ id: string; name: string; code: string | null }>(
    "SELECT id, name, credit_code AS code FROM organisation WHERE county = $1 ORDER BY id",
    [county],
  );
  const byName = new Map<string, string>();
  const shared = new Set<string>();
  for (const { id, name } of rows) {
    if (byName.has(name)) shared.add(name);
    byName.set(name, id);
  }
  for (const name of shared) byName.delete(name);
  return { byCode: new Map(rows.flatMap(({ id, code }) => (code === null ? [] : [[code, id]]))), byName };
}

async function writeOrganisations(
  tx: Transaction,
  { county }: ImportContext,
  { batch }: ImportCounty,
  { drafts, read, crs, log }: OrganisationImport,
): Promise<ImportOutcome> {
  const { byCode, byName } = await readOrganisations(tx, county);
  const rows = new Map<string, readonly CopyValue[]>();
  for (const draft of drafts) {
    const key = draft.creditCode ?? draft.name;
    const known = (draft.creditCode === null ? undefined : byCode.get(draft.creditCode)) ?? byName.get(draft.name);
    const id = known ?? seededUuid(`${county}/organisation/${key}`, ID_TIME);
    if (rows.has(id)) {
      log.skip("duplicate_id", { at: draft.at, value: key, message: "it is an organisation that came before" });
      continue;
    }
    rows.set(id, [
      county,
      id,
      draft.kind,
      draft.name,
      nameSort(draft.name),
      draft.creditCode,
      draft.unitLevel,
      draft.dutyPhone,
    ]);
  }
  const list = [...rows.values()];
  const counts = await mergeRows(
    tx,
    { county, batch },
    { table: "organisation", columns: COLUMNS, rows: list, merged: MERGED },
  );
  return {
    entityKind: "area",
    idRange: idRangeOf(list, COLUMNS.indexOf("id")),
    report: {
      kind: "organisations",
      county,
      read,
      ...counts,
      skipped: log.skipped(),
      flags: log.flags(),
      crs,
      seconds: 0,
    },
  };
}
