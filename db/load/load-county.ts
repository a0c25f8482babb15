import { Prng } from "../../data/demo/prng.ts";
import type { CountyDataset } from "../../data/model/dataset.ts";
import { dataError, notFound, userError } from "../../data/model/errors.ts";
import type { MultiPolygonRings } from "../../data/model/geometry.ts";
import { type Uuid, uuidV7, uuidV7Time } from "../../data/model/ids.ts";
import type { CopyValue, Database, Transaction } from "../driver.ts";
import { multiPolygonEwkb, pointEwkb } from "../ewkb.ts";
import { appendAudit, systemActor } from "../repositories/audit-repository.ts";
import { wakeFeed } from "../repositories/outbox-repository.ts";
import { putProcess } from "../repositories/process-repository.ts";
import { countCases } from "../rollups/apply-delta.ts";
import { refreshStatistics } from "../statistics/refresh-statistics.ts";
import { TENANT_TABLES } from "../tenant-tables.ts";
import { checkForeignKeys, suspendForeignKeys } from "./bulk-foreign-keys.ts";
import { yearIn, yearStart } from "./county-time.ts";
import { eventRows, placeAndPeopleRows, timeRange } from "./dataset-rows.ts";
import { ensureIncidentPartitions } from "./partitions.ts";
import { scopeCodes } from "./scope-codes.ts";
import { sensitiveClasses } from "./sensitive-classes.ts";
import { whistleRows } from "./whistle-rows.ts";

export interface LoadOptions {
  /** The instant of the load, ISO 8601: written to the profile, the outbox and the audit log. */
  readonly now: string;
  /** Who loads, for the audit log. */
  readonly actor?: string;
  readonly onProgress?: (message: string) => void;
}

export interface LoadReport {
  readonly county: string;
  /** Rows per table. */
  readonly rows: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** A UUIDv7 of a time with random bits from a named stream: equal data give equal ids. */
const seededId = (prng: Prng, epochMs: number): Uuid => uuidV7(epochMs, prng.uint32(), prng.uint32(), prng.uint32());

/**
 * Loads everything of a county in one transaction: it is there completely or not at all. Areas are valid from 1 January
 * of the year before the anchor (or before `now`), 00:00 in the county's zone; their size is computed by PostGIS on the
 * spheroid. One BULK change, one audit row.
 *
 * @throws USER/CONFLICT when the county is there already; DATA when rows break a rule of the schema
 */
export async function loadCounty(database: Database, data: CountyDataset, options: LoadOptions): Promise<LoadReport> {
  const started = performance.now();
  const { profile } = data;
  const { county } = profile;
  const { onProgress } = options;
  const span = idSpan(data);
  if (span) await ensureIncidentPartitions(database, county, span.from, span.to);
  const rows: Record<string, number> = {};
  await database.transaction({ kind: "loader", county }, async (tx) => {
    await refuseLoaded(tx, county);
    const suspended = await suspendForeignKeys(tx);
    await insertProfile(tx, data, options.now);
    if (data.process) await putProcess(tx, county, data.process, options.now);
    await insertOutline(tx, data);
    rows["area_version"] = await loadAreas(tx, data, options.now);
    onProgress?.(`${profile.name}: ${rows["area_version"]} areas`);
    const scopes = scopeCodes(data, options.now);
    const sensitive = await sensitiveClasses(tx, county);
    const parts = [...placeAndPeopleRows(data, scopes), ...eventRows(data, sensitive), ...whistleRows(data, sensitive)];
    for (const part of parts) {
      if (part.count === 0) continue;
      rows[part.table] = await tx.copyIn(part.table, part.columns, part.rows);
      if (part.count >= 1000) onProgress?.(`${profile.name}: ${part.count} rows of ${part.table}`);
    }
    if (rows["incident"]) await countCases(tx, county, "incident i WHERE i.county = $1");
    if (suspended) await checkForeignKeys(tx, county);
    await recordBulk(tx, county, rows, options);
    await wakeFeed(tx, county);
  });
  await analyze(database, county);
  onProgress?.(`${profile.name}: statistics`);
  await refreshStatistics(database, county, Date.parse(options.now));
  return { county, rows, seconds: (performance.now() - started) / 1000 };
}

/** First and last time of the ids of incidents and events, epoch ms; undefined without incidents. */
function idSpan(data: CountyDataset): { readonly from: number; readonly to: number } | undefined {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const list of [data.incidents, data.incidentEvents]) {
    for (const { id } of list) {
      const at = uuidV7Time(id);
      if (at < from) from = at;
      if (at > to) to = at;
    }
  }
  return from <= to ? { from, to } : undefined;
}

