import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeTile, LayerWriter } from "../../../data/tiles/mvt-writer.ts";
import { pointLayer } from "../../../data/tiles/point-tile.ts";
import { boxOfTile } from "../../../data/tiles/tile-math.ts";
import { readTile } from "../../helpers/read-tile.ts";

const TILE = { z: 14, x: 13335, y: 6202 };
const BOX = boxOfTile(TILE);
const value = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.boolean(),
  fc.integer(),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const properties = fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), value, {
  maxKeys: 6,
  noNullPrototype: true,
});

describe("writing tiles", () => {
  it("an outside reader gets every attribute of every point back", () => {
    const point = fc.record({
      lon: fc.integer({ min: BOX.west, max: BOX.east - 1 }),
      lat: fc.integer({ min: BOX.south, max: BOX.north - 1 }),
      properties,
    });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 40 }), (points) => {
        const [layer, ...others] = readTile(encodeTile([pointLayer("places", points, TILE)]));
        expect(others).toEqual([]);
        expect(layer).toMatchObject({ name: "places", version: 2, extent: 4096 });
        expect(layer?.features.map((feature) => feature.properties)).toEqual(
          // A reader knows no difference between 0 and −0.
          points.map((one) => Object.fromEntries(Object.entries(one.properties).map(([k, v]) => [k, v === 0 ? 0 : v]))),
        );
        for (const feature of layer?.features ?? []) {
          expect(feature.type).toBe("Point");
          for (const [[x, y] = [-1, -1]] of feature.parts) {
            expect(x >= 0 && x < 4096 && y >= 0 && y < 4096).toBe(true);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("writes a value once, however many features have it", () => {
    const points = Array.from({ length: 500 }, (_, i) => ({
      lon: BOX.west + i,
      lat: BOX.south,
      properties: { kind: "the same long word for all of them", half: i % 2 },
    }));
    const bytes = encodeTile([pointLayer("places", points, TILE)]);
    expect(bytes.length).toBeLessThan(500 * 16 + 200);
    expect(Buffer.from(bytes).toString("latin1").split("the same long word").length - 1).toBe(1);
  });

  it("leaves layers without features out: an empty tile has no bytes", () => {
    expect(encodeTile([])).toHaveLength(0);
    expect(encodeTile([new LayerWriter("nothing"), pointLayer("none", [], TILE)])).toHaveLength(0);
  });

  it("gives equal bytes for equal content, whatever was written before", () => {
    const points = [{ lon: BOX.west, lat: BOX.south, properties: { a: 70_000, b: "x" } }];
    const before = encodeTile([pointLayer("places", points, TILE)]);
    const many = Array.from({ length: 3000 }, (_, i) => ({
      lon: BOX.west,
      lat: BOX.south,
      properties: { n: i * 977 },
    }));
    expect(readTile(encodeTile([pointLayer("many", many, TILE)]))[0]?.features.at(-1)?.properties).toEqual({
      n: 2999 * 977,
    });
    expect(encodeTile([pointLayer("places", points, TILE)])).toEqual(before);
  });

  it("refuses numbers that no reader could read", () => {
    const points = [{ lon: BOX.west, lat: BOX.south, properties: { a: Number.NaN } }];
    expect(() => pointLayer("places", points, TILE)).toThrow(/cannot be a value/);
  });
});
