import type { AreaDraft } from "../../data/importers/area-features.ts";
import type { ExistingArea, PlannedArea, SyntheticArea } from "../../data/importers/area-plan.ts";
import { planAreas } from "../../data/importers/area-plan.ts";
import type { ImportLog, ImportReport } from "../../data/importers/report.ts";
import type { AreaLevel } from "../../data/model/codes.ts";
import { AREA_LEVELS } from "../../data/model/codes.ts";
import type { MultiPolygonRings } from "../../data/model/geometry.ts";
import { ZoneClock } from "../../data/model/zoned-time.ts";
import type { CopyValue, Database, Transaction } from "../driver.ts";
import { multiPolygonEwkb, pointEwkb } from "../ewkb.ts";
import { checkCoverage, redrawSensitive, refreshSynthetic, rollUpHouseholds, writeOutline } from "./area-rollup.ts";
import { refuseLater } from "./edition-rows.ts";
import { HOUSEHOLD_COLUMNS, householdValues, keptHouseholds, spreadHouseholds } from "./household-spread.ts";
import type { Journal } from "./import-journal.ts";
import { journalInserted, journalUpdated } from "./import-journal.ts";
import type { ImportContext, ImportCounty, ImportOutcome } from "./import-transaction.ts";
import { runImport, seededUuid } from "./import-transaction.ts";

export interface AreaImport {
  readonly level: AreaLevel;
  readonly drafts: readonly AreaDraft[];
  /** Features in the files, skipped ones included. */
  readonly read: number;
  readonly crs: string;
  readonly log: ImportLog;
}

/**
 * First moment of a boundary whose true beginning the file does not say: old enough for every case on record (ids are
 * clamped to it as well, data rule 3).
 */
const BEGIN = Date.UTC(2000, 0, 1);

/**
 * Writes areas of one level. New areas get an id, a code and a first version; an area that is there already (same code,
 * or same source code) is compared: a new name or count corrects the version, a new line closes it at 00:00 of today in
 * the county's zone and opens the next (data rule 4).
 */
export function importAreas(database: Database, context: ImportContext, input: AreaImport): Promise<ImportReport> {
  return runImport(database, context, (tx, county) => writeAreas(tx, context, county, input));
}

async function writeAreas(
  tx: Transaction,
  context: ImportContext,
  county: ImportCounty,
  input: AreaImport,
): Promise<ImportOutcome> {
  const { level, log } = input;
  await refuseLater(tx, context.county, new Date(context.nowMs).toISOString(), "today");
  const existing = await readExisting(tx, context.county, level);
  const plan = planAreas(input.drafts, level, { code: context.county, name: county.name }, existing, log);
  await stageAreas(tx, context, county, plan.areas);
  await repairInvalid(tx, log);
  const clock = new ZoneClock(county.timezone);
  const journal: Journal = { county: context.county, batch: county.batch };
  await noteChanging(tx, journal, level);
  const counts = await mergeStaged(tx, context, clock);
  for (const area of plan.synthetic) await insertSynthetic(tx, context, journal, clock, area);
  await noteAdded(tx, journal);
  if (counts.loaded + counts.updated > 0) {
    context.onProgress({
      phase: "finish",
      rows: plan.areas.length,
      message: "outlines and household counts of the levels above",
    });
    await refreshSynthetic(tx, context.county);
    await spreadHouseholds(tx, journal, log);
    await rollUpHouseholds(tx, context.county);
    await writeOutline(tx, context.county);
    await redrawSensitive(tx, context.county);
    await flagIncidents(tx, context.county, log);
  }
  context.onProgress({ phase: "finish", rows: plan.areas.length, message: "checking for gaps and overlaps" });
  await checkCoverage(tx, context.county, level, log);
  const [range] = await tx.rows<{ from: string | null; to: string | null }>(
    "SELECT min(area_id::text) AS from, max(area_id::text) AS to FROM import_area",
  );
  return {
    entityKind: "area",
    idRange: range?.from && range.to ? [range.from, range.to] : undefined,
    report: {
      kind: level === "grid" ? "grids" : "areas",
      county: context.county,
      read: input.read,
      ...counts,
      skipped: log.skipped(),
      flags: log.flags(),
      crs: input.crs,
      seconds: 0,
    },
  };
}

