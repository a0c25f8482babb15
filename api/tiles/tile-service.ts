import type { TileId } from "../../data/tiles/tile-math.ts";
import type { Database } from "../../db/driver.ts";
import type { RequestContext } from "../context.ts";
import type { CountyModel } from "../mappers.ts";
import { CaseChanges } from "./case-changes.ts";
import { ByteBudgetCache, CachedBytes, SharedFlights } from "./tile-cache.ts";
import { judgedAt, type TileLayer, type TileSources } from "./tile-layer.ts";

/** Tiles kept in memory, bytes. */
const TILE_BYTES = 96 * 1024 * 1024;
/** Shapes of counties kept in memory, bytes. */
const SOURCE_BYTES = 256 * 1024 * 1024;

/** A tile with what it was made from. */
interface MadeTile {
  readonly content: CachedBytes;
  /** Version of loads, and the layer's period. */
  readonly version: string;
  /** Live version of cases that it is known to be true for. */
  live: number;
}

/** Makes tiles once, keeps them, and knows which of them an edit touched. */
export class TileService {
  readonly #tiles = new ByteBudgetCache<MadeTile>(TILE_BYTES);
  readonly #flights = new SharedFlights<MadeTile>();
  readonly #sources: TileSources = { kept: new ByteBudgetCache(SOURCE_BYTES), flights: new SharedFlights() };
  readonly #changes: CaseChanges;

  constructor(database: Database) {
    this.#changes = new CaseChanges(database);
  }

  /** The tile as the request's viewer may see it, at the data version that the county has now. */
  async tile<Query>(
    layer: TileLayer<Query>,
    context: RequestContext,
    county: CountyModel,
    tile: TileId,
    query: Query,
  ): Promise<CachedBytes> {
    const permission = layer.permission(context.viewer, county);
    const key = JSON.stringify([layer.name, tile.z, tile.x, tile.y, permission, query]);
    const version = `${county.contentVersion}|${layer.period(county, context.nowMs)}`;
    const live = layer.live ? Number(county.liveVersion) : 0;
    const known = this.#tiles.get(key);
    if (known?.version === version && (await this.#changes.leftAlone(county.county, tile, known.live, live))) {
      known.live = Math.max(known.live, live);
      return known.content;
    }
    if (layer.live) await this.#changes.watch(county.county);
    // Equal requests share one making, but only those that ask for the same version: who comes after an edit sees it.
    const made = await this.#flights.join(`${version}|${live}|${key}`, async () => {
      const asOf = judgedAt(county);
      const bytes = await layer.encode({ context, county, tile, query, asOf, permission, sources: this.#sources });
      const content = new CachedBytes(bytes);
      // Equal content keeps its compressed forms.
      const same = known?.content.etag === content.etag ? known.content : content;
      const entry: MadeTile = { content: same, version, live };
      this.#tiles.set(key, entry, same.size);
      return entry;
    });
    return made.content;
  }
}
