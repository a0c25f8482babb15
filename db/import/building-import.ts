import { LocateIndex } from "../../data/geo/locate-index.ts";
import type { BuildingDraft } from "../../data/importers/building-features.ts";
import type { ImportLog, ImportReport } from "../../data/importers/report.ts";
import type { CopyValue, Database, Transaction } from "../driver.ts";
import { multiPolygonEwkb, pointEwkb } from "../ewkb.ts";
import type { Journal } from "./import-journal.ts";
import { journalInserted, journalUpdated } from "./import-journal.ts";
import type { ImportContext, ImportOutcome } from "./import-transaction.ts";
import { runImport } from "./import-transaction.ts";
import { readLowestAreas } from "./lowest-areas.ts";
import { idOfKey } from "./own-id.ts";

export interface BuildingImport {
  readonly drafts: readonly BuildingDraft[];
  /** Features in the files, skipped ones included. */
  readonly read: number;
  readonly crs: string;
  readonly log: ImportLog;
}

const COLUMNS = ["county", "id", "compound_id", "scope_code", "floors", "households", "geom", "label"] as const;

/** Writes buildings. A building's id is drawn from its key in the source, so that a second import finds it again. */
export function importBuildings(
  database: Database,
  context: ImportContext,
  input: BuildingImport,
): Promise<ImportReport> {
  return runImport(database, context, (tx, { batch }) => writeBuildings(tx, { county: context.county, batch }, input));
}

async function writeBuildings(tx: Transaction, journal: Journal, input: BuildingImport): Promise<ImportOutcome> {
  const { county } = journal;
  const areas = new LocateIndex(await readLowestAreas(tx, county));
  const rows: (readonly CopyValue[])[] = [];
  for (const draft of input.drafts) {
    const { owner } = areas.locate(...draft.label);
    if (owner < 0) {
      input.log.skip("outside_areas", {
        at: draft.at,
        value: draft.label.join(","),
        message: "it stands in no area of the county",
      });
      continue;
    }
    rows.push([
      county,
      idOfKey(county, "building", draft.key),
      null,
      areas.codes[owner] as string,
      draft.floors,
      draft.households,
      multiPolygonEwkb(draft.geometry),
      pointEwkb(draft.label),
    ]);
  }
  await tx.execute(
    `CREATE TEMP TABLE import_building ON COMMIT DROP AS SELECT ${COLUMNS.join(", ")} FROM building WHERE county = $1 AND false`,
    [county],
  );
  await tx.copyIn("import_building", COLUMNS, rows);
  const differs = `(b.scope_code, b.floors, b.households, b.geom) IS DISTINCT FROM (s.scope_code, s.floors, s.households, s.geom)`;
  await journalUpdated(
    tx,
    journal,
    "building",
    `SELECT s.id::text FROM import_building s JOIN building b ON b.county = $1 AND b.id = s.id WHERE s.county = $1 AND ${differs}`,
  );
  const fresh = "s.county = $1 AND NOT EXISTS (SELECT 1 FROM building b WHERE b.county = $1 AND b.id = s.id)";
  await journalInserted(tx, journal, "building", `SELECT s.id::text FROM import_building s WHERE ${fresh}`);
  const updated = await tx.execute(
    `UPDATE building b SET scope_code = s.scope_code, floors = s.floors, households = s.households, geom = s.geom, label = s.label
       FROM import_building s WHERE b.county = $1 AND s.county = $1 AND b.id = s.id AND ${differs}`,
    [county],
  );
  const loaded = await tx.execute(
    `INSERT INTO building (${COLUMNS.join(", ")})
     SELECT ${COLUMNS.join(", ")} FROM import_building s WHERE ${fresh}`,
    [county],
  );
  const ids = rows.map((row) => String(row[1])).sort();
  return {
    entityKind: "building",
    idRange: ids[0] === undefined ? undefined : [ids[0], ids[ids.length - 1] as string],
    report: {
      kind: "buildings",
      county,
      read: input.read,
      loaded,
      updated,
      unchanged: rows.length - loaded - updated,
      skipped: input.log.skipped(),
      flags: input.log.flags(),
      crs: input.crs,
      seconds: 0,
    },
  };
}