/**
 * Notes for an undo the areas that the files name, the levels above, whose counts and synthetic outlines follow from
 * them, and every synthetic area.
 */
async function noteChanging(tx: Transaction, journal: Journal, level: AreaLevel): Promise<void> {
  const above = AREA_LEVELS.filter((one, index) => index < AREA_LEVELS.indexOf(level) || one === "community");
  await journalUpdated(
    tx,
    journal,
    "area_version",
    `SELECT v.id::text FROM area_version v
      WHERE v.county = $1 AND upper_inf(v.valid)
        AND (v.level = ANY ($3::text[]) OR v.lineage @> '[{"kind": "synthetic"}]'
             OR v.area_id IN (SELECT s.area_id FROM import_area s WHERE NOT s.is_new))`,
    [above],
  );
}

/** Notes the areas and versions that were added. */
async function noteAdded(tx: Transaction, journal: Journal): Promise<void> {
  await journalInserted(tx, journal, "area", "SELECT area_id::text FROM import_area WHERE is_new");
  await journalInserted(
    tx,
    journal,
    "area_version",
    "SELECT s.version_id::text FROM import_area s JOIN area_version v ON v.county = $1 AND v.id = s.version_id",
  );
}

interface ExistingRow extends Omit<ExistingArea, "geometry"> {
  readonly geometry: MultiPolygonRings | null;
}

/** Current areas; geometry only of the level above, which may become parents. */
async function readExisting(tx: Transaction, county: string, level: AreaLevel): Promise<ExistingArea[]> {
  const above = AREA_LEVELS[AREA_LEVELS.indexOf(level) - 1] ?? "none";
  const rows = await tx.rows<ExistingRow>(
    `SELECT area_id AS id, level, code, name, source_ref AS "sourceRef",
            CASE WHEN level = $2 THEN ST_AsGeoJSON(geom, 7)::json -> 'coordinates' END AS geometry
       FROM area_version WHERE county = $1 AND upper_inf(valid) ORDER BY code`,
    [county, above],
  );
  return rows.map((row) => ({ ...row, geometry: row.geometry ?? [] }));
}

const STAGED = [
  "position",
  "at",
  "area_id",
  "version_id",
  "is_new",
  "level",
  "kind",
  "code",
  "name",
  "name_sort",
  "households",
  "households_exact",
  "households_basis",
  "households_source",
  "households_date",
  "geom",
  "label",
  "source_ref",
  "urban",
] as const;

async function stageAreas(
  tx: Transaction,
  context: ImportContext,
  { batches }: ImportCounty,
  areas: readonly PlannedArea[],
): Promise<void> {
  await tx.execute(
    `CREATE TEMP TABLE import_area (
       position integer, at text, area_id uuid, version_id uuid, is_new boolean, level text, kind text,
       code text COLLATE "C", name text, name_sort text, households integer, households_exact boolean,
       households_basis text COLLATE "C", households_source text, households_date date,
       geom geometry(MultiPolygon, 4326), label geometry(Point, 4326), source_ref text, urban boolean) ON COMMIT DROP`,
  );
  const row = (area: PlannedArea, index: number): readonly CopyValue[] => {
    const seed = `${context.county}/area/${area.code}/${context.nowMs}/${batches}`;
    return [
      index,
      area.at,
      area.existingId ?? seededUuid(seed, context.nowMs),
      seededUuid(`${seed}/version`, context.nowMs),
      area.existingId === undefined,
      area.level,
      area.kind,
      area.code,
      area.name,
      area.nameSort,
      ...householdValues(area.count, context),
      multiPolygonEwkb(area.geometry),
      pointEwkb(area.label),
      area.sourceRef ?? null,
      area.urban ?? null,
    ];
  };
  await tx.copyIn("import_area", STAGED, areas.map(row));
}

