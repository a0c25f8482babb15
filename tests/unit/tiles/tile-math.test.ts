import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TILE_CELLS, TileCells } from "../../../data/tiles/cell-tile.ts";
import { TileProjection } from "../../../data/tiles/point-tile.ts";
import { boxOfTile, EXTENT, holds, isTile, MAX_ZOOM, tileAt, worldY } from "../../../data/tiles/tile-math.ts";

/** Positions up to 85° of latitude, 1e-7 degree. */
const lon = fc.integer({ min: -1_800_000_000, max: 1_799_999_999 });
const lat = fc.integer({ min: -850_000_000, max: 850_000_000 });
const zoom = fc.integer({ min: 0, max: MAX_ZOOM });

describe("tiles over the lattice", () => {
  it("give a position one tile of each zoom, the one that its box holds, inside the one before", () => {
    fc.assert(
      fc.property(lon, lat, zoom, (x, y, z) => {
        const tile = tileAt(x, y, z);
        if (!tile) throw new Error("no tile");
        expect(isTile(tile)).toBe(true);
        expect(holds(boxOfTile(tile), x, y)).toBe(true);
        const parent = { z: z - 1, x: tile.x >> 1, y: tile.y >> 1 };
        if (z > 0) expect(tileAt(x, y, z - 1)).toEqual(parent);
      }),
    );
  });

  it("share edges with their neighbours: what one box does not hold, the next one does", () => {
    fc.assert(
      fc.property(lon, lat, fc.integer({ min: 1, max: MAX_ZOOM }), (x, y, z) => {
        const tile = tileAt(x, y, z);
        if (!tile) throw new Error("no tile");
        const box = boxOfTile(tile);
        const last = 2 ** z - 1;
        if (tile.x < last) expect(boxOfTile({ ...tile, x: tile.x + 1 }).west).toBe(box.east);
        if (tile.y < last) expect(boxOfTile({ ...tile, y: tile.y + 1 }).north).toBe(box.south);
        expect(tileAt(box.west, box.south, z)).toEqual(tile);
        expect(tileAt(box.east - 1, box.north - 1, z)).toEqual(tile);
      }),
    );
  });

  it("say what is known of the world", () => {
    // The equator and the zero meridian belong to the tiles south and east of them.
    expect(tileAt(0, 0, 1)).toEqual({ z: 1, x: 1, y: 1 });
    expect(tileAt(1_163_975_000, 399_087_000, 10)).toEqual({ z: 10, x: 843, y: 388 });
    expect(tileAt(0, 860_000_000, 5)).toBeUndefined();
    expect(isTile({ z: 3, x: 8, y: 0 })).toBe(false);
    expect(isTile({ z: MAX_ZOOM + 1, x: 0, y: 0 })).toBe(false);
    expect(isTile({ z: 1, x: 0.5, y: 0 })).toBe(false);
  });

  it("place points of near zooms within a unit of where Mercator has them", () => {
    const near = fc.integer({ min: 12, max: MAX_ZOOM });
    fc.assert(
      fc.property(lon, lat, near, (x, y, z) => {
        const tile = tileAt(x, y, z);
        if (!tile) throw new Error("no tile");
        const project = new TileProjection(tile);
        const scale = EXTENT * 2 ** z;
        const [tx, ty] = [((x + 1.8e9) / 3.6e9) * scale - tile.x * EXTENT, worldY(y) * scale - tile.y * EXTENT];
        expect(Math.abs(project.x(x) + 0.5 - tx)).toBeLessThan(0.51);
        expect(Math.abs(project.y(y) + 0.5 - ty)).toBeLessThan(0.51);
      }),
    );
  });

  it("count in cells that are tiles seven zooms closer", () => {
    fc.assert(
      fc.property(lon, lat, fc.integer({ min: 0, max: MAX_ZOOM - 7 }), (x, y, z) => {
        const tile = tileAt(x, y, z);
        const closer = tileAt(x, y, z + 7);
        if (!tile || !closer) throw new Error("no tile");
        const cell = new TileCells(tile).cellOf(x, y);
        expect(cell % TILE_CELLS).toBe(closer.x - tile.x * TILE_CELLS);
        expect(Math.floor(cell / TILE_CELLS)).toBe(closer.y - tile.y * TILE_CELLS);
      }),
      { numRuns: 60 },
    );
  });
});
