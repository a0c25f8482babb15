import { describe, expect, it } from "vitest";
import { Prng } from "../../../data/demo/prng.ts";
import { fromLattice, type LonLat, type MultiPolygonRings, type Ring } from "../../../data/model/geometry.ts";
import { areaLayer, MARGIN, tileArea } from "../../../data/tiles/area-tile.ts";
import { encodeTile } from "../../../data/tiles/mvt-writer.ts";
import { weighCoverage } from "../../../data/tiles/shared-lines.ts";
import { EXTENT, type TileId, tileAt } from "../../../data/tiles/tile-math.ts";
import { featuresOf, type ReadFeature } from "../../helpers/read-tile.ts";
import { wavyCoverage } from "../../helpers/wavy-coverage.ts";

type Part = ReadFeature["parts"][number];
const [WEST, SOUTH] = [1_125_000_000, 399_000_000];
const LOW = -MARGIN;
const HIGH = EXTENT + MARGIN;

const tileOf = (areas: readonly MultiPolygonRings[], tile: TileId): readonly ReadFeature[] =>
  featuresOf(
    encodeTile([
      areaLayer(
        "areas",
        weighCoverage(areas).map((polygons, n) => tileArea(polygons, { n })),
        tile,
      ),
    ]),
    "areas",
  );

/** Twice the area of a part; positive for clockwise on screen. The reader repeats the first position. */
const doubleArea = (part: Part): number =>
  part.slice(1).reduce((sum, [x, y], i) => {
    const [px, py] = part[i] as readonly [number, number];
    return sum + px * y - x * py;
  }, 0);

/** How often each piece is walked in one direction more than in the other; pieces along the tile's cut are left out. */
function imbalance(parts: readonly Part[], sums = new Map<string, number>(), weight = 1): Map<string, number> {
  for (const part of parts)
    for (let i = 1; i < part.length; i++) {
      const [a, b] = [part[i - 1], part[i]] as [readonly [number, number], readonly [number, number]];
      const alongCut = [0, 1].some((axis) => a[axis] === b[axis] && (a[axis] === LOW || a[axis] === HIGH));
      if (alongCut) continue;
      const forward = a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
      const key = forward ? `${a} ${b}` : `${b} ${a}`;
      sums.set(key, (sums.get(key) ?? 0) + (forward ? weight : -weight));
    }
  return sums;
}

const square = (x: number, y: number, size: number): Ring =>
  [
    [x, y],
    [x + size, y],
    [x + size, y + size],
    [x, y + size],
    [x, y],
  ].map(([lon, lat]): LonLat => [fromLattice(lon as number), fromLattice(lat as number)]);

describe("areas of a tile", () => {
  const random = new Prng("wavy");
  const coverage = wavyCoverage(random, WEST, SOUTH, 40_000, 12, 20);
  const middle = WEST + 240_000;
  const tiles = [8, 10, 11, 12, 13, 14, 16].map((z) => tileAt(middle, SOUTH + 240_000, z) as TileId);

  it.each(tiles)("are a coverage at zoom $z too: what one leaves its neighbour takes", (tile) => {
    const features = tileOf([...coverage.areas, coverage.whole], tile);
    const last = coverage.areas.length;
    const areas = features.filter(({ properties }) => properties["n"] !== last);
    const whole = features.filter(({ properties }) => properties["n"] === last);
    expect(areas.length).toBeGreaterThan(0);
    const sums = imbalance(areas.flatMap(({ parts }) => parts));
    imbalance(
      whole.flatMap(({ parts }) => parts),
      sums,
      -1,
    );
    expect([...sums].filter(([, count]) => count !== 0)).toEqual([]);
    const total = (list: readonly ReadFeature[]) =>
      list.flatMap(({ parts }) => parts).reduce((sum, part) => sum + doubleArea(part), 0);
    expect(total(areas)).toBe(total(whole));
    if (tile.z >= 14) expect(total(areas)).toBe(2 * (HIGH - LOW) ** 2);
  });

  it("are thinned out far away", () => {
    const count = (features: readonly ReadFeature[]) =>
      features.reduce((sum, { parts }) => sum + parts.reduce((all, part) => all + part.length, 0), 0);
    const far = count(tileOf(coverage.areas, tileAt(middle, SOUTH + 240_000, 5) as TileId));
    const near = count(tileOf(coverage.areas, tileAt(middle, SOUTH + 240_000, 10) as TileId));
    expect(near).toBeGreaterThan(3000);
    expect(far).toBeLessThan(near / 4);
  });

  it("have outer rings clockwise on screen and holes the other way", () => {
    for (const tile of tiles)
      for (const { parts } of tileOf(coverage.areas, tile))
        for (const part of parts) expect(doubleArea(part)).toBeGreaterThan(0);
    const holed: MultiPolygonRings = [
      [square(WEST, SOUTH, 100_000), square(WEST + 40_000, SOUTH + 40_000, 20_000).toReversed()],
    ];
    const island: MultiPolygonRings = [[square(WEST + 40_000, SOUTH + 40_000, 20_000)]];
    const tile = tileAt(WEST + 50_000, SOUTH + 50_000, 12) as TileId;
    const [outer, inner] = tileOf([holed, island], tile);
    expect(outer?.parts.map((part) => Math.sign(doubleArea(part)))).toEqual([1, -1]);
    expect(inner?.parts.map((part) => Math.sign(doubleArea(part)))).toEqual([1]);
    expect(doubleArea(outer?.parts[1] ?? [])).toBe(-doubleArea(inner?.parts[0] ?? []));
  });

  it("go on at the same height in the tile beside", () => {
    const left = tileAt(middle, SOUTH + 240_000, 13) as TileId;
    const right = { ...left, x: left.x + 1 };
    /** Heights at which borders cross a line from north to south. */
    const heights = (tile: TileId, at: number): number[] =>
      tileOf(coverage.areas, tile)
        .flatMap(({ parts }) => parts)
        .flatMap((part) =>
          part.slice(1).flatMap(([x, y], i) => {
            const [px, py] = part[i] as readonly [number, number];
            if (px < at === x < at) return [];
            const height = py + ((at - px) / (x - px)) * (y - py);
            return height > 0 && height < EXTENT ? [height] : [];
          }),
        )
        .sort((a, b) => a - b);
    const [west, east] = [heights(left, EXTENT), heights(right, 0)];
    expect(west.length).toBeGreaterThan(4);
    expect(east.length).toBe(west.length);
    west.forEach((height, i) => {
      expect(Math.abs(height - (east[i] ?? Number.NaN))).toBeLessThan(1);
    });
  });

  it("fill a tile that lies inside one, and are not in one that lies outside all", () => {
    const big: MultiPolygonRings = [[square(WEST, SOUTH, 1_000_000)]];
    const inside = tileAt(WEST + 500_000, SOUTH + 500_000, 15) as TileId;
    const [feature] = tileOf([big], inside);
    expect(doubleArea(feature?.parts[0] ?? [])).toBe(2 * (HIGH - LOW) ** 2);
    expect(tileOf([big], tileAt(WEST - 500_000, SOUTH, 15) as TileId)).toEqual([]);
    // Too small to be seen: no polygon at all, rather than one without area.
    expect(tileOf([[[square(WEST, SOUTH, 100)]]], tileAt(WEST, SOUTH, 3) as TileId)).toEqual([]);
  });
});
