import i18next from "i18next";
import type { BaseMapDescription } from "../../data/basemap/base-map.ts";
import { decodeColumns } from "../../data/columns/format.ts";
import type { AreaLevel } from "../../data/model/codes.ts";
import { bugError } from "../../data/model/errors.ts";
import type { FeatureCollection } from "../../data/model/geojson.ts";
import { reportUnauthenticated } from "../app/csrf.ts";
import type { AreaFeature, BuildingColumns, CameraColumns } from "./county-data.ts";

/** An answer that the browser may already have: undefined body = unchanged since `etag`. */
export interface Revalidated<T> {
  readonly etag: string | undefined;
  readonly body: T | undefined;
}

/** A request that the server refused or that never reached it, in words for the screen. */
export class FetchError extends Error {
  override readonly name = "FetchError";
  /** Status of the answer. */
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

async function get(path: string, etag: string | undefined, signal?: AbortSignal): Promise<Response | undefined> {
  const response = await fetch(path, {
    // Revalidation is ours: the answer's ETag travels with the parsed columns.
    cache: "no-store",
    headers: etag ? { "If-None-Match": etag } : {},
    ...(signal ? { signal } : {}),
  });
  if (response.status === 304) return undefined;
  if (!response.ok) {
    const text = await response.text();
    if (response.status === 401) reportUnauthenticated();
    if (response.status === 403) throw new FetchError(i18next.t("error.forbidden"), 403);
    throw new FetchError(`${path.split("?")[0]}: ${response.status} ${text.slice(0, 200)}`, response.status);
  }
  return response;
}

async function revalidate<T>(
  path: string,
  parse: (response: Response) => Promise<T>,
  etag: string | undefined,
  signal?: AbortSignal,
): Promise<Revalidated<T>> {
  const response = await get(path, etag, signal);
  if (!response) return { etag, body: undefined };
  return { etag: response.headers.get("ETag") ?? undefined, body: await parse(response) };
}

const binary = async (response: Response) => decodeColumns(await response.arrayBuffer());

const column = <T>(value: unknown, arrayType: abstract new (...args: never[]) => T, name: string): T => {
  if (!(value instanceof arrayType)) throw bugError(`columns lack ${name}`);
  return value as T;
};

/** Areas of the given levels, sorted by code; the server sends them as GeoJSON (RFC 7946). */
export const fetchAreas = (county: string, levels: readonly AreaLevel[], etag?: string, signal?: AbortSignal) =>
  revalidate<readonly AreaFeature[]>(
    `/columns/areas?county=${county}&levels=${levels.join(",")}`,
    async (response) => {
      const { features } = (await response.json()) as FeatureCollection<Omit<AreaFeature, "geometry">>;
      return features.map(({ properties, geometry }) => {
        if (geometry.type !== "MultiPolygon") throw bugError(`area ${properties.code} is a ${geometry.type}`);
        return { ...properties, geometry };
      });
    },
    etag,
    signal,
  );

/** Cameras of the county. */
export const fetchCameras = (county: string, etag?: string, signal?: AbortSignal) =>
  revalidate<CameraColumns>(
    `/columns/cameras?county=${county}`,
    async (response) => {
      const { rows, columns, dictionaries } = await binary(response);
      return {
        rows,
        lon: column(columns["lon"], Int32Array, "lon"),
        lat: column(columns["lat"], Int32Array, "lat"),
        azimuth: column(columns["azimuth"], Uint16Array, "azimuth"),
        angle: column(columns["angle"], Uint16Array, "angle"),
        range: column(columns["range"], Uint16Array, "range"),
        network: column(columns["network"], Uint8Array, "network"),
        status: column(columns["status"], Uint8Array, "status"),
        grid: column(columns["grid"], Uint32Array, "grid"),
        grids: dictionaries["grids"] ?? [],
        ids: dictionaries["ids"] ?? [],
        names: dictionaries["names"] ?? [],
      };
    },
    etag,
    signal,
  );

/** Buildings of the county with their households. */
export const fetchBuildings = (county: string, etag?: string, signal?: AbortSignal) =>
  revalidate<BuildingColumns>(
    `/columns/buildings?county=${county}`,
    async (response) => {
      const { rows, columns, dictionaries } = await binary(response);
      return {
        rows,
        lon: column(columns["lon"], Int32Array, "lon"),
        lat: column(columns["lat"], Int32Array, "lat"),
        households: column(columns["households"], Uint16Array, "households"),
        grid: column(columns["grid"], Uint32Array, "grid"),
        grids: dictionaries["grids"] ?? [],
      };
    },
    etag,
    signal,
  );

/** What the county's base map is; null where it has none. */
export const fetchBaseMap = (county: string, etag?: string, signal?: AbortSignal) =>
  revalidate<BaseMapDescription | null>(
    `/basemap/${county}.json`,
    async (response) => (response.status === 204 ? null : ((await response.json()) as BaseMapDescription)),
    etag,
    signal,
  );

/** Layers of plain GeoJSON: `context` (roads, water …), `footprints` (buildings) and `compounds`. */
export const fetchGeoJson = (
  layer: "context" | "footprints" | "compounds",
  county: string,
  etag?: string,
  signal?: AbortSignal,
) =>
  revalidate<FeatureCollection>(
    `/columns/${layer}?county=${county}`,
    async (response) => (await response.json()) as FeatureCollection,
    etag,
    signal,
  );
