import { LocateIndex } from "../../data/geo/locate-index.ts";
import type { CompoundDraft } from "../../data/importers/compound-features.ts";
import type { ImportLog, ImportReport } from "../../data/importers/report.ts";
import { nameSort } from "../../data/model/name-sort.ts";
import type { CopyValue, Database, Transaction } from "../driver.ts";
import { multiPolygonEwkb } from "../ewkb.ts";
import { rollUpHouseholds } from "./area-rollup.ts";
import { CompoundFinder } from "./compound-finder.ts";
import { refreshShares } from "./compound-shares.ts";
import {
  HOUSEHOLD_COLUMNS,
  householdValues,
  mergedHouseholds,
  noteSums,
  spreadHouseholds,
} from "./household-spread.ts";
import { type Journal, journalUpdated } from "./import-journal.ts";
import type { ImportContext, ImportCounty, ImportOutcome } from "./import-transaction.ts";
import { runImport } from "./import-transaction.ts";
import { readLowestAreas } from "./lowest-areas.ts";
import { idRangeOf, mergeRows } from "./merge-rows.ts";
import { idOfKey } from "./own-id.ts";

export interface CompoundImport {
  readonly drafts: readonly CompoundDraft[];
  /** Features in the files, skipped ones included. */
  readonly read: number;
  readonly crs: string;
  readonly log: ImportLog;
}

const COLUMNS = [
  "county",
  "id",
  "community_code",
  "kind",
  "name",
  "name_sort",
  ...HOUSEHOLD_COLUMNS,
  "source_ref",
  "drawn",
  "geom",
] as const;

/** Digits of a community's code. */
const COMMUNITY_LENGTH = 12;

/**
 * Writes compounds with the grids that they lie in, puts buildings into them that stand in one, and spreads their households
 * over those.
 */
export const importCompounds = (
  database: Database,
  context: ImportContext,
  input: CompoundImport,
): Promise<ImportReport> => runImport(database, context, (tx, county) => writeCompounds(tx, context, county, input));

async function writeCompounds(
  tx: Transaction,
  context: ImportContext,
  { batch }: ImportCounty,
  { drafts, read, crs, log }: CompoundImport,
): Promise<ImportOutcome> {
  const { county } = context;
  const journal = { county, batch };
  const areas = new LocateIndex(await readLowestAreas(tx, county, context.nowMs));
  const rows: (readonly CopyValue[])[] = [];
  for (const draft of drafts) {
    const { owner } = areas.locate(...draft.label);
    const community = areas.codes[owner]?.slice(0, COMMUNITY_LENGTH) ?? "";
    if (community.length < COMMUNITY_LENGTH) {
      log.skip("outside_areas", {
        at: draft.at,
        value: draft.label.join(","),
        message: "it lies in no community of the county",
      });
      continue;
    }
    rows.push([
      county,
      idOfKey(county, "compound", draft.key),
      community,
      draft.kind,
      draft.name,
      nameSort(draft.name),
      ...householdValues(draft.count, context, 0),
      draft.sourceRef,
      draft.drawn,
      multiPolygonEwkb(draft.geometry),
    ]);
  }
  await noteSums(tx, journal);
  const counts = await mergeRows(tx, journal, { table: "compound", columns: COLUMNS, rows, merged: mergedHouseholds });
  if (counts.loaded + counts.updated > 0) {
    await takeBuildingsIn(tx, journal);
    const ids = rows.map((row) => String(row[COLUMNS.indexOf("id")]));
    await refreshShares(tx, journal, ids);
    await spreadHouseholds(tx, journal, log);
    await rollUpHouseholds(tx, county);
  }
  return {
    entityKind: "area",
    idRange: idRangeOf(rows, COLUMNS.indexOf("id")),
    report: {
      kind: "compounds",
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

/** Puts buildings that belong to no compound yet into the one whose outline holds them. */
async function takeBuildingsIn(tx: Transaction, journal: Journal): Promise<void> {
  const { county } = journal;
  const compounds = await CompoundFinder.read(tx, county);
  const free = await tx.rows<{ id: string; lon: number; lat: number }>(
    `SELECT id, ST_X(label) AS lon, ST_Y(label) AS lat FROM building WHERE county = $1 AND compound_id IS NULL ORDER BY id`,
    [county],
  );
  const found = free.flatMap(({ id, lon, lat }): [string, string][] => {
    const compound = compounds.at([lon, lat]);
    return compound === undefined ? [] : [[id, compound]];
  });
  if (found.length === 0) return;
  await tx.execute("CREATE TEMP TABLE taken_in (id uuid, compound_id uuid) ON COMMIT DROP");
  await tx.copyIn("taken_in", ["id", "compound_id"], found);
  await journalUpdated(tx, journal, "building", "SELECT s.id::text FROM taken_in s WHERE $1 = $1");
  await tx.execute(
    "UPDATE building b SET compound_id = s.compound_id FROM taken_in s WHERE b.county = $1 AND b.id = s.id",
    [county],
  );
}
