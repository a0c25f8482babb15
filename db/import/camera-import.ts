import { CaseLocator } from "../../data/geo/case-locator.ts";
import type { CameraDraft } from "../../data/importers/cameras/camera-draft.ts";
import type { ImportLog, ImportReport } from "../../data/importers/report.ts";
import type { CopyValue, Database, Transaction } from "../driver.ts";
import { pointEwkb } from "../ewkb.ts";
import type { Journal } from "./import-journal.ts";
import { journalUpdated } from "./import-journal.ts";
import type { ImportContext, ImportCounty, ImportOutcome } from "./import-transaction.ts";
import { runImport } from "./import-transaction.ts";
import { readLowestAreas, readUpperAreas } from "./lowest-areas.ts";
import { idRangeOf, mergeRows } from "./merge-rows.ts";
import { readOrganisations } from "./organisation-import.ts";
import { idOfKey } from "./own-id.ts";

export interface CameraImport {
  /** One for each device code. */
  readonly drafts: readonly CameraDraft[];
  /** Items, rows or features in the files, skipped ones included. */
  readonly read: number;
  readonly crs: string;
  readonly log: ImportLog;
}

/** Columns whose value stays where a source does not tell it. */
const TOLD = [
  "name",
  "network",
  "status",
  "manufacturer",
  "model",
  "owner_organisation_id",
  "ptz_type",
  "position_type",
  "indoor",
  "azimuth_deg",
  "angle_deg",
  "range_m",
  "geom",
  "scope_code",
  "legal_basis",
  "sign",
  "filing_no",
  "in_use_since",
  "retention_days",
] as const;
const COLUMNS = ["county", "id", "device_code", ...TOLD] as const;
const MERGED = Object.fromEntries(TOLD.map((column) => [column, `coalesce(s.${column}, t.${column})`]));

/** Why a camera that is not known cannot be taken up without a place. */
const NO_PLACE = {
  zero_position: "its longitude or latitude is zero, and where it stands is not known",
  bad_position: "its longitude and latitude are no place on earth: they may be exchanged",
  default_point: "it shares one point with many others, which is the default of its platform",
} as const;

/**
 * Writes cameras, found again by their device code. What a source does not say stays as it is known; a camera that is deleted
 * or classified goes. Cameras without a place that can be believed are not taken up; known ones keep theirs.
 */
export const importCameras = (database: Database, context: ImportContext, input: CameraImport): Promise<ImportReport> =>
  runImport(database, context, (tx, county) => writeCameras(tx, context, county, input));

async function writeCameras(
  tx: Transaction,
  { county, nowMs }: ImportContext,
  { batch }: ImportCounty,
  { drafts, read, crs, log }: CameraImport,
): Promise<ImportOutcome> {
  const journal = { county, batch };
  const places = new CaseLocator(await readLowestAreas(tx, county, nowMs), await readUpperAreas(tx, county, nowMs));
  const { byName } = await readOrganisations(tx, county);
  const known = await knownCameras(tx, county);
  const gone: string[] = [];
  const rows: (readonly CopyValue[])[] = [];
  for (const draft of drafts) {
    const id = known.get(draft.deviceCode);
    if (draft.removed) {
      if (id !== undefined) gone.push(id);
      noteRemoved(draft, id !== undefined, log);
      continue;
    }
    const place = placeOf(draft, places, id !== undefined, log);
    const owner = draft.owner === null ? null : (byName.get(draft.owner) ?? null);
    if (draft.owner !== null && owner === null)
      log.flag("organisation_not_found", `units that are not known, first ${draft.at}: import organisations first`);
    if (place) rows.push(rowOf(draft, county, id, place, owner));
  }
  const counts = await mergeRows(tx, journal, { table: "camera", columns: COLUMNS, rows, merged: MERGED });
  const removed = await removeCameras(tx, journal, gone);
  return {
    entityKind: "area",
    idRange: idRangeOf([...rows, ...gone.map((id) => [county, id])], COLUMNS.indexOf("id")),
    report: {
      kind: "cameras",
      county,
      read,
      loaded: counts.loaded,
      updated: counts.updated + removed,
      unchanged: counts.unchanged,
      skipped: log.skipped(),
      flags: log.flags(),
      crs,
      seconds: 0,
    },
  };
}

/** Ids by device code. */
async function knownCameras(tx: Transaction, county: string): Promise<Map<string, string>> {
  const rows = await tx.rows<{ code: string; id: string }>(
    "SELECT device_code AS code, id FROM camera WHERE county = $1",
    [county],
  );
  return new Map(rows.map(({ code, id }) => [code, id]));
}

/** A classified camera is not named: neither its code nor its name gets into a report. */
function noteRemoved({ removed, deviceCode, at }: CameraDraft, wasKnown: boolean, log: ImportLog): void {
  if (removed === "secret")
    log.flag("secret", "cameras that are classified (Secrecy 1) are not held; those that were known are taken out");
  if (wasKnown) log.flag("removed", "cameras that were taken out: deleted by a notification, or classified");
  else if (removed === "secret") log.skip("secret", { at, value: "", message: "it is classified" });
  else log.skip("not_known", { at, value: deviceCode, message: "it is deleted, and was not known" });
}

interface Place {
  readonly point: CopyValue;
  readonly scope: string | null;
}

/** Where a camera is put; both null: where it is known to stand. Undefined for one that cannot be taken up. */
function placeOf(
  { at, deviceCode, name, point, fault }: CameraDraft,
  places: CaseLocator,
  isKnown: boolean,
  log: ImportLog,
): Place | undefined {
  const leave = (reason: string, message: string, value = deviceCode): undefined => {
    log.skip(reason, { at, value, message });
    return undefined;
  };
  if (!isKnown && name === null)
    return leave("not_known", "it is not known yet, and what came does not describe it: import its catalogue");
  if (point) {
    const { owner } = places.locate(...point);
    if (owner >= 0) return { point: pointEwkb(point), scope: places.codes[owner] ?? null };
    if (!isKnown)
      return leave("outside_areas", "it stands in no area of the county", `${deviceCode} ${point.join(",")}`);
  } else if (!isKnown)
    return fault ? leave(fault, NO_PLACE[fault]) : leave("no_position", "its place is not told, and was not known");
  if (point || fault)
    log.flag("position_kept", `a place that cannot be believed was not taken over, first ${at}: the known one stays`);
  return { point: null, scope: null };
}

const rowOf = (
  draft: CameraDraft,
  county: string,
  id: string | undefined,
  { point, scope }: Place,
  owner: string | null,
): readonly CopyValue[] => [
  county,
  id ?? idOfKey(county, "camera", draft.deviceCode),
  draft.deviceCode,
  draft.name,
  draft.network ?? (id === undefined ? draft.likelyNetwork : null),
  draft.status ?? (id === undefined ? "unknown" : null),
  draft.manufacturer,
  draft.model,
  owner,
  draft.ptzType,
  draft.positionType,
  draft.indoor ?? (id === undefined ? false : null),
  draft.azimuthDeg,
  draft.angleDeg,
  draft.rangeM,
  point,
  scope,
  draft.legalBasis,
  draft.sign,
  draft.filingNo,
  draft.inUseSince,
  draft.retentionDays,
];

async function removeCameras(tx: Transaction, journal: Journal, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  await journalUpdated(tx, journal, "camera", "SELECT unnest($3::text[])", [ids]);
  return tx.execute("DELETE FROM camera WHERE county = $1 AND id = ANY ($2::text[]::uuid[])", [journal.county, ids]);
}
