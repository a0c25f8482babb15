import { LocateIndex } from "../../data/geo/locate-index.ts";
import type { BuildingDraft } from "../../data/importers/building-features.ts";
import type { ImportLog, ImportReport } from "../../data/importers/report.ts";
import type { CopyValue, Database, Transaction } from "../driver.ts";
import { multiPolygonEwkb, pointEwkb } from "../ewkb.ts";
import { rollUpHouseholds } from "./area-rollup.ts";
import { CompoundFinder } from "./compound-finder.ts";
import {
  HOUSEHOLD_COLUMNS,
  householdValues,
  mergedHouseholds,
  noteSums,
  spreadHouseholds,
} from "./household-spread.ts";
import type { ImportContext, ImportCounty, ImportOutcome } from "./import-transaction.ts";
import { runImport } from "./import-transaction.ts";
import { readLowestAreas } from "./lowest-areas.ts";
import { idRangeOf, mergeRows } from "./merge-rows.ts";
import { idOfKey } from "./own-id.ts";

export interface BuildingImport {
  readonly drafts: readonly BuildingDraft[];
  /** Features in the files, skipped ones included. */
  readonly read: number;
  readonly crs: string;
  readonly log: ImportLog;
}

const COLUMNS = [
  "county",
  "id",
  "code",
  "compound_id",
  "scope_code",
  "floors",
  "floors_known",
  "drawn",
  ...HOUSEHOLD_COLUMNS,
  "geom",
  "label",
] as const;

/** What a file does not say does not wipe out what is known. */
const MERGED: Readonly<Record<string, string>> = {
  ...mergedHouseholds,
  code: "coalesce(s.code, t.code)",
  compound_id: "coalesce(s.compound_id, t.compound_id)",
  floors: "CASE WHEN s.floors_known OR NOT t.floors_known THEN s.floors ELSE t.floors END",
  floors_known: "s.floors_known OR t.floors_known",
};

/** Writes buildings. A building's id is drawn from its key in the source, so that a second import finds it again. */
export function importBuildings(
  database: Database,
  context: ImportContext,
  input: BuildingImport,
): Promise<ImportReport> {
  return runImport(database, context, (tx, county) => writeBuildings(tx, context, county, input));
}

async function writeBuildings(
  tx: Transaction,
  context: ImportContext,
  { batch }: ImportCounty,
  { drafts, read, crs, log }: BuildingImport,
): Promise<ImportOutcome> {
  const { county } = context;
  const journal = { county, batch };
  const areas = new LocateIndex(await readLowestAreas(tx, county, context.nowMs));
  const compounds = await CompoundFinder.read(tx, county);
  const rows: (readonly CopyValue[])[] = [];
  for (const draft of drafts) {
    const { owner } = areas.locate(...draft.label);
    if (owner < 0) {
      log.skip("outside_areas", {
        at: draft.at,
        value: draft.label.join(","),
        message: "it stands in no area of the county",
      });
      continue;
    }
    const compound = compounds.named(draft.compound);
    if (draft.compound !== null && compound === undefined)
      log.flag(
        "compound_not_found",
        `buildings name a compound that is not known, first ${draft.at}; placed by where they stand`,
      );
    rows.push([
      county,
      idOfKey(county, "building", draft.key),
      draft.code,
      compound ?? compounds.at(draft.label) ?? null,
      areas.codes[owner] as string,
      draft.floors ?? 1,
      draft.floors !== null,
      draft.drawn,
      ...householdValues(draft.count, context, 0),
      multiPolygonEwkb(draft.geometry),
      pointEwkb(draft.label),
    ]);
  }
  await noteSums(tx, journal);
  const counts = await mergeRows(tx, journal, { table: "building", columns: COLUMNS, rows, merged: MERGED });
  if (counts.loaded + counts.updated > 0) {
    await spreadHouseholds(tx, journal, log);
    await rollUpHouseholds(tx, county);
  }
  return {
    entityKind: "building",
    idRange: idRangeOf(rows, COLUMNS.indexOf("id")),
    report: {
      kind: "buildings",
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
