import { type TileId, worldX, worldY } from "../../data/tiles/tile-math.ts";
import type { Database } from "../../db/driver.ts";
import { caseChanges, type CaseChanges as ReadChanges } from "../../db/repositories/hot-changes-repository.ts";

/** Changes of a county that are remembered: tiles that were made before all of them are made anew. */
const REMEMBERED = 8192;
/** After every version and place in a feed: asks for the county's own alone. */
const NOTHING_AFTER = Number.MAX_SAFE_INTEGER;

interface Change {
  readonly liveVersion: number;
  /** Web Mercator position 0 … 1; undefined = may have touched any tile. */
  readonly place: readonly [x: number, y: number] | undefined;
}

interface County {
  /** Every change after this live version and up to `to` is remembered. */
  from: number;
  to: number;
  /** End of the feed at `to`. */
  seq: number;
  changes: Change[];
  reading: Promise<void> | undefined;
}

/**
 * Where cases changed lately, by county and live version: which tiles a change touched, and which it left as they are.
 * Read from feed and outbox when somebody asks after a version that is not known yet, once for all who ask. The write path
 * moves a case only with its area, so where it lies now is else where it lay before; whatever else happened may have touched any tile.
 */
export class CaseChanges {
  readonly #database: Database;
  readonly #counties = new Map<string, County>();

  constructor(database: Database) {
    this.#database = database;
  }

  #read(county: string, liveVersion: number, seq: number): Promise<ReadChanges | undefined> {
    return this.#database.transaction({ kind: "county", county }, (tx) => caseChanges(tx, county, liveVersion, seq));
  }

  /** Begins to remember a county's changes, where that has not begun. */
  async watch(county: string): Promise<void> {
    if (this.#counties.has(county)) return;
    const now = await this.#read(county, NOTHING_AFTER, NOTHING_AFTER);
    if (!now || this.#counties.has(county)) return;
    const { liveVersion, seq } = now;
    this.#counties.set(county, { from: liveVersion, to: liveVersion, seq, changes: [], reading: undefined });
  }

  /**
   * True when no change after version `from` and up to `to` touched the tile; false where one did, or may have.
   *
   * @param to a version that the database has had
   */
  async leftAlone(county: string, { z, x, y }: TileId, from: number, to: number): Promise<boolean> {
    if (from >= to) return true;
    const known = this.#counties.get(county);
    if (!known || from < known.from) return false;
    while (known.to < to) {
      known.reading ??= this.#bring(county, known).finally(() => {
        known.reading = undefined;
      });
      await known.reading;
    }
    const tiles = 2 ** z;
    const touches = ({ liveVersion, place }: Change): boolean =>
      liveVersion > from && (!place || (Math.floor(place[0] * tiles) === x && Math.floor(place[1] * tiles) === y));
    return from >= known.from && !known.changes.some(touches);
  }

  /** Takes in what changed since. */
  async #bring(county: string, known: County): Promise<void> {
    const changes = await this.#read(county, known.to, known.seq);
    const passed = (changes?.liveVersion ?? 0) - known.to;
    // Removed and loaded anew: its versions begin again.
    if (!changes || passed <= 0) {
      this.#counties.delete(county);
      [known.from, known.to] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      return;
    }
    const { liveVersion, rows } = changes;
    const isTold = !changes.bulk && !changes.moved && changes.gone.length === 0 && changes.versions === passed;
    if (isTold) for (const { lon, lat } of rows) known.changes.push({ liveVersion, place: [worldX(lon), worldY(lat)] });
    else known.changes.push({ liveVersion, place: undefined });
    [known.to, known.seq] = [liveVersion, changes.seq];
    while (known.changes.length > REMEMBERED) {
      const dropped = known.changes[0] as Change;
      known.from = dropped.liveVersion;
      known.changes = known.changes.filter((change) => change.liveVersion > dropped.liveVersion);
    }
  }
}