/** Rings that cross themselves or each other: rebuilt on the lattice and said, not refused. */
async function repairInvalid(tx: Transaction, log: ImportLog): Promise<void> {
  const faults = await tx.rows<{ at: string; reason: string }>(
    "SELECT at, ST_IsValidReason(geom) AS reason FROM import_area WHERE NOT ST_IsValid(geom) ORDER BY position",
  );
  const [first] = faults;
  if (!first) return;
  log.flag(
    "invalid_geometry",
    `rings that cross or touch themselves were repaired, first ${first.at}: ${first.reason}`,
    faults.length,
  );
  await tx.execute(
    `UPDATE import_area SET geom = ST_Multi(ST_CollectionExtract(ST_ReducePrecision(ST_MakeValid(geom), 0.0000001), 3))
      WHERE NOT ST_IsValid(geom)`,
  );
}

const SAME_LINE = "v.geom = s.geom";
const SAME_FACTS = `(v.name, v.source_ref, v.kind, v.urban, ${HOUSEHOLD_COLUMNS.map((column) => `v.${column}`).join(", ")})
  IS NOT DISTINCT FROM (s.name, s.source_ref, s.kind, coalesce(s.urban, v.urban), ${HOUSEHOLD_COLUMNS.map(keptHouseholds).join(", ")})`;
const SET_HOUSEHOLDS = HOUSEHOLD_COLUMNS.map((column) => `${column} = ${keptHouseholds(column)}`).join(", ");
const CURRENT = "v.county = $1 AND v.area_id = s.area_id AND upper_inf(v.valid)";

async function mergeStaged(
  tx: Transaction,
  context: ImportContext,
  clock: ZoneClock,
): Promise<{ readonly loaded: number; readonly updated: number; readonly unchanged: number }> {
  const { county } = context;
  const begin = new Date(clock.fromLocal(BEGIN).epochMs).toISOString();
  const today = new Date(clock.startOfDay(context.nowMs)).toISOString();
  await tx.execute("INSERT INTO area (county, id, level) SELECT $1, area_id, level FROM import_area WHERE is_new", [
    county,
  ]);
  const loaded = await tx.execute(insertVersions("WHERE s.is_new", "'[]'"), [county, begin]);
  const [changed] = await tx.rows<{ lines: number; facts: number; same: number }>(
    `SELECT count(*) FILTER (WHERE NOT ${SAME_LINE}) AS lines,
            count(*) FILTER (WHERE ${SAME_LINE} AND NOT ${SAME_FACTS}) AS facts,
            count(*) FILTER (WHERE ${SAME_LINE} AND ${SAME_FACTS}) AS same
       FROM import_area s JOIN area_version v ON ${CURRENT} WHERE NOT s.is_new`,
    [county],
  );
  if (changed && changed.facts > 0) await correctFacts(tx, county);
  if (changed && changed.lines > 0) await redraw(tx, county, today);
  return { loaded, updated: (changed?.lines ?? 0) + (changed?.facts ?? 0), unchanged: changed?.same ?? 0 };
}

const insertVersions = (where: string, lineage: string): string =>
  `INSERT INTO area_version (county, id, area_id, level, kind, code, name, name_sort, urban, ${HOUSEHOLD_COLUMNS.join(", ")}, valid, geom,
                             label, area_m2, source_ref, source_crs, plan_id, lineage)
   SELECT $1, s.version_id, s.area_id, s.level, s.kind, s.code, s.name, s.name_sort,
          coalesce(s.urban, (SELECT b.urban FROM area_version b WHERE b.county = $1 AND b.area_id = s.area_id
                              ORDER BY b.valid_from DESC LIMIT 1), true),
          ${HOUSEHOLD_COLUMNS.map((column) => `s.${column}`).join(", ")},
          tstzrange($2::timestamptz, NULL, '[)'), s.geom, s.label, ST_Area(s.geom::geography), s.source_ref, 'EPSG:4326',
          NULL, ${lineage}::jsonb
     FROM import_area s ${where} ORDER BY s.position`;

