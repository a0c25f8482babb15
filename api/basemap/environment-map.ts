import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { inDegrees } from "../../data/basemap/base-map.ts";
import { AppError } from "../../data/model/errors.ts";
import { MAX_ZOOM } from "../../data/tiles/tile-math.ts";
import type { BaseMapRow } from "../../db/repositories/base-map-repository.ts";
import type { Config } from "../config.ts";
import { inspectFile } from "./inspect.ts";
import { serviceTermsOf } from "./service-terms.ts";

/** The base map that the environment names, for every county that has none of its own. */
export interface EnvironmentMap {
  readonly row: Omit<BaseMapRow, "county">;
  /** Its file, where it stands; null for a service. */
  readonly path: string | null;
}

/**
 * Looks at the base map of `BASEMAP_FILE` or `BASEMAP_URL`. A file is opened; a service is only asked for its first tile, so
 * that a server starts also while the service is away.
 *
 * @returns undefined where the environment names none
 * @throws AppError that names the variable, for a file that is none and an address that is none
 */
export async function environmentMap(
  { basemap }: Pick<Config, "basemap">,
  nowMs: number,
): Promise<EnvironmentMap | undefined> {
  if (!basemap) return undefined;
  const { file, url, source, reviewNumber } = basemap;
  const terms = { source, reviewNumber, addedAt: new Date(nowMs).toISOString(), addedBy: "environment" };
  if (file !== undefined) {
    const path = resolve(file);
    const { bounds, ...found } = await inspectFile(path).catch((error: unknown) => {
      throw named(error, "BASEMAP_FILE");
    });
    const { size, mtimeMs } = await stat(path);
    const [west, south, east, north] = bounds ?? [null, null, null, null];
    const version = versionOf([path, size, mtimeMs]);
    return {
      path,
      row: { ...terms, ...found, ...{ west, south, east, north, version }, file: null, url: null, firstMatrix: 0 },
    };
  }
  if (url === undefined) return undefined;
  const { template, crs, firstMatrix } = withoutKey(url, () => serviceTermsOf({ ...basemap, url }));
  return {
    path: null,
    row: {
      ...terms,
      ...{ kind: "service", format: "png", tileSize: 256, crs, firstMatrix, url: template },
      ...{ minZoom: inDegrees(crs) ? 1 : 0, maxZoom: MAX_ZOOM, west: null, south: null, east: null, north: null },
      ...{ file: null, bytes: null, version: versionOf([template, crs, firstMatrix, nowMs]) },
    },
  };
}

const versionOf = (parts: readonly unknown[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);

/** The same error, with the variable that is at fault. */
function named(error: unknown, variable: string, message?: string): unknown {
  if (!(error instanceof AppError)) return error;
  const { kind, code, hint } = error;
  return new AppError(kind, `${variable}: ${message ?? error.message}`, { code, at: variable, hint, cause: error });
}

/** Does something with an address; what goes wrong is told without its query, which may hold a key. */
function withoutKey<Value>(url: string, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    const bare = url.split("?")[0] ?? "";
    throw named(error, "BASEMAP_URL", error instanceof AppError ? error.message.replaceAll(url, bare) : undefined);
  }
}
