import type { TileId } from "../../data/tiles/tile-math.ts";
import type { Database } from "../../db/driver.ts";
import type { RequestContext } from "../context.ts";
import type { CountyModel } from "../mappers.ts";
import { CaseChanges } from "./case-changes.ts";
import { ByteBudgetCache, SharedFlights } from "./tile-cache.ts";
import { judgedAt, type TileLayer, type TileSources } from "./tile-layer.ts";
import { LentBytes, TileMemory } from "./tile-memory.ts";

/** Tiles kept in memory, bytes. */
const TILE_BYTES = 96 * 1024 * 1024;
/** As many bytes of tiles as that is: a third of it is counted for their compressed forms. */
const TILE_MEMORY = 64 * 1024 * 1024;
/** Shapes of counties kept in memory, bytes. */
const SOURCE_BYTES = 256 * 1024 * 1024;

/** A tile with what it was made from. */
interface MadeTile {
  readonly content: LentBytes;
  /** Version of loads, and the layer's period. */
  readonly version: string;
  /** Live version of cases that it is known to be true for. */
  live: number;
}

/** Makes tiles once, keeps them, and knows which of them an edit touched. */
export class TileService {
  readonly #memory: TileMemory;
  readonly #tiles: ByteBudgetCache<MadeTile>;
  readonly #flights = new SharedFlights<LentBytes>();
  readonly #sources: TileSources = { kept: new ByteBudgetCache(SOURCE_BYTES), flights: new SharedFlights() };
  readonly #changes: CaseChanges;

  /** @param bytes that kept tiles may take @param memory of it, bytes that are used again from tile to tile */
  constructor(database: Database, bytes = TILE_BYTES, memory = TILE_MEMORY) {
    this.#memory = new TileMemory(memory);
    this.#tiles = new ByteBudgetCache(bytes, ({ content }) => content.done());
    this.#changes = new CaseChanges(database);
  }

  /** Bytes of the memory that tiles use in turn which are in use now. */
  get memoryInUse(): number {
    return this.#memory.bytes;
  }

  /**
   * The tile as the request's viewer may see it, at the data version that the county has now.
   *
   * @returns bytes in use: say `done` when they are sent
   */
  async tile<Query>(
    layer: TileLayer<Query>,
    context: RequestContext,
    county: CountyModel,
    tile: TileId,
    query: Query,
  ): Promise<LentBytes> {
    const permission = layer.permission(context.viewer, county);
    const key = JSON.stringify([layer.name, tile.z, tile.x, tile.y, permission, query]);
    const version = `${county.contentVersion}|${layer.period(county, context.nowMs)}`;
    const live = layer.live ? Number(county.liveVersion) : 0;
    const known = this.#tiles.get(key);
    known?.content.use();
    try {
      if (known?.version === version && (await this.#changes.leftAlone(county.county, tile, known.live, live))) {
        known.live = Math.max(known.live, live);
        return known.content.use();
      }
      if (layer.live) await this.#changes.watch(county.county);
      // Equal requests share one making, but only those that ask for the same version: who comes after an edit sees it.
      const made = await this.#flights.join(`${version}|${live}|${key}`, async () => {
        const room = (size: number): Uint8Array<ArrayBuffer> => this.#memory.take(size);
        const asOf = judgedAt(county);
        const sources = this.#sources;
        const bytes = await layer.encode({ context, county, tile, query, asOf, permission, sources, room });
        const content = this.#oneOf(known?.content, bytes);
        this.#tiles.set(key, { content: content.use(), version, live }, content.size);
        // Whoever waits for it takes it before this turn of the loop ends.
        content.use();
        setImmediate(() => content.done());
        return content;
      });
      return made.use();
    } finally {
      known?.content.done();
    }
  }

  /** Equal content keeps its compressed forms; the other's memory is free then. */
  #oneOf(known: LentBytes | undefined, bytes: Uint8Array): LentBytes {
    const made = new LentBytes(bytes, () => this.#memory.giveBack(bytes));
    if (known?.etag !== made.etag) return made;
    this.#memory.giveBack(bytes);
    return known;
  }
}