async function correctFacts(tx: Transaction, county: string): Promise<void> {
  await tx.execute(
    `UPDATE area_version v
        SET name = s.name, name_sort = s.name_sort, ${SET_HOUSEHOLDS},
            source_ref = s.source_ref, kind = s.kind, urban = coalesce(s.urban, v.urban)
       FROM import_area s WHERE ${CURRENT} AND ${SAME_LINE} AND NOT ${SAME_FACTS}`,
    [county],
  );
}

/** A version that began today (or later) is redrawn in place: it was never yesterday's truth. */
async function redraw(tx: Transaction, county: string, today: string): Promise<void> {
  await tx.execute(
    `UPDATE area_version v
        SET geom = s.geom, label = s.label, area_m2 = ST_Area(s.geom::geography), name = s.name, name_sort = s.name_sort,
            ${SET_HOUSEHOLDS}, source_ref = s.source_ref, kind = s.kind, urban = coalesce(s.urban, v.urban)
       FROM import_area s WHERE ${CURRENT} AND NOT ${SAME_LINE} AND lower(v.valid) >= $2::timestamptz`,
    [county, today],
  );
  await tx.execute(
    `UPDATE area_version v SET valid = tstzrange(lower(v.valid), $2::timestamptz, '[)')
       FROM import_area s WHERE ${CURRENT} AND NOT ${SAME_LINE} AND lower(v.valid) < $2::timestamptz`,
    [county, today],
  );
  await tx.execute(
    insertVersions(
      `WHERE NOT s.is_new AND NOT EXISTS (SELECT 1 FROM area_version v WHERE ${CURRENT})`,
      `'[{"kind": "redigitised"}]'`,
    ),
    [county, today],
  );
}

async function insertSynthetic(
  tx: Transaction,
  context: ImportContext,
  journal: Journal,
  clock: ZoneClock,
  area: SyntheticArea,
): Promise<void> {
  const { county, nowMs } = context;
  const seed = `${county}/area/${area.code}/${nowMs}`;
  const id = seededUuid(seed, nowMs);
  const version = seededUuid(`${seed}/version`, nowMs);
  await journalInserted(tx, journal, "area", "SELECT $3::text", [id]);
  await journalInserted(tx, journal, "area_version", "SELECT $3::text", [version]);
  await tx.execute("INSERT INTO area (county, id, level) VALUES ($1, $2, $3)", [county, id, area.level]);
  // Its outline and counts follow from what lies in it: see refreshSynthetic.
  await tx.execute(
    `INSERT INTO area_version (county, id, area_id, level, kind, code, name, name_sort, urban, households, valid, geom,
                               label, area_m2, source_ref, source_crs, plan_id, lineage)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, true, NULL, tstzrange($9::timestamptz, NULL, '[)'),
             ST_GeomFromText('MULTIPOLYGON EMPTY', 4326), ST_SetSRID(ST_MakePoint(0, 0), 4326), 0, NULL, 'EPSG:4326', NULL,
             '[{"kind": "synthetic"}]')`,
    [
      county,
      version,
      id,
      area.level,
      area.kind,
      area.code,
      area.name,
      area.nameSort,
      new Date(clock.fromLocal(BEGIN).epochMs).toISOString(),
    ],
  );
}

async function flagIncidents(tx: Transaction, county: string, log: ImportLog): Promise<void> {
  const [row] = await tx.rows<{ count: number }>("SELECT count(*) AS count FROM incident WHERE county = $1", [county]);
  if (!row || row.count === 0) return;
  log.flag(
    "incidents_not_relocated",
    "incidents keep the areas they were placed in: import their file again to place them anew",
    row.count,
  );
}
