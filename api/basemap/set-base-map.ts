import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { userError } from "../../data/model/errors.ts";
import type { Bbox } from "../../data/model/geometry.ts";
import type { Database } from "../../db/driver.ts";
import { appendAudit, systemActor } from "../../db/repositories/audit-repository.ts";
import { type BaseMapRow, deleteBaseMap, findBaseMap, putBaseMap } from "../../db/repositories/base-map-repository.ts";
import { findCounty } from "../../db/repositories/county-repository.ts";
import { baseMapFolder } from "./base-maps.ts";
import { inspectFile, inspectService, type ServiceTerms } from "./inspect.ts";

/** What must be said of every base map: who made it, and its review number (审图号). */
export interface BaseMapTerms {
  readonly county: string;
  readonly source: string;
  readonly reviewNumber: string;
  /** Epoch ms. */
  readonly nowMs: number;
  readonly actor: string;
}

/** Box of a county without areas: China, so that a service can be asked for something. */
const CHINA: Bbox = [73.5, 18, 134.8, 53.6];

/** The county's box. @throws NOT_FOUND where there is no such county */
async function boxOf(database: Database, county: string): Promise<Bbox> {
  const row = await database.transaction({ kind: "county", county }, (tx) => findCounty(tx, county));
  if (!row)
    throw userError(`there is no county ${county}`, {
      code: "NOT_FOUND",
      at: "--county",
      hint: `Add it first: jingwei county add ${county}`,
    });
  const { west, south, east, north } = row;
  return west === null || south === null || east === null || north === null ? CHINA : [west, south, east, north];
}

/** Copies a file into the folder of base maps under a name of its content; whole or not at all. */
async function keepFile(
  path: string,
  dir: string,
  county: string,
  ending: string,
): Promise<[name: string, hash: string]> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  const version = hash.digest("hex").slice(0, 16);
  const folder = baseMapFolder(dir);
  await mkdir(folder, { recursive: true });
  const name = `${county}-${version}.${ending}`;
  const partial = join(folder, `.${name}.${randomUUID()}`);
  try {
    await copyFile(path, partial);
    await rename(partial, join(folder, name));
  } finally {
    await rm(partial, { force: true });
  }
  return [name, version];
}

/** Registers a row with its audit entry, and takes away the file of the one before. */
async function register(database: Database, dir: string, row: BaseMapRow): Promise<BaseMapRow> {
  const before = await database.transaction({ kind: "county", county: row.county }, async (tx) => {
    const known = await findBaseMap(tx, row.county);
    await putBaseMap(tx, row);
    await appendAudit(tx, row.county, {
      ...systemActor(row.addedBy),
      action: "basemap.set",
      entity: {
        type: "basemap",
        kind: row.kind,
        source: row.source,
        reviewNumber: row.reviewNumber,
        version: row.version,
      },
      at: row.addedAt,
    });
    return known;
  });
  if (before?.file && before.file !== row.file) await rm(join(baseMapFolder(dir), before.file), { force: true });
  return row;
}

/** Takes a file as a county's base map, in place of the one before. @throws dataError where it is none */
export async function setFile(database: Database, dir: string, path: string, terms: BaseMapTerms): Promise<BaseMapRow> {
  await boxOf(database, terms.county);
  const { bounds, bytes, ...found } = await inspectFile(path);
  const [file, version] = await keepFile(path, dir, terms.county, found.kind === "geotiff" ? "tif" : "pmtiles");
  return register(database, dir, {
    ...rowOf(terms, found),
    ...{ version, file, bytes, url: null, firstMatrix: 0 },
    ...corners(bounds),
  });
}

/** Takes a tile service of the intranet as a county's base map. @throws dataError where it does not answer with tiles */
export async function setService(
  database: Database,
  dir: string,
  service: ServiceTerms,
  terms: BaseMapTerms,
): Promise<BaseMapRow> {
  const { bounds, ...found } = await inspectService(service, await boxOf(database, terms.county));
  const { template: url, firstMatrix } = service;
  // The instant is in it: what a service shows under an address may have changed.
  const version = createHash("sha256")
    .update(JSON.stringify([url, found, terms.nowMs]))
    .digest("hex")
    .slice(0, 16);
  return register(database, dir, {
    ...rowOf(terms, found),
    ...{ version, file: null, bytes: null, url, firstMatrix },
    ...corners(bounds),
  });
}

const corners = (bounds: Bbox | null): Pick<BaseMapRow, "west" | "south" | "east" | "north"> => ({
  west: bounds?.[0] ?? null,
  south: bounds?.[1] ?? null,
  east: bounds?.[2] ?? null,
  north: bounds?.[3] ?? null,
});

type Found = Pick<BaseMapRow, "kind" | "format" | "tileSize" | "minZoom" | "maxZoom" | "crs">;
const rowOf = (terms: BaseMapTerms, found: Found) => ({
  county: terms.county,
  source: terms.source,
  reviewNumber: terms.reviewNumber,
  addedAt: new Date(terms.nowMs).toISOString(),
  addedBy: terms.actor,
  kind: found.kind,
  format: found.format,
  tileSize: found.tileSize,
  minZoom: found.minZoom,
  maxZoom: found.maxZoom,
  crs: found.crs,
});

/** Forgets a county's base map and takes its file away. @throws NOT_FOUND where it has none */
export async function removeBaseMap(
  database: Database,
  dir: string,
  { county, nowMs, actor }: Pick<BaseMapTerms, "county" | "nowMs" | "actor">,
): Promise<BaseMapRow> {
  const row = await database.transaction({ kind: "county", county }, async (tx) => {
    const known = await findBaseMap(tx, county);
    if (!known)
      throw userError(`${county} has no base map`, {
        code: "NOT_FOUND",
        at: "--county",
        hint: "jingwei basemap list shows those that there are.",
      });
    await deleteBaseMap(tx, county);
    await appendAudit(tx, county, {
      ...systemActor(actor),
      action: "basemap.remove",
      entity: { type: "basemap", kind: known.kind, version: known.version },
      at: new Date(nowMs).toISOString(),
    });
    return known;
  });
  if (row.file) await rm(join(baseMapFolder(dir), row.file), { force: true });
  return row;
}
