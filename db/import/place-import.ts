import type { PlaceDrafts, PlaceKind } from "../../data/importers/place-features.ts";
import type { ImportLog, ImportReport } from "../../data/importers/report.ts";
import { nameSort } from "../../data/model/name-sort.ts";
import type { CopyValue, Database, Transaction } from "../driver.ts";
import { pointEwkb } from "../ewkb.ts";
import { AreaFinder } from "./area-finder.ts";
import type { ImportContext, ImportCounty, ImportOutcome } from "./import-transaction.ts";
import { runImport } from "./import-transaction.ts";
import type { JournalKind } from "./journal-kinds.ts";
import { idRangeOf, mergeRows } from "./merge-rows.ts";
import { idOfKey } from "./own-id.ts";

export interface PlaceImport<Kind extends PlaceKind> {
  readonly kind: Kind;
  readonly drafts: readonly PlaceDrafts[Kind][];
  /** Features in the files, skipped ones included. */
  readonly read: number;
  /** What the layer is known as: shown with it. */
  readonly source: string;
  readonly crs: string;
  readonly log: ImportLog;
}

interface PlaceTable<Draft> {
  readonly table: JournalKind;
  readonly columns: readonly string[];
  readonly values: (draft: Draft) => readonly CopyValue[];
}

/** Columns of each kind beside those that all have. */
const TABLES: { readonly [Kind in PlaceKind]: PlaceTable<PlaceDrafts[Kind]> } = {
  stations: {
    table: "station",
    columns: ["kind", "name", "name_sort", "hours", "duty_phone"],
    values: ({ kind, name, hours, dutyPhone }) => [kind, name, nameSort(name), hours, dutyPhone],
  },
  gauges: {
    table: "gauge",
    columns: ["kind", "name", "name_sort", "warn_level_m"],
    values: ({ kind, name, warnLevelM }) => [kind, name, nameSort(name), warnLevelM],
  },
  boards: {
    table: "notice_board",
    columns: ["name", "state", "printed_on"],
    values: ({ name, state, printedOn }) => [name, state, printedOn],
  },
};

/** Writes stations, gauges or notice boards: points, each in the area that it stands in or names. */
export const importPlaces = <Kind extends PlaceKind>(
  database: Database,
  context: ImportContext,
  input: PlaceImport<Kind>,
): Promise<ImportReport> => runImport(database, context, (tx, county) => writePlaces(tx, context, county, input));

async function writePlaces<Kind extends PlaceKind>(
  tx: Transaction,
  { county, nowMs }: ImportContext,
  { batch }: ImportCounty,
  { kind, drafts, read, source, crs, log }: PlaceImport<Kind>,
): Promise<ImportOutcome> {
  const areas = await AreaFinder.read(tx, county, nowMs);
  const { table, columns, values } = TABLES[kind];
  const rows: (readonly CopyValue[])[] = [];
  for (const draft of drafts) {
    const named = "grid" in draft && draft.grid !== null ? areas.named(draft.grid) : undefined;
    if ("grid" in draft && draft.grid !== null && !named)
      log.flag(
        "grid_not_found",
        `a grid of this code or name is not known, first ${draft.at}; taken from where it stands`,
      );
    const area = named ?? areas.at(draft.point);
    if (!area) {
      log.skip("outside_areas", {
        at: draft.at,
        value: draft.point.join(","),
        message: "it stands in no area of the county",
      });
      continue;
    }
    const id = idOfKey(county, kind, draft.key);
    rows.push([county, id, ...values(draft), area.code, source, draft.sourceRef, pointEwkb(draft.point)]);
  }
  const all = ["county", "id", ...columns, "scope_code", "source", "source_ref", "geom"];
  const counts = await mergeRows(tx, { county, batch }, { table, columns: all, rows });
  return {
    entityKind: "area",
    idRange: idRangeOf(rows, 1),
    report: { kind, county, read, ...counts, skipped: log.skipped(), flags: log.flags(), crs, seconds: 0 },
  };
}