async function refuseLoaded(tx: Transaction, county: string): Promise<void> {
  const found = await tx.rows<{ name: string }>("SELECT name FROM county_profile WHERE county = $1", [county]);
  if (!found[0]) return;
  throw userError(`County ${county} (${found[0].name}) is loaded already`, {
    code: "CONFLICT",
    at: "county",
    hint: `Remove it first: jingwei county remove ${county}`,
  });
}

/** The load itself is the first transaction that changes the county's cases. */
const FIRST_LIVE_VERSION = 1;

async function insertProfile(tx: Transaction, { profile, extraClasses }: CountyDataset, now: string): Promise<void> {
  await tx.execute(
    `INSERT INTO county_profile (county, name, name_en, name_sort, timezone, demo, anchor_at, grid_term, source,
       figures, extra_classes, content_version, live_version, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      profile.county,
      profile.name,
      profile.nameEn,
      profile.nameSort,
      profile.timezone,
      profile.demo,
      profile.anchorAt ?? null,
      profile.gridTerm,
      profile.source,
      JSON.stringify(profile.figures),
      JSON.stringify(extraClasses),
      // Milliseconds, so that it also grows when a county is removed and loaded again: clients compare it.
      Date.parse(now),
      FIRST_LIVE_VERSION,
      now,
    ],
  );
}

function boundsOf(geometry: MultiPolygonRings): [west: number, south: number, east: number, north: number] {
  const bounds: [number, number, number, number] = [180, 90, -180, -90];
  for (const rings of geometry) {
    for (const [lon, lat] of rings[0] ?? []) {
      bounds[0] = Math.min(bounds[0], lon);
      bounds[1] = Math.min(bounds[1], lat);
      bounds[2] = Math.max(bounds[2], lon);
      bounds[3] = Math.max(bounds[3], lat);
    }
  }
  return bounds;
}

async function insertOutline(tx: Transaction, data: CountyDataset): Promise<void> {
  const { county } = data.profile;
  const outline = data.areas.find((area) => area.level === "county" && area.code === county);
  if (!outline) {
    throw dataError(`The data of county ${county} hold no area of the county itself`, {
      at: "areas",
      hint: `Add one area with level "county" and code "${county}".`,
    });
  }
  await tx.execute(
    `INSERT INTO county_outline (code, west, south, east, north, geom) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (code) DO UPDATE SET west = excluded.west, south = excluded.south, east = excluded.east,
       north = excluded.north, geom = excluded.geom`,
    [county, ...boundsOf(outline.geometry), multiPolygonEwkb(outline.geometry)],
  );
}

const AREA_COLUMNS = ["county", "id", "level"] as const;
/** Columns of an area's version that are copied as they are; its size is computed on the way in. */
const VERSION_COLUMNS = [
  "county",
  "id",
  "area_id",
  "level",
  "kind",
  "code",
  "name",
  "name_sort",
  "urban",
  "households",
  "valid",
  "geom",
  "label",
  "source_ref",
  "source_crs",
  "plan_id",
  "lineage",
] as const;

async function loadAreas(tx: Transaction, data: CountyDataset, now: string): Promise<number> {
  const { county, timezone, anchorAt } = data.profile;
  const validFrom = yearStart(yearIn(Date.parse(anchorAt ?? now), timezone) - 1, timezone);
  const valid = timeRange(validFrom, null);
  const prng = new Prng(`${county}/area-versions/${validFrom}`);
  const bornMs = Date.parse(validFrom);
  await tx.copyIn(
    "area",
    AREA_COLUMNS,
    data.areas.map((area) => [county, area.id, area.level]),
  );
  function* versions(): Generator<readonly CopyValue[]> {
    for (const area of data.areas) {
      yield [
        county,
        seededId(prng, bornMs),
        area.id,
        area.level,
        area.kind,
        area.code,
        area.name,
        area.nameSort,
        area.urban,
        area.households,
        valid,
        multiPolygonEwkb(area.geometry),
        pointEwkb(area.label),
        area.sourceRef ?? null,
        "EPSG:4326",
        null,
        "[]",
      ];
    }
  }
  const columns = VERSION_COLUMNS.join(", ");
  await tx.execute(
    `CREATE TEMPORARY TABLE area_version_load ON COMMIT DROP AS SELECT ${columns} FROM area_version WHERE county = $1 AND false`,
    [county],
  );
  await tx.copyIn("area_version_load", VERSION_COLUMNS, versions());
  return tx.execute(
    `INSERT INTO area_version (${columns}, area_m2)
     SELECT ${columns}, ST_Area(geom::geography) FROM area_version_load WHERE county = $1`,
    [county],
  );
}

async function recordBulk(
  tx: Transaction,
  county: string,
  rows: Readonly<Record<string, number>>,
  options: LoadOptions,
): Promise<void> {
  const prng = new Prng(`${county}/load/${options.now}`);
  const ms = Date.parse(options.now);
  const entity = JSON.stringify({ type: "county", county, rows });
  await tx.execute(
    `INSERT INTO outbox (county, id, kind, op, entity, version, scope_before, scope_after, created_at, live_version)
     VALUES ($1, $2, 'county', 'BULK', $3, $4, NULL, $1, $5, $6)`,
    [county, seededId(prng, ms), entity, ms, options.now, FIRST_LIVE_VERSION],
  );
  await appendAudit(tx, county, {
    ...systemActor(options.actor),
    action: "county.load",
    entity: { type: "county", county, rows },
    at: options.now,
  });
}

/** Fresh statistics after a bulk change: without them the first queries are planned blindly. */
export async function analyze(database: Database, county: string): Promise<void> {
  await database.transaction({ kind: "loader", county }, (tx) => tx.execute(`ANALYZE ${TENANT_TABLES.join(", ")}`));
}

/**
 * Counts the content of a county up, in the transaction of the change: clients and caches compare it.
 *
 * @param now instant of the change, ISO 8601
 */
export async function bumpContentVersion(tx: Transaction, county: string, now: string): Promise<void> {
  await tx.execute(
    `UPDATE county_profile SET content_version = greatest(content_version + 1, $2::bigint), updated_at = $3::timestamptz
     WHERE county = $1`,
    [county, Date.parse(now), now],
  );
}

/**
 * Counts the transactions that change cases of a county: what is derived from cases is exact for one pair of versions
 * (docs/data-plane.md). Call it as late as the transaction allows: the county's other writers wait from here to the commit.
 *
 * @param at instant of the change, ISO 8601
 * @returns the version of this transaction, to stamp on its rows of the outbox
 */
export async function bumpLiveVersion(tx: Transaction, county: string, at: string): Promise<number> {
  const [row] = await tx.rows<{ liveVersion: number }>(
    `UPDATE county_profile SET live_version = live_version + 1, updated_at = $2::timestamptz WHERE county = $1
     RETURNING live_version AS "liveVersion"`,
    [county, at],
  );
  if (!row) throw notFound(`there is no county ${county}`, { at: "county" });
  return row.liveVersion;
}
