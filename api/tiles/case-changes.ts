import type { LonLat } from "../../data/model/geometry.ts";
import type { TileId } from "../../data/tiles/tile-math.ts";
import { worldX, worldY } from "../../data/tiles/tile-math.ts";

/** Changes of a county that are remembered: tiles that were asked for before all of them are made anew. */
const REMEMBERED = 8192;

interface Change {
  readonly liveVersion: number;
  /** Web Mercator position 0 … 1; undefined = may have touched any tile. */
  readonly place: readonly [x: number, y: number] | undefined;
}

interface County {
  /** Every change after this version and up to `to` is remembered. */
  from: number;
  to: number;
  changes: Change[];
  waiting: (() => void)[];
}

/**
 * Where cases changed lately, by county and live version: which tiles a change touched, and which it left as they are.
 * The write path never moves a case, so where it lies now is where it lay before; loads are told of as `undefined`.
 */
export class CaseChanges {
  readonly #counties = new Map<string, County>();

  /**
   * Remembers one transaction, after the ones before it.
   *
   * @param places where its cases lie, 1e-7 degree; undefined = anywhere
   */
  note(county: string, liveVersion: number, places: readonly LonLat[] | undefined): void {
    const known = this.#counties.get(county) ?? {
      from: liveVersion - 1,
      to: liveVersion - 1,
      changes: [],
      waiting: [],
    };
    this.#counties.set(county, known);
    if (liveVersion <= known.to) return;
    // A gap: what came before cannot be told any more.
    if (liveVersion > known.to + 1) [known.from, known.changes] = [liveVersion - 1, []];
    known.to = liveVersion;
    if (!places) known.changes.push({ liveVersion, place: undefined });
    else for (const [lon, lat] of places) known.changes.push({ liveVersion, place: [worldX(lon), worldY(lat)] });
    while (known.changes.length > REMEMBERED) {
      known.from = (known.changes[0] as Change).liveVersion;
      known.changes = known.changes.filter((change) => change.liveVersion > known.from);
    }
    for (const done of known.waiting.splice(0)) done();
  }

  /** Forgets a county whose changes can no longer be told: its tiles are made anew. */
  forget(county: string): void {
    const known = this.#counties.get(county);
    this.#counties.delete(county);
    for (const done of known?.waiting ?? []) done();
  }

  /** True when no change after version `from` and up to `to` touched the tile, false where one did or is not known. */
  leftAlone(county: string, { z, x, y }: TileId, from: number, to: number): boolean {
    if (from >= to) return true;
    const known = this.#counties.get(county);
    if (!known || from < known.from || to > known.to) return false;
    const tiles = 2 ** z;
    return !known.changes.some(
      ({ liveVersion, place }) =>
        liveVersion > from &&
        liveVersion <= to &&
        (!place || (Math.floor(place[0] * tiles) === x && Math.floor(place[1] * tiles) === y)),
    );
  }

  /** Waits until a version is known, where earlier ones are: it is on its way then. */
  async reach(county: string, liveVersion: number, waitMs: number): Promise<void> {
    const until = Date.now() + waitMs;
    for (;;) {
      const known = this.#counties.get(county);
      const left = until - Date.now();
      if (!known || known.to >= liveVersion || left <= 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        known.waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }
}
