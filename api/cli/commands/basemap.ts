import { stat } from "node:fs/promises";
import { BASE_MAP_CRS, looksLikeReviewNumber } from "../../../data/basemap/base-map.ts";
import { userError } from "../../../data/model/errors.ts";
import type { BaseMapRow } from "../../../db/repositories/base-map-repository.ts";
import type { ServiceTerms } from "../../basemap/inspect.ts";
import { serviceTermsOf } from "../../basemap/service-terms.ts";
import { requireReadable } from "../../services/importing/input-files.ts";
import type { Command, CommandCall, CommandIo } from "../command.ts";
import {
  DATABASE_OPTIONS,
  dataDir,
  EXIT,
  printResult,
  requiredFlag,
  textFlag,
  UsageError,
  withDatabase,
} from "../command.ts";
import { requireCountyCode } from "../county-code.ts";

const USAGE = `jingwei basemap set FILE|URL --county CODE --source TEXT --review-number TEXT [--json]
jingwei basemap list [--json]
jingwei basemap remove --county CODE [--json]

  FILE             a PMTiles file (vector or pictures), or a GeoTIFF in EPSG:4326, 4490 or 3857; it is copied
  URL              a tile service of the intranet: an address with {z}, {x} and {y}, or a WMTS with --layer
  --county         six-digit code
  --source         who made the map; drawn on every map that shows it
  --review-number  审图号, for example GS(2024)0650号; drawn on every map that shows it
  --crs            of a service: EPSG:3857 (default) or EPSG:4490 (tiles in degrees, 天地图 matrix set c)
  --layer          of a WMTS, with --matrix-set (c for EPSG:4490, w for EPSG:3857), --style and --format
  --first-matrix   number of the first matrix: 0 in EPSG:3857; in degrees of the one with two tiles (default 1)
  --min-zoom, --max-zoom   zooms that the service has
  --dir            folder of the embedded database (default JINGWEI_DIR or ./.jingwei)

Only the host of the URL is ever asked, by the server; pages ask the server. A county has one base map; set replaces it.`;

export const basemapCommand: Command = {
  usage: USAGE,
  options: {
    ...DATABASE_OPTIONS,
    ...{ county: { type: "string" }, source: { type: "string" }, "review-number": { type: "string" } },
    ...{ crs: { type: "string" }, layer: { type: "string" }, "matrix-set": { type: "string" } },
    ...{ style: { type: "string" }, format: { type: "string" }, "first-matrix": { type: "string" } },
    ...{ "min-zoom": { type: "string" }, "max-zoom": { type: "string" }, json: { type: "boolean" } },
  },
  run(call, io) {
    const [action, what, ...extra] = call.positionals;
    if (extra.length > 0) throw new UsageError(`unexpected words: ${extra.join(" ")}`);
    if (action === "set") {
      if (what === undefined) throw new UsageError("FILE or URL is missing");
      return set(what, call, io);
    }
    if (what !== undefined) throw new UsageError(`unexpected word: ${what}`);
    if (action === "list") return list(call, io);
    if (action === "remove") return remove(call, io);
    throw new UsageError("say what to do: set, list or remove");
  },
};

/** A flag that the law asks for: without it no map is shown (测绘法 article 38, 地图管理条例 article 15 and following). */
function requiredTerm(call: CommandCall, name: string, what: string): string {
  const value = textFlag(call, name)?.trim();
  if (value) return value;
  throw userError(`--${name} is missing: ${what}`, {
    at: `--${name}`,
    hint: "A public map carries its source and its review number (审图号); both are printed on the map you were given.",
  });
}

function numberFlag(call: CommandCall, name: string, high: number): number | undefined {
  const text = textFlag(call, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,2}$/.test(text) || Number(text) > high)
    throw new UsageError(`--${name} is a whole number from 0 to ${high}`);
  return Number(text);
}

