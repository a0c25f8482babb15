import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ContextKind } from "../../../data/model/area.ts";
import { fromLattice, type LonLat, toLattice } from "../../../data/model/geometry.ts";
import { clipLine } from "../../../data/tiles/clip.ts";
import { type ReferenceFeature, referenceShapes, referenceTile } from "../../../data/tiles/reference-tile.ts";
import { EXTENT, type TileId, tileAt, worldX, worldY } from "../../../data/tiles/tile-math.ts";
import { featuresOf, readTile } from "../../helpers/read-tile.ts";

const LOW = -64;
const HIGH = EXTENT + 64;

describe("lines cut to a square", () => {
  const coordinate = fc.integer({ min: -3000, max: 8000 });
  const line = fc
    .array(fc.tuple(coordinate, coordinate), { minLength: 2, maxLength: 12 })
    .map((points) => points.flat());

  it("are all of the line that lies in it, and nothing else", () => {
    fc.assert(
      fc.property(line, (flat) => {
        const pieces = clipLine(flat, LOW, HIGH);
        expect(pieces.flat().every((value) => value >= LOW && value <= HIGH)).toBe(true);
        // By brute force: points along the line are near a piece exactly when they are in the square.
        const near = (x: number, y: number): boolean =>
          pieces.some((piece) =>
            piece.slice(0, -2).some((_, i) => {
              if (i % 2 === 1) return false;
              const [ax, ay, bx, by] = piece.slice(i, i + 4) as [number, number, number, number];
              const length = (bx - ax) ** 2 + (by - ay) ** 2;
              const t =
                length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
              return Math.hypot(ax + t * (bx - ax) - x, ay + t * (by - ay) - y) <= 1.5;
            }),
          );
        for (let i = 0; i + 3 < flat.length; i += 2) {
          const [ax, ay, bx, by] = flat.slice(i, i + 4) as [number, number, number, number];
          for (let step = 0; step <= 20; step++) {
            const [x, y] = [ax + ((bx - ax) * step) / 20, ay + ((by - ay) * step) / 20];
            const edge = Math.min(x - LOW, HIGH - x, y - LOW, HIGH - y);
            if (edge > 3 && (ax !== bx || ay !== by)) expect(near(x, y)).toBe(true);
          }
        }
        for (const piece of pieces)
          for (let i = 0; i < piece.length; i += 2) {
            const [x, y] = [piece[i] as number, piece[i + 1] as number];
            const onLine = flat.slice(0, -2).some((_, at) => {
              if (at % 2 === 1) return false;
              const [ax, ay, bx, by] = flat.slice(at, at + 4) as [number, number, number, number];
              const length = (bx - ax) ** 2 + (by - ay) ** 2;
              const t =
                length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
              return Math.hypot(ax + t * (bx - ax) - x, ay + t * (by - ay) - y) <= 1;
            });
            expect(onLine).toBe(true);
          }
      }),
      { numRuns: 150 },
    );
  });
});

const at = (x: number, y: number): LonLat => [fromLattice(1_130_000_000 + x), fromLattice(400_000_000 + y)];
const road = (name: string, rank: string, ...points: LonLat[]): ReferenceFeature => ({
  kind: "road",
  rank,
  class: null,
  name,
  geometry: { type: "MultiLineString", coordinates: [points] },
});
const FEATURES: readonly ReferenceFeature[] = [
  road("人民路", "arterial", at(0, 0), at(100_000, 30), at(200_000, 0)),
  road("巷", "local", at(0, 10_000), at(200_000, 10_000)),
  {
    kind: "block",
    rank: "block",
    class: "居住",
    name: null,
    geometry: { type: "MultiPolygon", coordinates: [[[at(0, 0), at(9000, 0), at(9000, 9000), at(0, 9000), at(0, 0)]]] },
  },
];
const ALL: readonly ContextKind[] = ["road", "water", "rail", "green", "block"];

describe("tiles of reference layers", () => {
  const shapes = referenceShapes(FEATURES);
  const tile = (z: number): TileId => tileAt(toLattice(at(100_000, 0)[0]), toLattice(40), z) as TileId;
  const names = (z: number, kinds: readonly ContextKind[] = ALL): unknown[] =>
    readTile(referenceTile(shapes, kinds, tile(z))).flatMap(({ name, features }) =>
      features.map(({ properties: p }) => `${name} ${p["name"] ?? p["class"]}`),
    );

  it("hold what is worth drawing at their zoom, and the kinds that were asked for", () => {
    expect(names(8)).toEqual(["roads 人民路"]);
    expect(names(11)).toEqual(["roads 人民路", "roads 巷", "blocks 居住"]);
    expect(names(11, ["block"])).toEqual(["blocks 居住"]);
  });

  it("keep every corner within an eighth of a pixel, and the ends where they are", () => {
    for (const z of [5, 10, 12]) {
      const id = tile(z);
      const [feature] = featuresOf(referenceTile(shapes, ["road"], id), "roads");
      const scale = EXTENT * 2 ** z;
      const expected = [at(0, 0), at(200_000, 0)].map(([lon, lat]) => [
        Math.round(worldX(toLattice(lon)) * scale) - id.x * EXTENT,
        Math.round(worldY(toLattice(lat)) * scale) - id.y * EXTENT,
      ]);
      expect(feature?.type).toBe("LineString");
      const part = feature?.parts[0] ?? [];
      const cut = (value: number): number => Math.max(LOW, Math.min(HIGH, value));
      expect(part[0]?.[0]).toBe(cut(expected[0]?.[0] ?? 0));
      expect(part.at(-1)?.[0]).toBe(cut(expected[1]?.[0] ?? 0));
    }
  });

  it("are empty where nothing reaches", () => {
    expect(referenceTile(shapes, ALL, { z: 12, x: 0, y: 0 })).toHaveLength(0);
  });
});
