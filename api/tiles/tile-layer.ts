import type { z } from "zod";
import type { Resource } from "../../data/policy/policy.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import type { TileId } from "../../data/tiles/tile-math.ts";
import type { RequestContext } from "../context.ts";
import type { CountyModel } from "../mappers.ts";
import type { ByteBudgetCache, SharedFlights } from "./tile-cache.ts";

/** What every query names. */
export interface CountyQuery {
  readonly county: string;
}

/** One MVT layer of a tile, as TileJSON 3.0.0 tells of it. */
export interface VectorLayer {
  readonly id: string;
  readonly description: string;
  readonly minzoom: number;
  readonly maxzoom: number;
  /** Names of attributes with what they hold. */
  readonly fields: Readonly<Record<string, string>>;
}

/** What a tile is made for. */
export interface TileRequest<Query> {
  readonly context: RequestContext;
  readonly county: CountyModel;
  readonly tile: TileId;
  readonly query: Query;
  /** Instant to judge lateness at, epoch seconds (`judgedAt`). */
  readonly asOf: number;
  /** `permission` of the layer for the viewer. */
  readonly permission: string;
  /** What is kept of a county between requests: it is cut by `permission` when it is made. */
  readonly sources: TileSources;
  /** Memory for the tile's bytes. @param size of them, exactly */
  readonly room: (size: number) => Uint8Array<ArrayBuffer>;
}

/** Shapes and points of counties that are ready for tiles, by what they are and for whom. */
export interface TileSources {
  readonly kept: ByteBudgetCache<unknown>;
  readonly flights: SharedFlights<unknown>;
}

/** One address under `/tiles`. */
export interface TileLayer<Query> {
  readonly name: string;
  readonly description: string;
  /** What the viewer must be allowed to read somewhere; the cut of the tiles is made from the same policy. */
  readonly resource: Resource;
  readonly minzoom: number;
  readonly maxzoom: number;
  readonly parameters: z.ZodType<Query>;
  readonly vectorLayers: (query: Query) => readonly VectorLayer[];
  /** True where changes of cases make other tiles, not only loads. */
  readonly live: boolean;
  /** What else makes other tiles than loads and changes: as long as it is the same, so is the tile. */
  readonly period: (county: CountyModel, nowMs: number) => string;
  /** What the answer depends on beside tile and query, as text: viewers of equal texts get equal tiles. */
  readonly permission: (viewer: Viewer | null, county: CountyModel) => string;
  /** Refuses what the viewer may not ask for. @throws FORBIDDEN, BAD_USER_INPUT */
  readonly check?: (context: RequestContext, county: CountyModel, query: Query) => Promise<void>;
  readonly encode: (request: TileRequest<Query>) => Promise<Uint8Array>;
}

/** What a county has, kept from request to request; made once where several ask at a time. @param size of it in bytes */
export async function keptSource<Value>(
  { sources, county, permission }: Pick<TileRequest<unknown>, "sources" | "county" | "permission">,
  name: string,
  make: () => Promise<{ readonly value: Value; readonly size: number }>,
): Promise<Value> {
  const key = [name, county.county, county.contentVersion, permission].join("|");
  const known =
    sources.kept.get(key) ??
    (await sources.flights.join(key, async () => {
      const { value, size } = await make();
      sources.kept.set(key, value, size);
      return value;
    }));
  return known as Value;
}

const MINUTE_S = 60;

/**
 * Instant that tiles of a county judge lateness at: the end of its data, or the last full minute where it is live, so that
 * tiles without changes stay the same for a while. Epoch seconds.
 */
export function judgedAt({ asOf, historic }: CountyModel): number {
  const seconds = Math.floor(Date.parse(asOf) / 1000);
  return historic ? seconds : Math.floor(seconds / MINUTE_S) * MINUTE_S;
}