async function set(what: string, call: CommandCall, io: CommandIo): Promise<number> {
  const county = requiredFlag(call, "county");
  requireCountyCode(county, "--county");
  const source = requiredTerm(call, "source", "who made the map");
  const reviewNumber = requiredTerm(call, "review-number", "the map's 审图号");
  const terms = { county, source, reviewNumber, nowMs: io.now(), actor: "cli" };
  const { setFile, setService } = await import("../../basemap/set-base-map.ts");
  const isFile = !what.includes("://") || (await stat(what).catch(() => undefined)) !== undefined;
  if (isFile) {
    for (const name of ["crs", "layer", "matrix-set", "style", "format", "first-matrix", "min-zoom", "max-zoom"])
      if (textFlag(call, name) !== undefined) throw new UsageError(`--${name} is for services; a file says it itself`);
    await requireReadable(what);
  }
  const service = isFile ? undefined : serviceOf(what, call);
  const dir = dataDir(call, io);
  const row = await withDatabase(call, io, ({ database }) =>
    service ? setService(database, dir, service, terms) : setFile(database, dir, what, terms),
  );
  if (!looksLikeReviewNumber(reviewNumber))
    io.err(`注意 note: "${reviewNumber}" 不像审图号 does not look like a review number such as GS(2024)0650号\n`);
  printResult(call, io, shown(row), `已设置底图 base map set: ${lineOf(row)}`);
  return EXIT.done;
}

function serviceOf(url: string, call: CommandCall): ServiceTerms {
  const given = textFlag(call, "crs");
  const crs = BASE_MAP_CRS.find((one) => one === given);
  if (given !== undefined && !crs) throw new UsageError(`--crs of a service is one of ${BASE_MAP_CRS.join(", ")}`);
  const [minZoom, maxZoom] = [numberFlag(call, "min-zoom", 18), numberFlag(call, "max-zoom", 18)];
  if (minZoom !== undefined && maxZoom !== undefined && minZoom > maxZoom)
    throw new UsageError("--min-zoom is larger than --max-zoom");
  return serviceTermsOf({
    ...{ url, crs, minZoom, maxZoom, firstMatrix: numberFlag(call, "first-matrix", 30) },
    ...{ layer: textFlag(call, "layer"), matrixSet: textFlag(call, "matrix-set") },
    ...{ style: textFlag(call, "style"), format: textFlag(call, "format") },
  });
}

/** Address of a service without its query, which may hold a key. */
const addressOf = ({ url, file }: BaseMapRow): string => (url ? (url.split("?")[0] ?? "") : (file ?? ""));

/** What is printed of a base map; the key of a service is not. */
const shown = (row: BaseMapRow) => ({ ...row, url: row.url && addressOf(row) });

const lineOf = (row: BaseMapRow): string =>
  [
    row.county,
    row.kind,
    addressOf(row),
    `${row.crs} z${row.minZoom}–${row.maxZoom}`,
    `来源 ${row.source}`,
    `审图号 ${row.reviewNumber}`,
  ].join("  ");

async function list(call: CommandCall, io: CommandIo): Promise<number> {
  const { listCounties } = await import("../../../db/import/county-admin.ts");
  const { findBaseMap } = await import("../../../db/repositories/base-map-repository.ts");
  const maps = await withDatabase(call, io, async ({ database }) => {
    const found: BaseMapRow[] = [];
    for (const { code: county } of await listCounties(database)) {
      const row = await database.transaction({ kind: "county", county }, (tx) => findBaseMap(tx, county));
      if (row) found.push(row);
    }
    return found;
  });
  const text = maps.map(lineOf).join("\n") || "没有底图 no base map yet: jingwei basemap set FILE --county CODE";
  printResult(call, io, { baseMaps: maps.map(shown) }, text);
  return EXIT.done;
}

async function remove(call: CommandCall, io: CommandIo): Promise<number> {
  const county = requiredFlag(call, "county");
  requireCountyCode(county, "--county");
  const { removeBaseMap } = await import("../../basemap/set-base-map.ts");
  const dir = dataDir(call, io);
  const row = await withDatabase(call, io, ({ database }) =>
    removeBaseMap(database, dir, { county, nowMs: io.now(), actor: "cli" }),
  );
  printResult(call, io, shown(row), `已移除底图 base map removed: ${lineOf(row)}`);
  return EXIT.done;
}
